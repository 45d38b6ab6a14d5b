/** Readings that Redis lost. Redis makes these tests too slow for mutants; the others on lost readings have a store in memory. */
import assert from 'node:assert/strict'
import { until } from '../../until'
import { RedisRig } from '../store/redis-rig'
import { failure, hand, LOST, OutboxRig, reading, readings } from './rig'

describe('outbox whose readings Redis loses', () => {
  let rig: OutboxRig
  const redis = new RedisRig()
  beforeEach(async () => (rig = await OutboxRig.start()))
  afterEach(() => rig.stop())

  it('tells of readings that FLUSHALL has deleted', async () => {
    const end = rig.simulator.faults.always({ status: 503 })
    const store = await redis.open()
    const outbox = rig.outbox(500, { open: () => Promise.resolve(store), release: () => Promise.resolve() })
    const lost = failure((await hand(outbox, readings(0, 3))).settled)
    await until(async () => (await rig.pass(1_000), rig.simulator.requests.length > 0), 'they cannot be sent')
    await redis.server.command('FLUSHALL')
    const { settled } = await hand(outbox, [reading(3)])
    // A request that is in flight holds the readings too: the outage ends only once it has failed.
    let answer: Error | undefined
    void lost.then((error) => (answer = error))
    await until(async () => (await rig.pass(1_000), answer !== undefined), 'the message is answered')
    assert.match(String(answer?.message), LOST)
    end()
    await until(async () => (await rig.pass(10_000), rig.stored.length === 1), 'the later one is sent')
    assert.equal(typeof (await settled), 'object')
  })

  it('takes readings for kept when Redis cannot be asked', async () => {
    rig.simulator.faults.always({ status: 503 })
    const store = await redis.open()
    const outbox = rig.outbox(500, { open: () => Promise.resolve(store), release: () => Promise.resolve() })
    const acknowledgement = await hand(outbox, [reading(0)])
    await redis.server.kill()
    assert.equal(await outbox.abandon(acknowledgement), 'kept')
  })
})
