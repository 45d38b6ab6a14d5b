/** Readings that the store lost: their messages are told, also when others come in between. */
import assert from 'node:assert/strict'
import { failure, hand, LOST, OutboxRig, reading, readings } from './rig'

describe('outbox whose store loses readings', () => {
  let rig: OutboxRig
  beforeEach(async () => (rig = await OutboxRig.start()))
  afterEach(() => rig.stop())

  /** Stores readings that cannot be sent. @returns what ends the outage */
  const outage = (): (() => void) => rig.simulator.faults.always({ status: 503 })

  it('answers their message although another one arrives first', async () => {
    const end = outage()
    const outbox = rig.outbox()
    const lost = failure((await hand(outbox, readings(0, 3))).settled)
    await rig.pass(2_000)
    rig.queue.doneElsewhere = 0
    await rig.queue.clear()
    rig.queue.ahead = 1_000
    const { settled } = await hand(outbox, [reading(3)])
    end()
    await rig.until(() => rig.stored.length === 1)
    const { code, message } = await lost
    assert.equal(code, 'CLOSED')
    assert.match(message, LOST)
    assert.equal(typeof (await settled), 'object')
    assert.deepEqual(rig.stored, [3])
  })

  it('does not take readings for lost that still wait, nor those that were sent', async () => {
    const end = outage()
    const outbox = rig.outbox(2)
    rig.queue.doneElsewhere = 0
    const acknowledgements = []
    for (let value = 0; value < 6; value += 1) {
      rig.queue.ahead = value * 100
      acknowledgements.push(await hand(outbox, [reading(value)]))
      await rig.pass(5_000)
    }
    end()
    await rig.until(() => rig.stored.length === 6)
    for (const { settled } of acknowledgements) assert.equal(typeof (await settled), 'object')
  })

  it('does not take what the store has lost for sent elsewhere', async () => {
    const outbox = rig.outbox()
    rig.queue.servedElsewhere = true
    const sent = await hand(outbox, [reading(0)])
    rig.queue.doneElsewhere = Date.now()
    rig.queue.ahead = 1_000
    const lost = await hand(outbox, [reading(2)])
    await rig.queue.clear()
    await rig.pass(10_000)
    assert.equal(await sent.settled, 'sent elsewhere')
    assert.match((await failure(lost.settled)).message, LOST)
  })

  it('promises a message that ends nothing that is not there', async () => {
    outage()
    const outbox = rig.outbox()
    rig.queue.doneElsewhere = 0
    const lost = await hand(outbox, [reading(0)])
    await rig.queue.clear()
    rig.queue.ahead = 1_000
    const kept = await hand(outbox, [reading(1)])
    assert.match((await failure(outbox.abandon(lost))).message, LOST)
    assert.equal(await outbox.abandon(kept), 'kept')
  })

  it('asks the store anew for each message that ends', async () => {
    outage()
    const outbox = rig.outbox()
    rig.queue.doneElsewhere = 0
    assert.equal(await outbox.abandon(await hand(outbox, [reading(0)])), 'kept')
    const lost = await hand(outbox, [reading(1)])
    await rig.queue.clear()
    assert.match((await failure(outbox.abandon(lost))).message, LOST)
  })

  it('does not take a message for sent because the clock was set back after an older reading came', async () => {
    const end = outage()
    const outbox = rig.outbox()
    rig.queue.ahead = 6 * 3_600_000
    assert.equal(await outbox.abandon(await hand(outbox, [reading(0)])), 'kept')
    rig.queue.ahead = 0
    const acknowledgement = await hand(outbox, [reading(1)])
    const settlements: unknown[] = []
    void acknowledgement.settled.then((settlement) => settlements.push(settlement))
    await rig.pass(10_000)
    assert.deepEqual(settlements, [], 'it waits in the queue')
    end()
    await rig.until(() => rig.stored.length === 2)
    assert.equal(typeof (await acknowledgement.settled), 'object')
  })

  it('promises nothing that is not there when the account closes', async () => {
    outage()
    const outbox = rig.outbox()
    rig.queue.doneElsewhere = 0
    const lost = failure((await hand(outbox, [reading(0)])).settled)
    await rig.queue.clear()
    rig.queue.ahead = 1_000
    const kept = await hand(outbox, [reading(1)])
    const closed = outbox.close()
    await rig.pass(2_000)
    await closed
    assert.match((await lost).message, LOST)
    assert.equal(await kept.settled, 'kept')
  })
})
