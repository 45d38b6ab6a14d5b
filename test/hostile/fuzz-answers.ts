/**
 * A process that reads what chance answers: every read of every vendor, by the real account and call over a real socket.
 * Its arguments are seconds and seed; it prints a line of JSON for each read.
 */
import fc from 'fast-check'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Account } from '../../src/lib/client/account'
import { Call } from '../../src/lib/client/call'
import { ClientPool } from '../../src/lib/client/pool'
import { operationsOf, type Vendor } from '../../src/lib/vocabulary/vendor'
import type { Field, Fields } from '../../src/lib/vocabulary/field'
import { vendors } from '../../src/lib/vendors'
import { answersLike } from './fuzz-values'
import { LONGEST } from './loop-watch'
import type { FuzzLine } from './protocol'
import { CODES, wrongInReading } from './shape'
import { after as usual, SECRETS, settingsAt, TARGETS } from './targets'
import type { VendorId } from './victim-nodes'


/** What each operation reads, where the target of its vendor reads something else. */
const ORDINARY: Readonly<Record<string, unknown>> = {
  'senquip list-devices': [{ deviceid: 'JDA54E19F', name: 'Pump', plan: 'Hosted' }],
  'thingsee alerts': { data: { alerting_tuids: ['T1'] } },
  'thingsee alert-count': { data: { alert_count: '3' } },
  'thingsee thing-alerts': { data: [{ tuid: 'T1', alert_type: 'offline', alerts: [{ from: '2026-01-01T00:00:00', to: null }] }] },
  'thingsee thing': { data: { battery_level: 90, timestamp: 1_700_000_000, location: { lat: '60.1', lon: 25.2 }, gateway_tuid: 'G1', version: '1' } },
  'thingsee commands': { data: [{ tuid: 'T1', timestamp: 1_700_000_000, responsible: 'me', command: { tsmId: 1500, transactionId: 7 } }] },
  'thingsee installations': { data: [{ tuid: 'T1', installation_status: 'installed', timestamp: 1_700_000_000, responsible: 'me' }] },
  'thingsee thing-group': { data: { group_id: 'g', tuid: 'T1' } },
  'thingsee groups': { data: [{ group_id: 'g', group_description: null }] },
  'thingsee group-things': { data: { group_id: 'g', tuids: ['T1'] } },
  'sensorist users': { code: 200, user: { id: 1, email: 'a@example.test' } },
  'sensorist gateways': { code: 200, gateways: [{ id: 1, title: 'G', devices: [] }] },
  'sensorist alarms': { code: 200, alarms: [{ id: 1, state: 'on' }] },
  'sensorist measurements-min-max': { code: 200, measurements: { 220200: { min: 1, min_date: '2026-01-01T00:00:00+0000', max: { value: 3, date: 1_700_000_000 } } } },
  'sensorist measurements-raw': { code: 200, measurements: [{ data_source: { id: 220200 }, date: '2026-01-01T00:00:00+0000', value: '21', seq: 1, type: 5 }], next: 'abc' },
}

/** A value that a field takes. */
function valueFor(name: string, { kind, pattern, patternHint, min, shape }: Field): unknown {
  if (name === 'path') return '/x'
  if (kind === 'number') return Math.max(min ?? 1, 1)
  if (kind === 'json') return shape === 'array' ? [] : {}
  const text = pattern?.includes('\\d') ? '220200' : patternHint ? 'JDA54E19F' : 'T1'
  return kind === 'list' ? [text] : text
}

const paramsOf = (fields: Fields): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, field]) => (field.required ? [[name, valueFor(name, field)]] : [])))

/** Answers of the server, without limits, by which chance would only wait. */
const unlimited = (vendor: Vendor): Vendor => ({ ...vendor, budgets: () => [] })

const [seconds = 10, seed = Date.now()] = process.argv.slice(2).map(Number)
let answer: unknown = null

async function main(): Promise<void> {
  const server = createServer((request, response) => {
    const target = TARGETS.find(({ vendor }) => request.url?.startsWith(`/${vendor}/`))
    const path = (request.url ?? '').replace(/^\/[^/]*\//, '')
    const reply = usual(target ?? {}, (_request, _response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer)))
    reply(request, response, path)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const reads = (Object.entries(vendors) as [VendorId, Vendor][]).flatMap(([id, vendor]) =>
    Object.keys(operationsOf(vendor, 'get-data')).flatMap((operation) => [false, true].map((since) => ({ id, vendor, operation, since }))))
  const wanted = reads.filter(({ vendor, operation, since }) => !since || operationsOf(vendor, 'get-data')[operation]?.since)
  const ms = (seconds * 1000) / wanted.length
  for (const { id, vendor, operation, since } of wanted) {
    const config = { vendor: unlimited(vendor), settings: settingsAt(id, `${origin}/${id}/`), credentials: SECRETS[id] }
    const account = new Account(config, new ClientPool())
    const line = await fuzz(account, `${id} ${operation}`, operation, since, ms)
    process.stdout.write(`${JSON.stringify(line)}\n`)
    await account.close()
  }
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

async function fuzz(account: Account, name: string, operation: string, since: boolean, ms: number): Promise<FuzzLine> {
  const ordinary = ORDINARY[name] ?? TARGETS.find(({ vendor }) => vendor === account.vendor.id)?.ordinary ?? null
  const property = fc.asyncProperty(answersLike(ordinary), async (value) => {
    answer = value
    await read(account, operation, since)
  })
  const result = await fc.check(property, { seed, numRuns: 1_000_000, interruptAfterTimeLimit: ms, markInterruptAsFailure: false, endOnFailure: false })
  // One that was interrupted at once has failed without a value.
  const failure = result.failed && result.counterexample !== null ? `seed ${result.seed}, path ${result.counterexamplePath}: ${JSON.stringify(result.counterexample)} gives ${String(result.errorInstance)}` : undefined
  return { what: since ? `${name}, only new` : name, runs: result.numRuns, ...(failure === undefined ? {} : { failure }) }
}

/** @throws Error when anything comes out but data, readings, or an error of the contract */
async function read(account: Account, id: string, since: boolean): Promise<void> {
  const operation = operationsOf(account.vendor, 'get-data')[id]
  if (!operation) throw new Error(`there is no operation ${id}`)
  const call = new Call(account, id, operation, { signal: new AbortController().signal, noRetry: true, fresh: true })
  const before = process.cpuUsage()
  try {
    const params = paramsOf(operation.fields)
    for await (const { readings } of since ? call.since(params, undefined) : call.pages(params))
      for (const reading of readings ?? []) {
        const wrong = wrongInReading(reading)
        if (wrong !== undefined) throw new Error(wrong)
      }
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string }
    if (!CODES.has(code) || code === undefined) throw error
    // The params are right: only the answer can be wrong.
    if (code === 'CLOSED' || code === 'CONFIG') throw new Error(`${code}: ${message ?? ''}`, { cause: error })
  }
  const { user, system } = process.cpuUsage(before)
  if ((user + system) / 1000 > LONGEST.computing) throw new Error(`it took ${(user + system) / 1000} ms of the processor`)
}

for (const event of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(event, (error: unknown) => {
    process.stdout.write(`${JSON.stringify({ what: event, runs: 0, failure: `${String(error)} after ${JSON.stringify(answer)}` })}\n`)
  })

void main()
