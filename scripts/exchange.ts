/**
 * `npm run exchange -- report.json`: makes an exchange of each operation that works in a user's report, and notes in
 * docs/seen-live.json that it was seen live. The tests replay the exchanges on the simulator.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { BodyShape } from '../src/lib/field-check/body-shape'
import { vendors } from '../src/lib/vendors'
import type { Operation } from '../src/lib/vocabulary/operation'
import { knownExchanges } from '../test/simulator/exchanges/known'
import { knownFor, SEEN_FOLDER, type SeenCase } from '../test/simulator/exchanges/seen'
import { parseSeenLive, SEEN_LIVE } from './conformance'
import { writeTables } from './docs'
import { sampleOf } from './sample-body'

const forms = v.array(v.string())
const shape: v.GenericSchema<BodyShape> = v.variant('type', [
  v.object({ type: v.picklist(['null', 'boolean', 'too deep']) }),
  v.object({ type: v.literal('number'), whole: v.boolean(), from: v.number(), to: v.number(), time: v.exactOptional(v.picklist(['Unix seconds', 'Unix milliseconds'])) }),
  v.object({ type: v.literal('text'), forms }),
  v.object({ type: v.literal('list'), lengths: v.array(v.picklist(['0', '1', 'many'])), items: v.exactOptional(v.lazy(() => shape)) }),
  v.object({ type: v.literal('object'), keys: v.record(v.string(), v.lazy(() => shape)), optional: v.exactOptional(forms) }),
  v.object({ type: v.literal('any of'), shapes: v.array(v.lazy(() => shape)) }),
])

/** What is taken of a report. */
const reportSchema = v.object({
  report: v.literal('node-red-contrib-sensor-clouds check'),
  version: v.literal(1),
  day: v.pipe(v.string(), v.isoDate()),
  vendor: v.picklist(Object.keys(vendors) as (keyof typeof vendors)[]),
  operations: v.array(v.object({
    operation: v.string(),
    method: v.string(),
    route: v.string(),
    query: v.exactOptional(v.record(v.string(), v.string())),
    outcome: v.string(),
    status: v.exactOptional(v.number()),
    body: v.exactOptional(v.unknown()),
  })),
})

type Report = v.InferOutput<typeof reportSchema>

/** Where exchanges and days are written. */
export interface Places {
  exchanges: string
  seenLive: string
}

export interface Taken {
  taken: string[]
  /** Why an operation of the report was left out, a line each. */
  left: string[]
}

/**
 * Takes what works in a report. An exchange of an earlier report of the same operation is replaced.
 * @throws ValiError for a text that is no report
 */
export function takeReport(text: string, { exchanges, seenLive }: Places): Taken {
  const report = v.parse(reportSchema, JSON.parse(text))
  const left: string[] = []
  const cases = report.operations.flatMap((operation) => {
    const made = caseOf(report, operation)
    if (typeof made !== 'string') return [made]
    if (operation.outcome !== 'not-tried') left.push(`${operation.operation}: ${made}`)
    return []
  })
  mkdirSync(exchanges, { recursive: true })
  const file = join(exchanges, `${report.vendor}.json`)
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SeenCase[]) : []
  const kept = earlier.filter(({ operation }) => !cases.some((made) => made.operation === operation))
  const all = [...kept, ...cases].sort((one, other) => one.operation.localeCompare(other.operation, 'en'))
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`)
  noteDays(seenLive, report.vendor, cases)
  return { taken: cases.map(({ operation }) => operation), left }
}

/** The case of an operation, or why it makes none. */
function caseOf({ day, vendor }: Report, { body, method, operation, outcome, query, route, status }: Report['operations'][number]): SeenCase | string {
  const known: Operation | undefined = Object.entries<Operation>(vendors[vendor].operations).find(([file]) => file === operation)?.[1]
  if (!known) return 'there is no such operation'
  if (outcome !== 'works' || status === undefined) return `it ${outcome}`
  const read = v.safeParse(shape, body)
  if (!read.success) return 'the report has no shape of its body'
  const seen = { vendor, operation, endpoint: `${method} ${route}`, ...(query ? { query } : {}), day, status, shape: read.output, body: sampleOf(read.output) }
  return knownFor(seen, knownExchanges) ? seen : `the simulator has no exchange of ${seen.endpoint}; add one first`
}

function noteDays(file: string, vendor: string, cases: readonly SeenCase[]): void {
  if (cases.length === 0) return
  const days = existsSync(file) ? parseSeenLive(readFileSync(file, 'utf8')) : {}
  const seen = Object.fromEntries(cases.map(({ day, operation }) => [operation, day]))
  writeFileSync(file, `${JSON.stringify({ ...days, [vendor]: { ...days[vendor], ...seen } }, null, 2)}\n`)
}

function main(): void {
  const [file] = process.argv.slice(2)
  if (file === undefined) throw new Error('give the file of a report: npm run exchange -- report.json')
  const { taken, left } = takeReport(readFileSync(file, 'utf8'), { exchanges: SEEN_FOLDER, seenLive: SEEN_LIVE })
  writeTables()
  console.log(`taken: ${taken.join(', ') || 'nothing'}`)
  for (const line of left) console.log(`left out: ${line}`)
}

if (require.main === module) main()
