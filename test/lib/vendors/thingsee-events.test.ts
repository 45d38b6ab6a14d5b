/** Alerts as events, through a flow. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../../simulator'
import { until } from '../../until'
import { listen, type EventFlow } from '../../nodes/events-harness'

helper.init(require.resolve('node-red'))

const TUID = 'TSPD04SIM00000001'
/** More than a call takes arguments. */
const MANY = 130_000

describe('thingsee: alerts as events', () => {
  let simulator: Simulator
  let flow: EventFlow | undefined

  beforeEach(async () => {
    simulator = await startSimulator()
    for (const thing of simulator.state.thingsee.things.values()) thing.alerts.length = 0
  })
  afterEach(async () => {
    await flow?.end()
    flow = undefined
    await simulator.close()
  })

  const alerts = () => simulator.state.thingsee.things.get(TUID)!.alerts
  const start = async (): Promise<EventFlow> => {
    flow = await listen({ simulator, vendor: 'thingsee', params: { tuid: TUID } })
    await until(() => flow!.statuses.some(({ fill }) => fill === 'green' || fill === 'red'), 'the first poll')
    return flow
  }

  it('gives an alert whose begin is not known the time at which it was seen, once', async () => {
    const before = Date.now()
    const events = await start()
    alerts().push({ type: 'heartbeat missed', from: null, to: null })
    await events.advance(60_000)
    await until(() => events.messages.length === 1, 'the message')
    const { timestamp, data } = events.messages[0]!.payload
    assert.ok(timestamp >= before && timestamp <= Date.now(), `${timestamp}`)
    assert.deepEqual(data, { tuid: TUID, alert_type: 'heartbeat missed', from: '1970-01-01T00:00:00', to: null })
    for (let minute = 0; minute < 3; minute += 1) await events.advance(60_000)
    assert.equal(events.messages.length, 1)
  })

  it('does not tell of one that was there at the first poll', async () => {
    alerts().push({ type: 'heartbeat missed', from: null, to: null })
    const events = await start()
    for (let minute = 0; minute < 3; minute += 1) await events.advance(60_000)
    assert.deepEqual(events.messages, [])
  })

  it('gives the data as the vendor sends them', async () => {
    const events = await start()
    const from = Date.now() - 600_000
    alerts().push({ type: 'heartbeat missed', from, to: null })
    await events.advance(60_000)
    await until(() => events.messages.length === 1, 'the message')
    const withoutZone = new Date(from).toISOString().slice(0, 19)
    assert.deepEqual(events.messages[0]!.payload.data, { tuid: TUID, alert_type: 'heartbeat missed', from: withoutZone, to: null })
  })

  it('takes an answer with very many alerts', async () => {
    const events = await start()
    const now = Date.now()
    for (let index = 1; index <= MANY; index += 1) alerts().push({ type: 'heartbeat missed', from: now - index * 2000, to: now })
    alerts().push({ type: 'gateway connection lost', from: Date.now(), to: null })
    await events.advance(60_000)
    await until(() => events.messages.length === 1, 'the message')
    assert.deepEqual(events.caught, [])
    assert.equal(events.messages[0]!.topic, 'gateway connection lost')
  }).timeout(60_000)
})
