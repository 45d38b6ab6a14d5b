import assert from 'node:assert/strict'
import { failure, hand, OutboxRig, reading, readings, upTo } from './rig'

describe('outbox with readings that are not sent', () => {
  let rig: OutboxRig
  beforeEach(async () => (rig = await OutboxRig.start()))
  afterEach(() => rig.stop())

  it('does not let one reading that the cloud trips over hold up the others for ever', async () => {
    rig.simulator.faults.always({ status: 500, match: { body: /"value":21\b/ } })
    const outbox = rig.outbox(10)
    const tickets = [await hand(outbox, readings(0, 40)), await hand(outbox, readings(40, 2))]
    await rig.until(() => rig.stored.length === 21)
    await rig.until(() => outbox.failing === 1)
    await rig.pass(9 * 60_000, 100)
    assert.deepEqual([rig.stored, outbox.failing, rig.queue.texts.length], [upTo(21), 1, 21], 'an illness of the cloud leaves the order as it is')
    await rig.until(() => rig.stored.length === 41)
    assert.deepEqual(rig.stored, upTo(42).filter((value) => value !== 21))
    await tickets[1]!.settled
    const state = await outbox.state()
    assert.deepEqual([state.depth, state.failure?.code, state.failing], [1, 'VENDOR', 1])
    assert.equal(rig.log.filter((line) => /^warn: 1 reading .*other readings are sent.*"value":21/.test(line)).length, 1, rig.log.join('\n'))
    const tries = rig.simulator.requests.length
    await rig.pass(3_600_000, 200)
    assert.ok(rig.simulator.requests.length - tries > 50 && rig.simulator.requests.length - tries < 75, `${rig.simulator.requests.length - tries} tries an hour`)
    assert.deepEqual([rig.queue.texts.length, rig.queue.held], [1, 0])
    await hand(outbox, readings(42, 30))
    await rig.until(() => rig.stored.length === 71)
    rig.simulator.faults.clear()
    await rig.pass(60_000)
    await tickets[0]!.settled
    assert.deepEqual([rig.stored.length, rig.stored.at(-1), outbox.failing], [72, 21, 0])
    assert.equal((await outbox.state()).failure, undefined)
  })

  it('drops exactly the reading that the cloud trips over when told so, and tells its message', async () => {
    rig.simulator.faults.always({ status: 500, match: { body: /"value":2\b/ } })
    const outbox = rig.outbox()
    const bad = await hand(outbox, [reading(2)])
    const good = await hand(outbox, readings(3, 5))
    assert.equal(outbox.dropFailing(), 0, 'nothing has failed yet')
    await rig.until(() => outbox.failing === 1)
    const failed = failure(bad.settled)
    assert.equal(outbox.dropFailing(), 1)
    await rig.pass(2_000)
    assert.equal((await failed).code, 'VENDOR')
    await good.settled
    assert.deepEqual([rig.stored, outbox.failing, rig.queue.texts], [[3, 4, 5, 6, 7], 0, []])
  })

  it('says at growing intervals that readings still wait, how many, and since when', async () => {
    rig.simulator.faults.always({ status: 503 })
    const outbox = rig.outbox()
    await hand(outbox, readings(0, 3))
    await rig.pass(2 * 86_400_000, 100)
    assert.ok(rig.log.length >= 4 && rig.log.length <= 5, rig.log.join('\n'))
    assert.match(rig.log[1]!, /^warn: 3 readings wait in the outbox, the oldest since \d\d:\d\d: .*503/)
    rig.simulator.faults.clear()
    await rig.until(() => rig.stored.length === 3)
    assert.match(rig.log.at(-1)!, /^info: .*can send readings again/)
  })
})
