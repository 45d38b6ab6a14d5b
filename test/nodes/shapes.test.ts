/**
 * Every output of get data, for every vendor with readings: what a flow on the simulator sends, compared with a file in
 * golden/. GOLDEN=write writes the files anew.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import type { Reading } from '../../src/lib/vocabulary/reading'
import { startSimulator, type Simulator } from '../simulator'
import { load, unload, type FlowMessage, type Setup } from './harness'

helper.init(require.resolve('node-red'))

const GOLDEN = join(__dirname, 'golden')
const OUTPUTS = ['readings', 'values', 'object', 'influx', 'rows'] as const
const NOW = Date.UTC(2026, 8, 13, 12)

/** Enough of a device to see several channels of a quantity, a text, and several frames of a channel. */
const SOME = { quantities: 'voltage, pressure, wifi_ip, can1' }
/** A limit would only make the test slow. */
const UNLIMITED = { requestsPerSecond: '1000' }

const READS: readonly (Pick<Setup, 'vendor' | 'operation' | 'params' | 'account' | 'node'>)[] = [
  { vendor: 'senquip', operation: 'device-data', params: { deviceId: 'JDA54E19F' }, node: SOME },
  { vendor: 'senquip-v1', operation: 'device-data', params: { deviceId: 'JDA54E19F' }, node: SOME, account: UNLIMITED },
  { vendor: 'sensorist', operation: 'measurements-latest', params: { dataSources: '220200,220201,220204' } },
  { vendor: 'thingsee', operation: 'thing', params: { tuid: 'TSPD04SIM00000001' } },
]

/** What an output adds to a message, without what every message has. */
const contentOf = ({ _msgid, parts: _parts, response: _response, ...content }: FlowMessage): unknown => content

/** As a golden file holds it: dates are texts. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

describe('get data, its outputs', () => {
  let simulator: Simulator
  beforeEach(async () => {
    simulator = await startSimulator({ now: () => NOW })
  })
  afterEach(async () => {
    await unload()
    await simulator.close()
  })
  const sent = async (read: (typeof READS)[number], node: Record<string, unknown>, message = {}): Promise<FlowMessage[]> => {
    const { out, caught } = await (await load({ simulator, ...read, node: { ...read.node, ...node } })).run(message)
    assert.deepEqual(caught.map(({ error }) => error?.message), [])
    return out
  }
  const sensorist = READS[2]!

  for (const read of READS)
    it(`of ${read.vendor} are those of its golden file`, async () => {
      const given: Record<string, unknown> = {}
      for (const output of OUTPUTS) {
        const out = await sent(read, { output })
        given[output] = asJson(output === 'values' ? out.map(contentOf) : out[0]?.payload)
        assert.ok(output === 'values' || out.length === 1, output)
        await unload()
      }
      const file = join(GOLDEN, `${read.vendor}.json`)
      if (process.env.GOLDEN === 'write') {
        mkdirSync(GOLDEN, { recursive: true })
        writeFileSync(file, `${JSON.stringify(given, null, 2)}\n`)
      }
      assert.deepEqual(given, JSON.parse(readFileSync(file, 'utf8')))
    })

  it('is the same list of readings where no option is set', async () => {
    const [plain] = await sent(sensorist, {})
    await unload()
    const [optioned] = await sent(sensorist, { quantities: '', decimals: '', temperature: '°C' })
    assert.deepEqual(optioned?.payload, plain?.payload)
  })

  it('sends one message for each value, whatever "Send" says, and a Join makes one list of them', async () => {
    for (const emit of ['array', 'each', 'page']) {
      const out = await sent(sensorist, { output: 'values', emit }, { topic: 'in', kept: 1, parts: { id: 'outer' } })
      assert.deepEqual(out.map(({ parts }) => [parts?.index, parts?.count, parts?.len, parts?.parts]), [
        [0, undefined, 1, { id: 'outer' }], [1, undefined, 1, { id: 'outer' }], [2, 3, 1, { id: 'outer' }],
      ])
      assert.ok(out.every((message) => (message as { kept?: number }).kept === 1 && typeof message.payload === 'number' && message.topic !== 'in'))
      await unload()
    }
    const join = { id: 'joiner', z: 'tab', type: 'join', mode: 'auto', build: 'object', wires: [['out']] }
    const { out } = await (await load({ simulator, ...sensorist, node: { output: 'values' }, more: [join], wires: ['joiner'] })).run()
    assert.deepEqual([out.length, (out[0]?.payload as number[]).length], [1, 3])
  })

  it('sends lists of one point, since the node of InfluxDB takes only lists, and a Join makes one list of points', async () => {
    const each = await sent(sensorist, { output: 'influx', emit: 'each' })
    assert.deepEqual(each.map(({ payload }) => (payload as unknown[]).length), [1, 1, 1])
    await unload()
    const join = { id: 'joiner', z: 'tab', type: 'join', mode: 'auto', build: 'object', wires: [['out']] }
    const { out } = await (await load({ simulator, ...sensorist, node: { output: 'influx', emit: 'each' }, more: [join], wires: ['joiner'] })).run()
    assert.deepEqual((out[0]?.payload as { measurement: string }[]).map(({ measurement }) => measurement), ['temperature', 'humidity', 'temperature'])
  })

  it('sends one row or one place a message, and a row as the params of a statement too', async () => {
    const rows = await sent(sensorist, { output: 'rows', emit: 'each' })
    assert.equal(rows.length, 3)
    for (const message of rows) {
      const { params, payload } = message as { params?: Record<string, unknown>; payload?: unknown }
      assert.deepEqual(params, Object.fromEntries(Object.entries(payload as object).map(([name, value]) => [`$${name}`, value as unknown])))
    }
    await unload()
    const places = await sent(sensorist, { output: 'object', emit: 'each' })
    assert.deepEqual(places.map(({ payload }) => Object.values(payload as object).map((values: object) => Object.keys(values))), [[['temperature', 'humidity']], [['temperature']]])
  })

  it('takes quantities, decimals and °F into account, but not in the vendor\'s data', async () => {
    const node = { quantities: 'Temperature', decimals: '1', temperature: '°F' }
    const [plain] = await sent(sensorist, {})
    await unload()
    const [{ payload }] = await sent(sensorist, node) as [FlowMessage]
    const wanted = (plain?.payload as Reading[]).filter(({ quantity }) => quantity === 'temperature')
    assert.deepEqual(
      (payload as Reading[]).map(({ quantity, unit, value }) => [quantity, unit, value]),
      wanted.map(({ value }) => ['temperature', '°F', Math.round((Number(value) * 1.8 + 32) * 10) / 10]),
    )
    await unload()
    const [body] = await sent(sensorist, { ...node, output: 'body' })
    assert.deepEqual(Object.keys(body?.payload as object), ['220200', '220201', '220204'])
  })

  it('sends an empty list where no reading is wanted, and no value', async () => {
    const [{ payload }] = await sent(sensorist, { quantities: 'co2' }) as [FlowMessage]
    assert.deepEqual(payload, [])
    await unload()
    assert.deepEqual(await sent(sensorist, { quantities: 'co2', output: 'values' }), [])
  })

  it('is the vendor\'s data where an operation has no readings', async () => {
    const gateways = { vendor: 'sensorist', operation: 'gateways', params: {} } as const
    const [{ payload }] = await sent(gateways, { output: 'rows', quantities: 'temperature' }) as [FlowMessage]
    assert.deepEqual((payload as { id: number }[]).map(({ id }) => id), [7325, 7326])
  })
})
