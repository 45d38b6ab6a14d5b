/**
 * `npm run soak -- --days 30 --seed 1`: a simulated month of polls, readings, faults, outages, deploys, clock steps and
 * full disks. Prints a table of counts; the exit code is 1 when a mark is missed. With `--write`, docs/performance.md
 * gets the table.
 */
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { MONTH, writeSections } from '../bench/document'
import { markdown, missed, type Figure } from '../bench/figure'
import { FakeClock, seededRandom } from '../lib/fake-clock'
import { fillDisk, prepareDisk, redisRestarts } from './troubles'
import { Site, START } from './site'

const MINUTE = 60_000
const DAY = 1440

interface Resources {
  heap: number
  handles: number
  openFiles: number
  storeFiles: number
  timers: number
}

/** Megabytes of the heap, and what the process holds. */
function resources(site: Site): Resources {
  global.gc?.()
  return {
    heap: process.memoryUsage().heapUsed / 2 ** 20,
    handles: process.getActiveResourcesInfo().length,
    openFiles: process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0,
    storeFiles: site.files,
    timers: site.clock.pending,
  }
}

class Soak {
  readonly #random: () => number
  readonly reads = { asked: 0, failed: 0, failedOutside: 0 }
  sent = 0
  readonly #unsent: number[] = []
  /** How often the cloud has stored each reading. */
  readonly #stored = new Map<number, number>()
  duplicates = 0
  deploys = 0
  #disk: (() => void) | undefined

  constructor(readonly site: Site, seed: number) {
    this.#random = seededRandom(seed + 1)
    for (const fault of [{ status: 500 }, { status: 502 }, { status: 503 }, { reset: 'before' } as const])
      site.simulator.faults.always({ ...fault, match: { when: () => this.#random() < 0.026 } })
  }

  /** Minutes of each day in which the clouds are away, or fail. */
  static isOutage(minute: number): boolean {
    return (minute >= 300 && minute < 340) || (minute >= 900 && minute < 960)
  }

  async day(day: number): Promise<void> {
    let stop: (() => void) | undefined
    for (let minute = 0; minute < DAY; minute += 1) {
      const isOutage = Soak.isOutage(minute)
      if (isOutage && !stop) stop = this.#outage(minute < 500 ? 503 : 500)
      if (!isOutage && stop) {
        stop()
        stop = undefined
      }
      await this.#trouble(day, minute)
      await this.#minute(minute, isOutage)
      await this.site.passUntil((day * DAY + minute + 1) * MINUTE)
    }
    this.#count()
  }

  /** The newest fault is asked last, so the random ones go on. */
  #outage(status: number): () => void {
    return this.site.simulator.faults.always({ status })
  }

  async #trouble(day: number, minute: number): Promise<void> {
    if (minute % 360 === 200) {
      await this.site.close(minute === 200 && day % 2 === 1)
      await this.site.open()
      this.deploys += 1
    }
    // NTP sets the calendar forth and back.
    if (minute === 600) this.site.clock.setDate(new Date(START + this.site.clock.monotonic() + 30_000).toISOString())
    if (minute === 700) this.site.clock.setDate(new Date(START + this.site.clock.monotonic()).toISOString())
    if (day % 3 === 1 && minute === 1100) this.#disk = fillDisk()
    if (minute === 1110) {
      this.#disk?.()
      this.#disk = undefined
    }
  }

  async #minute(minute: number, isOutage: boolean): Promise<void> {
    if (minute % 2 === 0) await this.#read(() => this.site.readSenquip(), isOutage)
    if (minute % 10 === 1) await this.#read(() => this.site.readThingsee(), isOutage)
    if (minute % 5 === 3) {
      this.#unsent.push(this.sent)
      this.sent += 1
    }
    // A reading that the store did not take is given again, as a flow does it.
    for (let value = this.#unsent[0]; value !== undefined; value = this.#unsent[0]) {
      try {
        await this.site.ended(this.site.send(value))
        this.#unsent.shift()
      } catch {
        return
      }
    }
  }

  async #read(read: () => Promise<unknown>, isOutage: boolean): Promise<void> {
    this.reads.asked += 1
    try {
      await read()
    } catch {
      this.reads.failed += 1
      if (!isOutage && !this.#disk) this.reads.failedOutside += 1
    }
  }

  /** Takes over what the cloud has stored, so that the simulator stays small. */
  #count(): void {
    for (const { value } of this.site.simulator.state.sensocan.readings.splice(0)) {
      const times = (this.#stored.get(value) ?? 0) + 1
      this.#stored.set(value, times)
      if (times > 1) this.duplicates += 1
    }
  }

  /** Values that the cloud has not stored, with those that still wait. */
  get missing(): number[] {
    this.#count()
    return Array.from({ length: this.sent }, (_, value) => value).filter((value) => !this.#stored.has(value))
  }
}

function marksOf(soak: Soak, waiting: number, before: Resources, after: Resources): Figure[] {
  const { peak } = soak.site.simulator
  const { asked, failed, failedOutside } = soak.reads
  return [
    { what: 'deploys', value: soak.deploys, unit: '', least: 1 },
    { what: 'reads', value: asked, unit: '', least: 1 },
    { what: 'reads that failed, in outages too', value: failed, unit: '' },
    { what: 'reads that failed outside outages, of 1000', value: (1000 * failedOutside) / asked, unit: '', most: 5 },
    { what: 'readings sent', value: soak.sent, unit: '', least: 1 },
    { what: 'readings that still wait', value: waiting, unit: '', most: 0 },
    { what: 'readings lost', value: soak.missing.length - waiting, unit: '', most: 0 },
    { what: 'readings stored more than once', value: soak.duplicates, unit: '', most: 0 },
    { what: 'requests above Senquip\'s limit of a day', value: peak.senquipPerDay.rejections, unit: '', most: 0 },
    { what: 'requests above Senquip\'s limit of a second', value: peak.senquipPerSecond.rejections, unit: '', most: 0 },
    { what: 'requests above SensoCAN\'s limit of a minute', value: peak.sensocanPerMinute.rejections, unit: '', most: 0 },
    { what: 'heap, more than after the first day', value: after.heap - before.heap, unit: 'MB', most: 10 },
    { what: 'handles, more', value: after.handles - before.handles, unit: '', most: 8 },
    { what: 'open files, more', value: after.openFiles - before.openFiles, unit: '', most: 8 },
    { what: 'files of the store, more', value: after.storeFiles - before.storeFiles, unit: '', most: 4 },
    { what: 'timers, more', value: after.timers - before.timers, unit: '', most: 4 },
  ]
}

const described = (days: number, seed: number): string => `${days} days with seed ${seed}: \`npm run soak -- --days ${days} --seed ${seed}\`. Sockets to the simulator and the store on disk are real, and a clock is told how late it is.

Each day has 864 reads, 288 readings through the outbox, one response in ten a fault at random, an outage of 40 minutes (503) and one of an hour (500), four deploys, tokens that expire each 15 minutes, and a calendar that is set 30 s ahead and back. On every third day the disk is full for ten minutes. Redis is killed and started again once for each five days, if there is a redis-server. After an outage an account has no retries left until some reads have succeeded.`

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { days: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' }, write: { type: 'boolean' } } })
  const [days, seed] = [Number(values.days), Number(values.seed)]
  if (!Number.isInteger(days) || days < 1 || !Number.isInteger(seed)) throw new Error('give whole numbers: npm run soak -- --days 30 --seed 1')
  console.log(`${days} simulated days, seed ${seed}`)
  await prepareDisk()
  const site = await Site.start(seed)
  const soak = new Soak(site, seed)
  let before: Resources | undefined
  for (let day = 0; day < days; day += 1) {
    await soak.day(day)
    before ??= resources(site)
  }
  site.simulator.faults.clear()
  // By the minute: the disk needs some real time too.
  for (let minute = 0; minute < 30; minute += 1) await site.passUntil(site.clock.monotonic() + MINUTE)
  if (soak.missing.length > 0) console.log(`not stored: readings ${soak.missing.join(', ')}`)
  const marks = before ? marksOf(soak, await site.depth(), before, resources(site)) : []
  await site.stop()
  const redis = await redisRestarts(Math.ceil(days / 5), new FakeClock(START, seed))
  const figures = [...marks, ...redis]
  const section = markdown({ title: MONTH, text: described(days, seed), figures })
  console.log(section)
  if (values.write) writeSections(new Map([[MONTH, section]]))
  if (figures.some(missed)) process.exitCode = 1
}

void main()
