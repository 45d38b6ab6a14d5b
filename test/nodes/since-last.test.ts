import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import type { Reading } from '../../src/lib/vocabulary/reading'
import { until } from '../until'
import { withoutBackOff, type FlowMessage } from './harness'
import { MINUTE, OTHER, raw, temperatures, THING, values, World, type Message } from './since-last'

helper.init(require.resolve('node-red'))

describe('get data, only what is new', () => {
  withoutBackOff()
  let world: World
  beforeEach(() => {
    world = new World()
    return world.open()
  })
  afterEach(() => world.close())

  it('sends each message once, though it comes twice, late and out of order', async () => {
    world.simulator.state.thingsee.choices.disorder = true
    const flow = await world.deploy()
    for (let index = 0; index < 20; index += 1) world.message(index, index * 1000)
    assert.deepEqual(temperatures((await flow.run()).out).sort(), [...Array(20).keys()].sort())
    world.now += MINUTE
    world.message(100)
    world.message(101, 30 * MINUTE)
    assert.deepEqual(temperatures((await flow.run()).out).sort(), [100, 101])
    const { out, completed } = await flow.run()
    assert.deepEqual(out.map(({ payload }) => payload), [[]], 'an empty list goes on when nothing is new')
    assert.equal(completed, 1)
    await until(() => flow.statuses.at(-1)?.text?.startsWith('status.nothingNew') === true, 'the status says that nothing is new')
  })

  it('leaves the same out of the vendor\'s data as of readings', async () => {
    world.message(1, 2000)
    const flow = await world.deploy({ node: { output: 'body' } })
    await flow.run()
    world.message(2)
    world.message(2)
    const [sent] = (await flow.run()).out
    assert.deepEqual((sent?.payload as Message[]).map(({ tsmId, temp, humd }) => [tsmId, temp, humd]), [[12100, 2, 40]])
  })

  it('goes on where it was after a restart', async () => {
    world.message(1, 2000)
    await (await world.deploy()).run()
    world.message(2)
    assert.deepEqual(temperatures((await (await world.restart()).run()).out), [2])
  })

  it('reads all that came while it was away, page after page', async () => {
    world.message(0, 5000)
    const flow = await world.deploy({ params: { tuid: THING, limit: 10 } })
    await flow.run()
    world.now += 24 * 60 * MINUTE
    for (let index = 1; index <= 95; index += 1) world.message(index, index * 14 * MINUTE)
    const { out } = await flow.run()
    assert.deepEqual(new Set(temperatures(out)), new Set(Array.from({ length: 95 }, (_, index) => index + 1)))
    assert.equal(temperatures(out).length, 95)
  })

  it('repeats what a crash kept it from noting, and leaves nothing out', async () => {
    world.message(0, 5000)
    await (await world.deploy({ params: { tuid: THING, limit: 10 }, node: { emit: 'page' } })).run()
    world.now += 24 * 60 * MINUTE
    for (let index = 1; index <= 95; index += 1) world.message(index, index * 14 * MINUTE)
    const given: unknown[] = []
    for (let crash = 0; crash < 3; crash += 1) {
      const flow = await world.restart({ params: { tuid: THING, limit: 10 }, node: { emit: 'page' } })
      world.failWrite(3)
      const { out, caught } = await flow.run()
      assert.equal(caught.length, 1)
      given.push(...temperatures(out))
    }
    given.push(...temperatures((await (await world.restart({ params: { tuid: THING, limit: 10 }, node: { emit: 'page' } })).run()).out))
    assert.equal(new Set(given).size, 95, 'no gap')
    assert.ok(given.length <= 95 + 3 * 10, `${given.length - 95} were repeated after 3 crashes with pages of 10`)
    assert.ok(given.length > 95, 'what was sent and not noted is sent again')
  })

  it('has a cursor for each thing, and takes it up again', async () => {
    world.message(1, 2000)
    world.message(7, 2000, OTHER)
    const flow = await world.deploy({ params: { tuid: { type: 'msg', value: 'tuid' }, limit: { type: 'msg', value: 'limit' } } })
    assert.deepEqual(temperatures((await flow.run({ tuid: THING })).out), [1])
    assert.deepEqual(temperatures((await flow.run({ tuid: OTHER })).out), [7], 'another thing is read from its beginning')
    world.message(2)
    assert.deepEqual(temperatures((await flow.run({ tuid: THING, limit: 5 })).out), [2], 'the limit does not say what is read')
    assert.deepEqual(temperatures((await flow.run({ tuid: OTHER })).out), [])
  })

  it('begins where the user says, and later reads do not go back there', async () => {
    const from = new Date(world.now - 10 * MINUTE).toISOString()
    world.message(1, 20 * MINUTE)
    world.message(2, 5 * MINUTE)
    const flow = await world.deploy({ params: { tuid: THING, from, limit: 100 } })
    assert.deepEqual(temperatures((await flow.run()).out), [2])
    world.now += 5 * 60 * MINUTE
    await flow.run()
    world.message(3)
    assert.deepEqual(temperatures((await flow.run()).out), [3])
    const froms = world.simulator.requests.filter(({ path }) => path.endsWith('/messages')).map(({ query }) => Number(query.from))
    assert.ok((froms.at(-1) ?? 0) >= (froms[0] ?? 0), froms.join())
  })

  it('reads one source once at a time', async () => {
    for (let index = 0; index < 5; index += 1) world.message(index, index * 1000)
    const flow = await world.deploy()
    const sent: FlowMessage[] = []
    helper.getNode('out').on('input', (one) => void sent.push(one as FlowMessage))
    const run = flow.run()
    for (let index = 0; index < 5; index += 1) flow.node.receive({ payload: index })
    await run
    await until(() => sent.length >= 6)
    assert.equal(sent.length, 6)
    assert.equal(temperatures(sent).length, 5)
  })

  it('sends each new item or page and nothing else, with parts', async () => {
    world.measure(220200, 25)
    world.simulator.state.sensorist.choices.rawPage = 10
    const each = await world.deploy(raw({ node: { emit: 'each' } }))
    const first = (await each.run()).out
    assert.deepEqual(first.map(({ payload }) => (payload as Reading).value), [...Array(25).keys()])
    assert.equal(first.at(-1)?.parts?.count, 25)
    world.measure(220200, 3)
    const next = (await each.run()).out
    assert.deepEqual(next.map(({ payload, parts }) => [(payload as Reading).value, parts?.index, parts?.count]), [[25, 0, undefined], [26, 1, undefined], [27, 2, 3]])
    const { out, completed } = await each.run()
    assert.deepEqual([out, completed], [[], 1])
    const page = await world.restart(raw({ node: { emit: 'page' } }))
    assert.deepEqual((await page.run()).out, [])
    world.measure(220200, 12)
    const pages = (await page.run()).out
    assert.deepEqual(values(pages), Array.from({ length: 12 }, (_, index) => 28 + index))
    assert.deepEqual(pages.map(({ parts }) => parts?.count).at(-1), pages.length)
  })

  it('goes on after a crash with the page that was not noted, not from the beginning', async () => {
    world.measure(220200, 240, 3)
    world.simulator.state.sensorist.choices.rawPage = 10
    const flow = await world.deploy(raw({ node: { emit: 'page' } }))
    world.failWrite(15)
    const before = values((await flow.run()).out)
    const second = await world.restart(raw({ node: { emit: 'page' } }))
    const requests = world.simulator.requests.length
    const after = values((await second.run()).out)
    assert.deepEqual(new Set([...before, ...after]), new Set(Array(240).keys()), 'no gap, also where a number is not unique')
    assert.equal(before.length + after.length, 250, 'only the page that was not noted is repeated')
    assert.ok(world.simulator.requests.length - requests < 15, `${world.simulator.requests.length - requests} requests`)
  }).timeout(60_000)

  it('follows each data source by its own numbers, and leaves the others alone when one is added', async () => {
    world.measure(220200, 5)
    world.measure(220208, 50)
    const dataSources = { type: 'msg', value: 'sources' }
    const flow = await world.deploy(raw({ params: { dataSources }, node: { output: 'body' } }))
    const body = (out: readonly FlowMessage[]): unknown =>
      Object.fromEntries(Object.entries(out[0]?.payload as Record<string, { value: number }[]>).map(([id, rows]) => [id, rows.map(({ value }) => value)]))
    assert.deepEqual(body((await flow.run({ sources: '220208' })).out), { 220208: [...Array(50).keys()] })
    assert.deepEqual(body((await flow.run({ sources: '220200,220208' })).out), { 220200: [0, 1, 2, 3, 4], 220208: [] })
    world.measure(220200, 1)
    world.measure(220208, 1)
    assert.deepEqual(body((await flow.run({ sources: '220200,220208' })).out), { 220200: [5], 220208: [50] })
  })

  it('sends the latest measurement only when it is another one', async () => {
    world.measure(220200, 1)
    world.measure(220208, 1)
    const flow = await world.deploy(raw({ operation: 'measurements-latest', params: { dataSources: '220200,220208' } }))
    assert.equal(values((await flow.run()).out).length, 2)
    assert.deepEqual(values((await flow.run()).out), [])
    world.measure(220208, 1)
    assert.deepEqual(values((await flow.run()).out), [1])
  })

  it('reads datapoints since last', async () => {
    const datapoints = await world.deploy({ vendor: 'senquip-v1', operation: 'device-data', params: { deviceId: 'JDA54E19F' } })
    assert.ok(((await datapoints.run()).out[0]?.payload as Reading[]).length > 0)
    world.now += 60 * MINUTE
    const times = ((await datapoints.run()).out[0]?.payload as Reading[]).map(({ timestamp }) => timestamp)
    assert.ok(new Set(times).size >= 3, 'all datapoints of the hour, not only the latest')
    assert.deepEqual((await datapoints.run()).out[0]?.payload, [])
  })

  it('reads commands and alerts since last', async () => {
    const thing = world.things.get(THING)
    const commands = await world.deploy({ operation: 'commands', params: { tuid: THING } })
    const command = (transactionId: number): void => void thing?.commands.push({ tuid: THING, timestamp: Math.floor(world.now / 1000), responsible: 'me', command: { tsmId: 1500, tsmEv: 30, transactionId } })
    command(1)
    assert.equal(((await commands.run()).out[0]?.payload as unknown[]).length, 1)
    command(2)
    assert.deepEqual(((await commands.run()).out[0]?.payload as { command: { transactionId: number } }[]).map((row) => row.command.transactionId), [2])

    const alerts = await world.restart({ operation: 'thing-alerts', params: { tuid: THING } })
    thing?.alerts.push({ type: 'heartbeat missed', from: world.now - 300 * MINUTE, to: null })
    assert.equal(((await alerts.run()).out[0]?.payload as unknown[]).length, 1)
    assert.deepEqual((await alerts.run()).out[0]?.payload, [], 'an alert that goes on is not new each time')
    Object.assign(thing?.alerts[0] ?? {}, { to: world.now })
    assert.equal(((await alerts.run()).out[0]?.payload as { alerts: { to: string }[] }[])[0]?.alerts[0]?.to, `${new Date(world.now).toISOString().slice(0, 19)}Z`, 'its end is')
  })

  for (const output of ['values', 'object', 'influx', 'rows'])
    it(`sends ${output} of what is new, and saves the position only once they have been sent`, async () => {
      world.measure(220200, 3)
      const setup = raw({ node: { output, emit: 'each' } })
      const payloads = (out: readonly FlowMessage[]): unknown[] => out.map(({ payload }) => payload)
      const flow = await world.deploy(setup)
      world.failWrite(1)
      const { out, caught } = await flow.run()
      assert.equal(caught.length, 1)
      assert.ok(out.length > 0, 'it is sent before the position is saved')
      const restarted = await world.restart(setup)
      assert.deepEqual(payloads((await restarted.run()).out), payloads(out), 'what was sent and not noted is sent again')
      assert.deepEqual((await restarted.run()).out, [])
      world.measure(220200, 1)
      assert.equal((await restarted.run()).out.length, 1)
    })

  it('counts what is new of other quantities as nothing new, and does not read it again', async () => {
    world.message(1, 2000)
    const flow = await world.deploy({ node: { output: 'rows', quantities: 'co2' } })
    const { out } = await flow.run()
    assert.deepEqual(out.map(({ payload }) => payload), [[]])
    await until(() => flow.statuses.at(-1)?.text?.startsWith('status.nothingNew') === true, 'the status says that nothing is new')
    const all = await world.restart({ node: { output: 'rows' } })
    assert.deepEqual((await all.run()).out.map(({ payload }) => payload), [[]], 'the position was saved')
  })

  it('reads alarm logs since last', async () => {
    const history = await world.deploy({ vendor: 'sensorist', operation: 'alarm-history' })
    const logs = world.simulator.state.sensorist.alarmLogs
    logs.splice(0, Infinity, { id: 1, alarm: 1, state: 'triggered', value: 9, at: world.now - MINUTE })
    assert.equal(((await history.run()).out[0]?.payload as unknown[]).length, 1)
    logs.push({ id: 2, alarm: 1, state: 'normal', value: 8, at: world.now })
    assert.deepEqual(((await history.run()).out[0]?.payload as { id: number }[]).map(({ id }) => id), [2])
  })

  it('says so where an operation cannot tell what is new', async () => {
    const { out, caught } = await (await world.deploy({ operation: 'groups', params: {} })).run()
    assert.deepEqual([out.length, caught[0]?.error?.code], [0, 'CONFIG'])
    assert.match(caught[0]?.error?.message ?? '', /^Haltian Thingsee, Groups: this operation cannot be read incrementally; clear "Only new" in the node$/)
  })

  it('sends nothing when the store fails or holds what it did not write', async () => {
    world.message(1)
    const flow = await world.deploy()
    await flow.run()
    for (const key of world.cursors().filter((name) => name !== 'cursor:action')) world.store.texts.set(key, '{"seen":')
    const { out, caught } = await flow.run()
    assert.deepEqual([out.length, caught[0]?.error?.code], [0, 'CONFIG'])
    assert.match(caught[0]?.error?.message ?? '', /^Haltian Thingsee, Messages of a thing: .*; press "Forget…" in the node$/)
  })
})
