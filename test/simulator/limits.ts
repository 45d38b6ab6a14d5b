/** Requests allowed; false = measured in `peak`, not enforced. */
export interface Limits {
  /** how many Hosted devices the account limits scale with; null = those in the state, recounted every 12 h [S1] */
  senquipHostedDevices: number | null
  /** for each Hosted device, at least one device's worth [S1] */
  senquipPerSecond: number | false
  /** for each Hosted device, at least one device's worth [S1] */
  senquipPerDay: number | false
  /** for each non-Hosted device and calendar month [S1] */
  senquipPerMonth: number | false
  /** U: no limit is documented for v1 */
  senquipV1PerSecond: number | false
  /** for each device [N1] */
  sensocanPerMinute: number | false
  /** U: none documented */
  thingseePerSecond: number | false
  /** U: none documented beyond max-age */
  sensoristPerSecond: number | false
}

export const documentedLimits: Limits = {
  senquipHostedDevices: null,
  senquipPerSecond: 1,
  senquipPerDay: 1000,
  senquipPerMonth: 50,
  senquipV1PerSecond: false,
  sensocanPerMinute: 1000,
  thingseePerSecond: false,
  sensoristPerSecond: false,
}

export type MeterName = Exclude<keyof Limits, 'senquipHostedDevices'>

/** What one limit has seen so far, over the key (account or device) that was hit hardest. */
export interface Peak {
  /** the limit last applied to a key; null = not enforced */
  limit: number | null
  /** most requests that arrived in any window, accepted or not */
  most: number
  /** most requests that were accepted in any window: never above the limit */
  mostAccepted: number
  arrivals: number
  rejections: number
}

interface Count {
  add(at: number): void
  /** requests inside the window that ends at `at` */
  size(at: number): number
  /** epoch ms at which one more fits under the limit */
  freeAt(at: number, limit: number): number
}

/** Exact: keeps each start. The window is (at - width, at]. */
class SlidingCount implements Count {
  private readonly starts: number[] = []
  private head = 0
  constructor(private readonly width: number) {}

  add(at: number): void {
    this.starts.push(at)
  }

  size(at: number): number {
    while (this.head < this.starts.length && (this.starts[this.head] ?? 0) <= at - this.width) this.head += 1
    if (this.head > 4096) {
      this.starts.splice(0, this.head)
      this.head = 0
    }
    return this.starts.length - this.head
  }

  freeAt(at: number, limit: number): number {
    const blocking = this.starts[this.starts.length - limit]
    return limit < 1 || blocking === undefined ? at : blocking + this.width
  }
}

/** Counts from 0 again when the UTC day or month changes. U: the vendor does not name the time zone. */
class CalendarCount implements Count {
  private period = ''
  private count = 0
  constructor(private readonly unit: 'day' | 'month') {}

  add(at: number): void {
    this.size(at)
    this.count += 1
  }

  size(at: number): number {
    const period = new Date(at).toISOString().slice(0, this.unit === 'day' ? 10 : 7)
    if (period !== this.period) {
      this.period = period
      this.count = 0
    }
    return this.count
  }

  freeAt(at: number): number {
    const date = new Date(at)
    return this.unit === 'day'
      ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1)
      : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
  }
}

export class Meter {
  readonly peak: Peak = { limit: null, most: 0, mostAccepted: 0, arrivals: 0, rejections: 0 }
  private readonly arrived = new Map<string, Count>()
  private readonly accepted = new Map<string, Count>()
  constructor(private readonly createCount: () => Count) {}

  private static of(counts: Map<string, Count>, key: string, create: () => Count): Count {
    const known = counts.get(key)
    if (known) return known
    const count = create()
    counts.set(key, count)
    return count
  }

  arrive(key: string, at: number): void {
    const count = Meter.of(this.arrived, key, this.createCount)
    count.add(at)
    this.peak.arrivals += 1
    this.peak.most = Math.max(this.peak.most, count.size(at))
  }

  accept(key: string, at: number): void {
    const count = Meter.of(this.accepted, key, this.createCount)
    count.add(at)
    this.peak.mostAccepted = Math.max(this.peak.mostAccepted, count.size(at))
  }

  used(key: string, at: number): number {
    return Meter.of(this.accepted, key, this.createCount).size(at)
  }

  freeAt(key: string, at: number, limit: number): number {
    return Meter.of(this.accepted, key, this.createCount).freeAt(at, limit)
  }
}

export type Meters = Record<MeterName, Meter>

export function createMeters(): Meters {
  const sliding = (width: number): Meter => new Meter(() => new SlidingCount(width))
  return {
    senquipPerSecond: sliding(1000),
    senquipPerDay: new Meter(() => new CalendarCount('day')),
    senquipPerMonth: new Meter(() => new CalendarCount('month')),
    senquipV1PerSecond: sliding(1000),
    sensocanPerMinute: sliding(60_000),
    thingseePerSecond: sliding(1000),
    sensoristPerSecond: sliding(1000),
  }
}

export interface Claim {
  meter: Meter
  key: string
  limit: number | false
}

export interface Admission {
  accepted: boolean
  /** what the first claim has left after this request; null when it is not enforced */
  remaining: number | null
  /** ms until every claim has room again; 0 when accepted */
  wait: number
}

/** Takes from all claims or from none: a refused request uses up nothing (U: no vendor says). */
export function admit(claims: readonly Claim[], at: number): Admission {
  let wait = 0
  let accepted = true
  for (const { meter, key, limit } of claims) {
    meter.arrive(key, at)
    meter.peak.limit = limit === false ? null : limit
    if (limit === false || meter.used(key, at) < limit) continue
    accepted = false
    meter.peak.rejections += 1
    wait = Math.max(wait, meter.freeAt(key, at, limit) - at)
  }
  if (accepted) for (const { meter, key } of claims) meter.accept(key, at)
  const first = claims[0]
  const remaining = !first || first.limit === false ? null : Math.max(0, first.limit - first.meter.used(first.key, at))
  return { accepted, remaining, wait }
}

/** Retry-After in whole seconds, at least 1. */
export function retryAfterHeader(wait: number): Record<string, string> {
  return { 'retry-after': String(Math.max(1, Math.ceil(wait / 1000))) }
}
