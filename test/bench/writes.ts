/** What a flow writes to the disk in a day: syncs and bytes of a real process, as the system sees them. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator } from '../simulator'
import type { Figure } from './figure'
import { needsStrace, traced, type Counts } from './strace'
import type { ChildFlow, ChildResult, ChildSettings } from './writes-child'

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
/** Real ms; all run side by side. */
const DURATION = 60 * SECOND
const CHILD = join(__dirname, 'writes-child.ts')

interface Case extends ChildFlow {
  title: string
  /** Syncs a day. */
  most?: number
}

const sending = { verb: 'send-reading', vendor: 'sensocan', operation: 'auto', speed: 1 } as const
/** An hour passes in a minute. */
const reading = { verb: 'get-data', every: MINUTE, speed: 60 } as const

const CASES: readonly Case[] = [
  { ...sending, title: 'a reading a second', every: SECOND, most: 87_500 },
  { ...sending, title: 'a reading a second, a sync at most every 10 s', every: SECOND, speed: 10, node: { syncWindow: '10' }, most: 9_000 },
  { ...sending, title: 'a reading a minute', every: MINUTE, speed: 60, most: 2_900 },
  { ...reading, title: 'get data a minute, Senquip (limit of the day)', vendor: 'senquip', operation: 'device-data', params: { deviceId: 'JDA54E19F' } },
  { ...reading, title: 'get data a minute, Thingsee, only new (token, position)', vendor: 'thingsee', operation: 'messages', params: { tuid: 'TSLK01SIM00000007' }, node: { sinceLast: true } },
  { ...reading, title: 'get data a minute, Sensorist (cached responses)', vendor: 'sensorist', operation: 'measurements-latest', params: { dataSources: '220200' } },
  { ...reading, title: 'get data a minute, Sensorist, only new (cached responses, position)', vendor: 'sensorist', operation: 'measurements-raw', params: { dataSources: '220200' }, node: { sinceLast: true } },
  { ...sending, title: 'idle', every: 0, speed: 60, most: 0 },
]

interface Outcome extends ChildResult {
  counts: Counts
}

async function outcome(folder: string, { title: _title, most: _most, ...flow }: Case): Promise<Outcome> {
  const start = Date.now()
  const simulator = await startSimulator({ now: () => start + (Date.now() - start) * flow.speed, interval: 60, maxAge: 60 })
  try {
    const userDir = join(folder, 'user')
    mkdirSync(userDir, { recursive: true })
    const { urls, credentials } = simulator
    const settings: ChildSettings = { ...flow, userDir, duration: DURATION, simulator: { urls, credentials } }
    const { count, output } = await traced(join(folder, 'strace.log'), ['--import', 'tsx', CHILD, JSON.stringify(settings)])
    const result = JSON.parse(output.trim().split('\n').at(-1) ?? '') as ChildResult
    return { ...result, counts: await count(result.begin, result.end) }
  } finally {
    await simulator.close()
  }
}

function figuresOf({ title, most, speed }: Case, { begin, end, counts, messages, errors }: Outcome): Figure[] {
  const days = ((end - begin) * speed) / DAY
  return [
    { what: `${title}: ${messages} messages in ${Math.round((end - begin) * speed / MINUTE)} min of its clock, failed`, value: errors, unit: '', most: 0 },
    { what: `${title}: syncs`, value: counts.syncs / days, unit: 'a day', ...(most === undefined ? {} : { most }) },
    { what: `${title}: written`, value: counts.bytes / days / 1e6, unit: 'MB a day', ...(most === 0 ? { most } : {}) },
  ]
}

export async function writesFigures(): Promise<Figure[]> {
  needsStrace()
  const folder = mkdtempSync(join(tmpdir(), 'sensor-clouds-writes-'))
  try {
    const outcomes = await Promise.all(CASES.map((one, index) => outcome(join(folder, String(index)), one)))
    return CASES.flatMap((one, index) => figuresOf(one, outcomes[index]!))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
