import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import type { NodeAPI } from 'node-red'
import sinon from 'sinon'
import type { Reading } from '../../src/lib/reading'
import { stores } from '../../src/nodes/accounts/store'
import { serveCursorReset } from '../../src/nodes/actions/cursor-route'
import { startSimulator, type Simulator } from '../simulator'
import { SimpleStore } from '../store/simple-store'
import { load, unload, type Flow, type FlowMessage, type Setup } from './harness'

helper.init(require.resolve('node-red'))

const THING = 'TSLK01SIM00000007'
const OTHER = 'TSPD04SIM00000001'
const MINUTE = 60_000

interface Message extends Record<string, unknown> {
  tsmId: number
  temp: number
}

const temperatures = (out: readonly FlowMessage[]): unknown[] =>
  out.flatMap(({ payload }) => payload as (Reading | Message)[]).flatMap((item) => ('quantity' in item ? (item.quantity === 'temperature' ? [item.value] : []) : [item.temp]))

describe('get data, only what is new', () => {
  let simulator: Simulator
  let store: SimpleStore
  let now: number
  const permissions: string[] = []

  beforeEach(async () => {
    now = Date.now()
    // Without a max-age each read asks the vendor, as it does minutes later.
    simulator = await startSimulator({ maxAge: 0, now: () => now })
    sinon.stub(Date, 'now').callsFake(() => now)
    store = new SimpleStore()
    sinon.stub(stores, 'open').callsFake(() => Promise.resolve(store))
    for (const thing of simulator.state.thingsee.things.values()) Object.assign(thing, { generated: false, messages: [], commands: [], alerts: [] })
    permissions.length = 0
  })
  afterEach(async () => {
    await unload()
    sinon.restore()
    await simulator.close()
  })

  const deploy = (setup: Partial<Setup> = {}): Promise<Flow> =>
    load({
      simulator, vendor: 'thingsee', operation: 'messages', params: { tuid: THING, limit: 100 },
      ...setup, node: { sinceLast: true, ...setup.node },
    })
  /** As after a restart or a crash: a new runtime on what the store holds. */
  const restart = async (setup: Partial<Setup> = {}): Promise<Flow> => {
    await unload()
    store = new SimpleStore(store.texts)
    return deploy(setup)
  }
  /** @param age ms */
  const message = (temp: number, age = 0, tuid = THING): void => {
    const at = now - age
    const tsmTs = Math.floor(at / 1000)
    simulator.state.thingsee.things.get(tuid)?.messages.push({ at, message: { tsmId: 12100, tsmEv: 10, tsmTs, tsmTuid: tuid, temp, humd: 40 } })
  }
  const measure = (id: number, count: number, step = 1): void => {
    const known = simulator.state.sensorist.measurements.get(id) ?? []
    const begin = known.length
    for (let index = begin; index < begin + count; index += 1) known.push({ at: now - 3_600_000 + index * 1000, value: index, type: 1, seq: Math.floor(index / step) + 1 })
    simulator.state.sensorist.measurements.set(id, known)
    simulator.state.sensorist.silent.add(id)
  }
  const raw = (setup: Partial<Setup> = {}): Partial<Setup> => ({ vendor: 'sensorist', operation: 'measurements-raw', params: { dataSources: '220200' }, ...setup })
  const values = (out: readonly FlowMessage[]): unknown[] => out.flatMap(({ payload }) => (payload as Reading[]).map(({ value }) => value))
  const cursors = (): string[] => [...store.texts.keys()].filter((key) => key.startsWith('cursor:action'))

  it('sends each message once, though it comes twice, late and out of order', async () => {
    simulator.state.thingsee.choices.disorder = true
    const flow = await deploy()
    for (let index = 0; index < 20; index += 1) message(index, index * 1000)
    assert.deepEqual(temperatures((await flow.run()).out).sort(), [...Array(20).keys()].sort())
    now += MINUTE
    message(100)
    message(101, 30 * MINUTE)
    assert.deepEqual(temperatures((await flow.run()).out).sort(), [100, 101])
    const { out, completed } = await flow.run()
    assert.deepEqual(out.map(({ payload }) => payload), [[]], 'an empty list goes on when nothing is new')
    assert.equal(completed, 1)
    assert.equal(flow.statuses.at(-1)?.text, 'status.nothingNew')
  })

  it('leaves the same out of the vendor\'s data as of readings', async () => {
    message(1, 2000)
    const flow = await deploy({ node: { output: 'body' } })
    await flow.run()
    message(2)
    message(2)
    const [sent] = (await flow.run()).out
    assert.deepEqual((sent?.payload as Message[]).map(({ tsmId, temp, humd }) => [tsmId, temp, humd]), [[12100, 2, 40]])
  })

  it('goes on where it was after a restart', async () => {
    message(1, 2000)
    await (await deploy()).run()
    message(2)
    assert.deepEqual(temperatures((await (await restart()).run()).out), [2])
  })

  it('reads all that came while it was away, page after page', async () => {
    message(0, 5000)
    const flow = await deploy({ params: { tuid: THING, limit: 10 } })
    await flow.run()
    now += 24 * 60 * MINUTE
    for (let index = 1; index <= 95; index += 1) message(index, index * 14 * MINUTE)
    const { out } = await flow.run()
    assert.deepEqual(new Set(temperatures(out)), new Set(Array.from({ length: 95 }, (_, index) => index + 1)))
    assert.equal(temperatures(out).length, 95)
  })

  it('repeats what a crash kept it from noting, and leaves nothing out', async () => {
    message(0, 5000)
    await (await deploy({ params: { tuid: THING, limit: 10 }, node: { emit: 'page' } })).run()
    now += 24 * 60 * MINUTE
    for (let index = 1; index <= 95; index += 1) message(index, index * 14 * MINUTE)
    const given: unknown[] = []
    for (let crash = 0; crash < 3; crash += 1) {
      const flow = await restart({ params: { tuid: THING, limit: 10 }, node: { emit: 'page' } })
      let writes = 0
      store.onSet = () => {
        writes += 1
        if (writes === 3) throw new Error('the power failed')
      }
      const { out, caught } = await flow.run()
      assert.equal(caught.length, 1)
      given.push(...temperatures(out))
    }
    given.push(...temperatures((await (await restart({ params: { tuid: THING, limit: 10 }, node: { emit: 'page' } })).run()).out))
    assert.equal(new Set(given).size, 95, 'no gap')
    assert.ok(given.length <= 95 + 3 * 10, `${given.length - 95} were repeated after 3 crashes with pages of 10`)
    assert.ok(given.length > 95, 'what was sent and not noted is sent again')
  })

  it('has a cursor for each thing, and takes it up again', async () => {
    message(1, 2000)
    message(7, 2000, OTHER)
    const flow = await deploy({ params: { tuid: { type: 'msg', value: 'tuid' }, limit: { type: 'msg', value: 'limit' } } })
    assert.deepEqual(temperatures((await flow.run({ tuid: THING })).out), [1])
    assert.deepEqual(temperatures((await flow.run({ tuid: OTHER })).out), [7], 'another thing is read from its beginning')
    message(2)
    assert.deepEqual(temperatures((await flow.run({ tuid: THING, limit: 5 })).out), [2], 'the limit does not say what is read')
    assert.deepEqual(temperatures((await flow.run({ tuid: OTHER })).out), [])
  })

  it('begins where the user says, and later reads do not go back there', async () => {
    const from = new Date(now - 10 * MINUTE).toISOString()
    message(1, 20 * MINUTE)
    message(2, 5 * MINUTE)
    const flow = await deploy({ params: { tuid: THING, from, limit: 100 } })
    assert.deepEqual(temperatures((await flow.run()).out), [2])
    now += 5 * 60 * MINUTE
    await flow.run()
    message(3)
    assert.deepEqual(temperatures((await flow.run()).out), [3])
    const froms = simulator.requests.filter(({ path }) => path.endsWith('/messages')).map(({ query }) => Number(query.from))
    assert.ok((froms.at(-1) ?? 0) >= (froms[0] ?? 0), froms.join())
  })

  it('reads one source once at a time', async () => {
    for (let index = 0; index < 5; index += 1) message(index, index * 1000)
    const flow = await deploy()
    const sent: FlowMessage[] = []
    helper.getNode('out').on('input', (one) => void sent.push(one as FlowMessage))
    const run = flow.run()
    for (let index = 0; index < 5; index += 1) flow.node.receive({ payload: index })
    await run
    for (let wait = 0; wait < 100 && sent.length < 6; wait += 1) await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(sent.length, 6)
    assert.equal(temperatures(sent).length, 5)
  })

  it('sends each new item or page and nothing else, with parts', async () => {
    measure(220200, 25)
    simulator.state.sensorist.choices.rawPage = 10
    const each = await deploy(raw({ node: { emit: 'each' } }))
    const first = (await each.run()).out
    assert.deepEqual(first.map(({ payload }) => (payload as Reading).value), [...Array(25).keys()])
    assert.equal(first.at(-1)?.parts?.count, 25)
    measure(220200, 3)
    const next = (await each.run()).out
    assert.deepEqual(next.map(({ payload, parts }) => [(payload as Reading).value, parts?.index, parts?.count]), [[25, 0, undefined], [26, 1, undefined], [27, 2, 3]])
    const { out, completed } = await each.run()
    assert.deepEqual([out, completed], [[], 1])
    const page = await restart(raw({ node: { emit: 'page' } }))
    assert.deepEqual((await page.run()).out, [])
    measure(220200, 12)
    const pages = (await page.run()).out
    assert.deepEqual(values(pages), Array.from({ length: 12 }, (_, index) => 28 + index))
    assert.deepEqual(pages.map(({ parts }) => parts?.count).at(-1), pages.length)
  })

  it('goes on after a crash with the page that was not noted, not from the beginning', async () => {
    measure(220200, 240, 3)
    simulator.state.sensorist.choices.rawPage = 10
    const flow = await deploy(raw({ node: { emit: 'page' } }))
    let writes = 0
    store.onSet = () => {
      writes += 1
      if (writes === 15) throw new Error('the power failed')
    }
    const before = values((await flow.run()).out)
    const second = await restart(raw({ node: { emit: 'page' } }))
    const requests = simulator.requests.length
    const after = values((await second.run()).out)
    assert.deepEqual(new Set([...before, ...after]), new Set(Array(240).keys()), 'no gap, also where a number is not unique')
    assert.equal(before.length + after.length, 250, 'only the page that was not noted is repeated')
    assert.ok(simulator.requests.length - requests < 15, `${simulator.requests.length - requests} requests`)
  }).timeout(30_000)

  it('follows each data source by its own numbers, and leaves the others alone when one is added', async () => {
    measure(220200, 5)
    measure(220208, 50)
    const dataSources = { type: 'msg', value: 'sources' }
    const flow = await deploy(raw({ params: { dataSources }, node: { output: 'body' } }))
    const body = (out: readonly FlowMessage[]): unknown =>
      Object.fromEntries(Object.entries(out[0]?.payload as Record<string, { value: number }[]>).map(([id, rows]) => [id, rows.map(({ value }) => value)]))
    assert.deepEqual(body((await flow.run({ sources: '220208' })).out), { 220208: [...Array(50).keys()] })
    assert.deepEqual(body((await flow.run({ sources: '220200,220208' })).out), { 220200: [0, 1, 2, 3, 4], 220208: [] })
    measure(220200, 1)
    measure(220208, 1)
    assert.deepEqual(body((await flow.run({ sources: '220200,220208' })).out), { 220200: [5], 220208: [50] })
  })

  it('sends the latest measurement only when it is another one', async () => {
    measure(220200, 1)
    measure(220208, 1)
    const flow = await deploy(raw({ operation: 'measurements-latest', params: { dataSources: '220200,220208' } }))
    assert.equal(values((await flow.run()).out).length, 2)
    assert.deepEqual(values((await flow.run()).out), [])
    measure(220208, 1)
    assert.deepEqual(values((await flow.run()).out), [1])
  })

  it('reads datapoints, commands, alerts and alarm logs since last', async () => {
    const datapoints = await deploy({ vendor: 'senquip-v1', operation: 'device-data', params: { deviceId: 'JDA54E19F' } })
    assert.ok(((await datapoints.run()).out[0]?.payload as Reading[]).length > 0)
    now += 60 * MINUTE
    const times = ((await datapoints.run()).out[0]?.payload as Reading[]).map(({ timestamp }) => timestamp)
    assert.ok(new Set(times).size >= 3, 'all datapoints of the hour, not only the latest')
    assert.deepEqual((await datapoints.run()).out[0]?.payload, [])

    const thing = simulator.state.thingsee.things.get(THING)
    const commands = await restart({ operation: 'commands', params: { tuid: THING } })
    const command = (transactionId: number): void => void thing?.commands.push({ tuid: THING, timestamp: Math.floor(now / 1000), responsible: 'me', command: { tsmId: 1500, tsmEv: 30, transactionId } })
    command(1)
    assert.equal(((await commands.run()).out[0]?.payload as unknown[]).length, 1)
    command(2)
    assert.deepEqual(((await commands.run()).out[0]?.payload as { command: { transactionId: number } }[]).map((row) => row.command.transactionId), [2])

    const alerts = await restart({ operation: 'thing-alerts', params: { tuid: THING } })
    thing?.alerts.push({ type: 'heartbeat missed', from: now - 300 * MINUTE, to: null })
    assert.equal(((await alerts.run()).out[0]?.payload as unknown[]).length, 1)
    assert.deepEqual((await alerts.run()).out[0]?.payload, [], 'an alert that goes on is not new each time')
    Object.assign(thing?.alerts[0] ?? {}, { to: now })
    assert.equal(((await alerts.run()).out[0]?.payload as { alerts: { to: string }[] }[])[0]?.alerts[0]?.to, `${new Date(now).toISOString().slice(0, 19)}Z`, 'its end is')

    const history = await restart({ vendor: 'sensorist', operation: 'alarm-history' })
    const logs = simulator.state.sensorist.alarmLogs
    logs.splice(0, Infinity, { id: 1, alarm: 1, state: 'triggered', value: 9, at: now - MINUTE })
    assert.equal(((await history.run()).out[0]?.payload as unknown[]).length, 1)
    logs.push({ id: 2, alarm: 1, state: 'normal', value: 8, at: now })
    assert.deepEqual(((await history.run()).out[0]?.payload as { id: number }[]).map(({ id }) => id), [2])
  }).timeout(20_000)

  it('says so where an operation cannot tell what is new', async () => {
    const { out, caught } = await (await deploy({ operation: 'groups', params: {} })).run()
    assert.deepEqual([out.length, caught[0]?.error?.code], [0, 'CONFIG'])
    assert.match(caught[0]?.error?.message ?? '', /^Haltian Thingsee groups: this operation always reads all.*clear "Only new" in the node$/)
  })

  it('sends nothing when the store fails or holds what it did not write', async () => {
    message(1)
    const flow = await deploy()
    await flow.run()
    for (const key of cursors().filter((name) => name !== 'cursor:action')) store.texts.set(key, '{"seen":')
    const { out, caught } = await flow.run()
    assert.deepEqual([out.length, caught[0]?.error?.code], [0, 'CONFIG'])
    assert.match(caught[0]?.error?.message ?? '', /^Haltian Thingsee messages: .*; reset it in the node$/)
  })

  const watchPermissions = (RED: NodeAPI): void => {
    RED.auth.needsPermission = (permission) => {
      permissions.push(permission)
      return (_request, _response, next) => next()
    }
  }
  interface Sent extends Promise<{ status: number; body: { forgotten?: number; message?: string } }> {
    send(body: object): Sent
    type(type: string): Sent
  }
  const reset = (node: string): Sent => (helper.request() as { post(path: string): Sent }).post(`/sensor-clouds/cursor/${node}/reset`)

  it('forgets what it has read when the editor asks for it', async () => {
    message(1, 2000)
    const flow = await deploy()
    await flow.run()
    assert.equal(cursors().length, 2, 'a source and the list of them')
    const reply = await reset('action').send({})
    assert.deepEqual([reply.status, reply.body], [200, { forgotten: 1 }])
    assert.deepEqual(cursors(), [])
    assert.deepEqual(temperatures((await flow.run()).out), [1])
    assert.deepEqual([(await reset('account').send({})).status, (await reset('nobody').send({})).status], [404, 404])
    assert.equal((await reset('action').type('form').send({ a: '1' })).status, 415)
  })

  it('asks for the permission to deploy', () => {
    // The route is made once for an admin application, so one of its own is watched.
    const served: string[] = []
    const httpAdmin = { post: (path: string) => void served.push(path) }
    const RED = { httpAdmin, auth: {}, nodes: {} } as unknown as NodeAPI
    watchPermissions(RED)
    serveCursorReset(RED)
    serveCursorReset(RED)
    assert.deepEqual([served, permissions], [['/sensor-clouds/cursor/:node/reset'], ['flows.write']])
  })

  it('does not note what a read under way comes to when it is reset meanwhile', async () => {
    message(1, 2000)
    const flow = await deploy()
    simulator.faults.always({ delay: 200 })
    const run = flow.run()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await (flow.node as unknown as { resetCursors(): Promise<number> }).resetCursors()
    assert.deepEqual(temperatures((await run).out), [1])
    assert.deepEqual(cursors(), [])
  })

  it('forgets what a deleted node has read, and keeps what a deployed one has', async () => {
    message(1)
    const flow = await deploy()
    await flow.run()
    await unload()
    assert.equal(cursors().length, 2)
    await deploy()
    const { setFlows } = helper as unknown as { setFlows(flow: object[], type: string): Promise<void> }
    await setFlows.call(helper, [{ id: 'tab', type: 'tab', label: 'test' }], 'full')
    assert.deepEqual(cursors(), [])
  })
})
