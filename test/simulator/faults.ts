import type { VendorId } from './request'

/**
 * What goes wrong. `status`, `body` and `html` replace the answer, and the vendor never sees the request unless
 * `processed` is true; the others spoil the vendor's own answer, so the vendor has done its work.
 */
export interface Fault {
  /** all given must fit; a `path` text is the whole path (vendor-relative or as on the wire), no query; `body` is looked for in the text */
  match?: { vendor?: VendorId; method?: string; path?: string | RegExp; body?: RegExp; /** asked last, such as for a share of the requests */ when?: () => boolean }
  /** how many requests it hits: 1 by default with `next`, endless with `always` */
  times?: number
  /** does the vendor process the request although the answer is replaced? default false */
  processed?: boolean
  status?: number
  headers?: Record<string, string>
  /** text is sent as it is, labelled as JSON; anything else is JSON-encoded; status 200 unless given */
  body?: unknown
  /** an HTML page, as from a captive portal or a proxy: status 200 text/html unless given */
  html?: boolean | string
  /** ms before the answer leaves; the vendor has processed the request at once */
  delay?: number
  /** destroy the socket without an answer, before or after the vendor has processed the request */
  reset?: 'before' | 'after'
  /** 'connection' (or true): half of the promised bytes, then the socket ends; 'json': half of the text, with its true length */
  truncate?: boolean | 'connection' | 'json'
  /** ms between the bytes of the body */
  trickle?: number
  /** 'container' (or true): the outermost array is sent as an object and the other way round; 'values': numbers and texts swap types */
  wrongType?: boolean | 'container' | 'values'
}

export interface Faults {
  /** the next matching request, or the next `times` */
  next(fault: Fault): void
  /** every matching request until the returned function is called */
  always(fault: Fault): () => void
  clear(): void
}

interface Armed {
  fault: Fault
  left: number
}

export interface RequestLine {
  vendor: VendorId | null
  method: string
  path: string
  wholePath: string
  body: string
}

function fits(fault: Fault, line: RequestLine): boolean {
  const { vendor, method, path, body, when } = fault.match ?? {}
  if (body !== undefined && line.body.search(body) < 0) return false
  if (vendor !== undefined && vendor !== line.vendor) return false
  if (method !== undefined && method.toUpperCase() !== line.method) return false
  return (path === undefined || fitsPath(path, line)) && (when?.() ?? true)
}

function fitsPath(path: string | RegExp, line: RequestLine): boolean {
  if (typeof path === 'string') return path === line.path || path === line.wholePath
  // search, unlike test, ignores lastIndex: a global RegExp would otherwise hit every second time only.
  return line.path.search(path) >= 0 || line.wholePath.search(path) >= 0
}

export class FaultBox implements Faults {
  private armed: Armed[] = []

  next(fault: Fault): void {
    this.armed.push({ fault, left: fault.times ?? 1 })
  }

  always(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Infinity }
    this.armed.push(entry)
    return () => {
      this.armed = this.armed.filter((other) => other !== entry)
    }
  }

  clear(): void {
    this.armed = []
  }

  /** Uses up one shot of the oldest fault that fits. */
  take(line: RequestLine): Fault | undefined {
    const entry = this.armed.find(({ fault, left }) => left > 0 && fits(fault, line))
    if (!entry) return undefined
    entry.left -= 1
    if (entry.left <= 0) this.armed = this.armed.filter((other) => other !== entry)
    return entry.fault
  }
}

/** Does the answer come from the fault instead of the vendor? */
export function replacesReply(fault: Fault): boolean {
  return fault.status !== undefined || fault.body !== undefined || (fault.html !== undefined && fault.html !== false)
}

export function reachesVendor(fault: Fault | undefined): boolean {
  if (!fault) return true
  if (fault.reset === 'before') return false
  return !replacesReply(fault) || fault.processed === true
}

function swapValues(value: unknown): unknown {
  if (typeof value === 'number') return `${value} units`
  if (typeof value === 'string') return value.length
  if (Array.isArray(value)) return value.map(swapValues)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, swapValues(inner)]))
  }
  return value
}

export function withWrongType(json: unknown, kind: Exclude<Fault['wrongType'], undefined>): unknown {
  if (kind === false) return json
  if (kind === 'values') return swapValues(json)
  if (Array.isArray(json)) return Object.fromEntries(json.map((item: unknown, index) => [String(index), item]))
  if (typeof json === 'object' && json !== null) return Object.values(json)
  return [json]
}
