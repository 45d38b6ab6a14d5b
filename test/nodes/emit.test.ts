import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { topicOf, type Reading } from '../../src/lib/vocabulary/reading'
import { startSimulator, type Simulator } from '../simulator'
import { merged } from '../../src/nodes/actions/emit'
import { load, unload, type Setup } from './harness'

helper.init(require.resolve('node-red'))

const JOIN = { id: 'joiner', z: 'tab', type: 'join', mode: 'auto', build: 'object', wires: [['out']] }
const MONTH = 30 * 86_400_000

describe('get data, what it sends', () => {
  let simulator: Simulator
  /** Epoch ms: a cloud that measures nothing new while it is asked. */
  let now: number
  beforeEach(async () => {
    now = Date.now()
    simulator = await startSimulator({ now: () => now })
  })
  afterEach(async () => {
    await unload()
    await simulator.close()
  })
  const raw = (setup: Partial<Setup>): Promise<Awaited<ReturnType<typeof load>>> =>
    load({ simulator, vendor: 'sensorist', operation: 'measurements-raw', params: { dataSources: '220200,220201,220208', from: now - MONTH }, ...setup })
  const keysOf = (readings: Reading[]): string[] => readings.map(({ extra, timestamp }) => `${String(extra?.dataSource)} ${timestamp}`)

  it('follows pages to the end and merges gateways, once each', async () => {
    simulator.state.sensorist.choices.rawPage = 1000
    const { out } = await (await raw({})).run()
    assert.equal(out.length, 1)
    const keys = keysOf(out[0]?.payload as Reading[])
    // One measurement each 15 minutes for 30 days from each of three data sources.
    assert.ok(Math.abs(keys.length - 3 * 30 * 96) <= 6, String(keys.length))
    assert.equal(new Set(keys).size, keys.length)
    assert.ok((out[0]?.response?.attempts ?? 0) > 8)
  }).timeout(60_000)

  it('finds the next page inside the values as well', async () => {
    Object.assign(simulator.state.sensorist.choices, { rawPage: 1000, nextPlace: 'inside' })
    const { out, caught } = await (await raw({})).run()
    assert.deepEqual(caught.map(({ error }) => error?.message), [])
    const keys = keysOf(out[0]?.payload as Reading[])
    assert.ok(Math.abs(keys.length - 3 * 30 * 96) <= 6, String(keys.length))
    assert.equal(new Set(keys).size, keys.length)
  }).timeout(60_000)

  it('sends each page as it arrives, and a Join makes one list of them', async () => {
    simulator.state.sensorist.choices.rawPage = 1000
    const flow = await raw({ node: { emit: 'page' } })
    const { out } = await flow.run({ topic: 'kept' })
    assert.deepEqual(out.map(({ parts }) => parts?.index), out.map((_message, index) => index))
    assert.deepEqual(out.map(({ parts }) => parts?.count), [...out.slice(1).map(() => undefined), out.length])
    assert.equal(new Set(out.map(({ parts }) => parts?.id)).size, 1)
    assert.ok(out.length > 8 && out.every(({ topic }) => topic === 'kept'))
    const all = out.flatMap(({ payload }) => payload as Reading[])
    await unload()
    const joined = await (await raw({ node: { emit: 'page' }, more: [JOIN], wires: ['joiner'] })).run()
    assert.equal(joined.out.length, 1)
    assert.deepEqual(keysOf(joined.out[0]?.payload as Reading[]).length, all.length)
  }).timeout(60_000)

  it('sends each reading, and a Join makes one list of them', async () => {
    const params = { dataSources: '220200,220201,220208' }
    const setup = { operation: 'measurements-latest', params, node: { emit: 'each' } }
    const { out } = await (await raw(setup)).run({ parts: { id: 'outer', index: 4, count: 9 } })
    assert.deepEqual(out.map(({ parts }) => [parts?.index, parts?.count, parts?.len]), [[0, undefined, 1], [1, undefined, 1], [2, 3, 1]])
    assert.deepEqual(out.map(({ parts }) => parts?.parts), out.map(() => ({ id: 'outer', index: 4, count: 9 })))
    await unload()
    const joined = await (await raw({ ...setup, more: [JOIN], wires: ['joiner'] })).run()
    assert.deepEqual((joined.out[0]?.payload as Reading[]).map(({ quantity }) => quantity), ['temperature', 'humidity', 'temperature'])
  })

  it('names place and channel of each reading in the topic, and keeps the topic of other messages', async () => {
    const params = { dataSources: '220200,220208' }
    const each = await raw({ operation: 'measurements-latest', params, node: { emit: 'each' } })
    assert.deepEqual((await each.run({ topic: 'in' })).out.map(({ topic }) => topic), ['Cellar, Rack left, temp', 'Kitchen, Fridge, temp'])
    await unload()
    const array = await raw({ operation: 'measurements-latest', params })
    assert.equal((await array.run({ topic: 'in' })).out[0]?.topic, 'in')
    await unload()
    const body = await raw({ operation: 'gateways', params: {}, node: { emit: 'each' } })
    assert.deepEqual((await body.run({ topic: 'in' })).out.map(({ topic }) => topic), ['in', 'in'])
    assert.equal(topicOf({ device: '7325', sensor: '57951', label: null, channel: 'temp' } as Reading), '7325, 57951, temp')
    assert.equal(topicOf({ device: 'JDA54E19F', sensor: null, label: null, channel: 'ambient' } as Reading), 'JDA54E19F, ambient')
  })

  it('sends the items of a list, or the vendor\'s own data', async () => {
    const things = await raw({ operation: 'gateways', params: {}, node: { emit: 'each' } })
    assert.deepEqual((await things.run()).out.map(({ payload }) => (payload as { id: number }).id), [7325, 7326])
    await unload()
    const body = await raw({ operation: 'measurements-latest', params: { dataSources: '220200,220208' }, node: { output: 'body' } })
    const { out } = await body.run()
    assert.deepEqual(Object.keys(out[0]?.payload as object), ['220200', '220208'])
  })

  it('asks again only when the answer is older than max-age, and gives each message its own copy', async () => {
    const flow = await raw({ operation: 'measurements-latest', params: { dataSources: '220200' } })
    const first = (await flow.run()).out[0]
    const [reading] = first?.payload as Reading[]
    if (reading) reading.value = 'spoilt'
    const second = (await flow.run()).out[0]
    assert.deepEqual([first?.response?.cached, second?.response?.cached, second?.response?.attempts], [false, true, 0])
    assert.notEqual((second?.payload as Reading[])[0]?.value, 'spoilt')
    assert.equal(simulator.requests.filter(({ path }) => path === '/measurements').length, 1)
  })

  it('makes one request of equal reads at once', async () => {
    const flow = await raw({ operation: 'gateways', params: {} })
    const run = flow.run()
    for (let index = 0; index < 9; index += 1) flow.node.receive({ payload: index })
    await run
    assert.equal(simulator.requests.length, 1)
  })

  it('takes params from wherever their type says, and from nowhere else', async () => {
    const params = {
      serials: { type: 'msg', value: 'serial' },
      from: { type: 'flow', value: 'since' },
      withSlaves: { type: 'jsonata', value: '$count(list) > 1' },
    }
    const flow = await raw({ operation: 'gateways', params })
    flow.node.context().flow.set('since', new Date(Date.UTC(2020, 0, 1)))
    await flow.run({ serial: ['10000000', 10000001], list: [1, 2], params: { serials: 'ignored' }, payload: { withSlaves: false } })
    assert.deepEqual(simulator.requests[0]?.query, { serials: '10000000,10000001', from: '2020-01-01T00:00:00Z', with_slaves: '1' })
    await flow.run({})
    assert.deepEqual(simulator.requests[1]?.query, { from: '2020-01-01T00:00:00Z' })
  })

  it('takes params from the environment and from global context', async () => {
    process.env.SENSOR_CLOUDS_TEST = '10000001'
    try {
      const flow = await raw({ operation: 'gateways', params: { serials: { type: 'env', value: 'SENSOR_CLOUDS_TEST' }, from: { type: 'global', value: 'none' } } })
      await flow.run({})
      assert.deepEqual(simulator.requests[0]?.query, { serials: '10000001' })
    } finally {
      delete process.env.SENSOR_CLOUDS_TEST
    }
  })

  it('uses a route that the user corrected', async () => {
    simulator.state.senquip.choices.routes['device-data'] = 'POST /v2/query/{id}/now'
    const account = { routes: { 'device-data': { method: 'POST', path: '/v2/query/{deviceId}/now' } } }
    const flow = await load({ simulator, vendor: 'senquip', operation: 'device-data', params: { deviceId: 'JDA54E19F' }, account })
    const { out, caught } = await flow.run()
    assert.deepEqual(caught.map(({ error }) => error?.message), [])
    assert.equal((out[0]?.payload as Reading[])[0]?.device, 'JDA54E19F')
  })

  it('sends the Senquip v1 token as the account says', async () => {
    for (const authorization of ['bearer', 'raw']) {
      simulator.state.senquipV1.choices.authorization = authorization as 'bearer' | 'raw'
      const flow = await load({ simulator, vendor: 'senquip-v1', operation: 'device-summary', account: { authorization } })
      const { out, caught } = await flow.run()
      assert.deepEqual([out.length, caught.map(({ error }) => error?.message)], [1, []])
      await unload()
    }
  })

  it('acts for another user when the account says so', async () => {
    const flow = await load({ simulator, vendor: 'sensorist', operation: 'users', account: { impersonate: '14887' } })
    const { out } = await flow.run()
    assert.equal((out[0]?.payload as { id: number }).id, 14887)
  })
})

describe('pages of one answer', () => {
  it('are joined by their own keys only, whatever these are called', async () => {
    const bodies = ['{"a":{"rows":[1]},"b":1}', '{"a":{"rows":[2],"__proto__":{"spoilt":1}},"__proto__":{"spoilt":2},"toString":3}']
    async function* pages(): AsyncGenerator<{ data: unknown }> {
      for (const body of bodies) yield await Promise.resolve({ data: JSON.parse(body) as unknown })
    }
    const { payload } = await merged(pages(), { body: true, emit: 'array' }, () => undefined)
    const spoilt = ({} as { spoilt?: number }).spoilt
    delete (Object.prototype as { spoilt?: number }).spoilt
    assert.equal(spoilt, undefined, 'an answer has changed what all objects have in common')
    assert.equal(JSON.stringify(payload), '{"a":{"rows":[1,2],"__proto__":{"spoilt":1}},"b":1,"__proto__":{"spoilt":2},"toString":3}')
  })
})
