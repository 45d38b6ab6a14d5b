/** A million measurements read since last, page by page, over crashes: memory, gaps, repetitions. */
import { setMaxListeners } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Account } from '../../src/lib/client/account'
import { Call } from '../../src/lib/client/call'
import { ClientPool } from '../../src/lib/client/pool'
import type { Reading } from '../../src/lib/vocabulary/reading'
import type { Vendor } from '../../src/lib/vocabulary/vendor'
import { vendors } from '../../src/lib/vendors'
import { steps } from '../../src/nodes/actions/emit'
import { seededRandom } from '../lib/fake-clock'
import type { Figure } from './figure'

const ROWS = 1_000_000
/** As many as the vendor gives at most [R0]. */
const PAGE = 5_000
/** Of the pages, those at which the process dies. */
const CRASHES = 0.05
const BEGIN = Date.UTC(2026, 0, 1)

const inventory = JSON.stringify({
  gateways: [{ id: 1, devices: [{ id: 2, devices: [{ id: 3, type: { name: 'temp', unit: { name: '°C' } } }] }] }],
})

const rowOf = (index: number): string =>
  `{"date":"${new Date(BEGIN + index * 1000).toISOString().slice(0, 19)}+0000","value":${index},"type":1,"seq":${index + 1},"min":null,"max":null}`

/** A page of the rows from `seq_from` on, behind `offset`. */
function pageOf(query: URLSearchParams): string {
  const first = Math.max(0, Number(query.get('seq_from') ?? 1) - 1)
  const offset = Number(query.get('offset') ?? 0)
  const begin = first + offset
  const end = Math.min(ROWS, begin + PAGE)
  const rows = Array.from({ length: Math.max(0, end - begin) }, (_, index) => rowOf(begin + index))
  const next = end < ROWS ? offset + PAGE : 'null'
  return `{"measurements":{"3":[${rows.join()}]},"next":${next}}`
}

function serve(): http.Server {
  return http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    response.setHeader('content-type', 'application/json').end(url.pathname === '/gateways' ? inventory : pageOf(url.searchParams))
  })
}

/** Bytes that are in use once all that is not has been collected. */
function collector(): () => number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  return () => {
    collect()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
}

interface Run {
  /** How often each row was given out. */
  counts: Uint8Array
  crashes: number
  /** Crashes after a page was handed on and before that was noted: each repeats that page. */
  unnoted: number
  growth: number
  pages: number
}

/** Before a page is handed on, between that and noting it, or not at all. */
const crashAt = (random: () => number): 'before' | 'between' | 'never' =>
  random() >= CRASHES ? 'never' : random() < 0.5 ? 'before' : 'between'

function count(counts: Uint8Array, readings: readonly Reading[]): void {
  for (const { value } of readings) counts[Number(value)] = (counts[Number(value)] ?? 0) + 1
}

async function run(account: Account): Promise<Run> {
  const random = seededRandom(7)
  const inUse = collector()
  const { signal } = new AbortController()
  setMaxListeners(0, signal)
  const result: Run = { counts: new Uint8Array(ROWS), crashes: 0, unnoted: 0, growth: 0, pages: 0 }
  const operation = account.vendor.operations['measurements-raw']
  if (!operation) throw new Error('there is no operation for all measurements')
  let kept: string | undefined
  let base: number | undefined
  for (let alive = false; !alive; ) {
    alive = true
    const call = new Call(account, 'measurements-raw', operation, { signal })
    const cursor: unknown = kept === undefined ? undefined : JSON.parse(kept)
    for await (const { message, cursor: next } of steps(call.since({ dataSources: '3' }, cursor), { body: false, emit: 'page' }, () => undefined)) {
      const crash = crashAt(random)
      alive = crash === 'never'
      if (!alive) result.crashes += 1
      if (crash === 'before') break
      count(result.counts, message?.content.payload as Reading[])
      result.pages += 1
      if (crash === 'between') {
        result.unnoted += 1
        break
      }
      kept = JSON.stringify(next)
      if (result.pages % 10 !== 0) continue
      const used = inUse()
      // The first pages warm the machine up.
      base ??= used
      result.growth = Math.max(result.growth, used - base)
    }
  }
  return result
}

export async function pageFigures(): Promise<Figure[]> {
  const server = serve()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const vendor: Vendor = { ...vendors.sensorist, budgets: () => [{ name: 'per second', limit: 1e6, window: 1000, scope: 'account' }] }
  const account = new Account({ vendor, settings: { baseUrl }, credentials: { email: 'bench@example.com', password: 'bench-password' } }, new ClientPool())
  try {
    const begin = performance.now()
    const { counts, crashes, growth, pages, unnoted } = await run(account)
    const seconds = (performance.now() - begin) / 1000
    const missing = counts.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0)
    const repeated = counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0)
    return [
      { what: 'since last: crashes on the way', value: crashes, unit: '', least: 3 },
      { what: 'since last: of a million measurements, missing', value: missing, unit: '', most: 0 },
      { what: 'since last: repeated, but for pages whose end was not noted', value: repeated - unnoted * PAGE, unit: '', most: 0 },
      { what: 'since last: pages read again', value: pages - unnoted - ROWS / PAGE, unit: '', most: 1 },
      { what: 'since last: memory that grew over 200 pages', value: growth / 2 ** 20, unit: 'MB', most: 30 },
      { what: 'since last: measurements', value: ROWS / seconds, unit: 'a second' },
    ]
  } finally {
    await account.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

if (require.main === module)
  void pageFigures().then((figures) => {
    for (const { what, value, unit } of figures) console.log(`${what.padEnd(64)} ${value.toFixed(2).padStart(12)} ${unit}`)
  })
