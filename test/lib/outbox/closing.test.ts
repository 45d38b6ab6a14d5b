/** What an outbox leaves behind when it is closed, and what it says of a store that fails. */
import assert from 'node:assert/strict'
import { failure, hand, OutboxRig, reading, readings } from './rig'

describe('outbox that is closed', () => {
  let rig: OutboxRig
  beforeEach(async () => (rig = await OutboxRig.start()))
  afterEach(() => rig.stop())

  it('sends nothing more, and leaves no timer, when it waits for the end of an outage', async () => {
    const end = rig.simulator.faults.always({ status: 503 })
    const outbox = rig.outbox()
    await hand(outbox, readings(0, 3))
    await rig.until(() => rig.log.length > 0)
    await outbox.close()
    assert.equal(rig.clock.pending, 0)
    end()
    outbox.start()
    await rig.pass(300_000)
    assert.deepEqual([rig.stored, rig.queue.texts.length], [[], 3])
  })

  it('sends nothing more when it gathers readings', async () => {
    const outbox = rig.outbox()
    await hand(outbox, [reading(0)], { window: 60_000 })
    await outbox.close()
    assert.equal(rig.clock.pending, 0)
    await rig.pass(120_000)
    assert.deepEqual([rig.stored, rig.queue.texts.length], [[], 1])
  })

  it('does not abort a request that is answered within a second of its end', async () => {
    const outbox = rig.outbox()
    rig.simulator.faults.next({ delay: 400 })
    const { settled } = await hand(outbox, [reading(0)], { window: 0 })
    await rig.pass(20, 2)
    await outbox.close()
    assert.equal(typeof (await settled), 'object')
    assert.deepEqual([rig.stored, rig.queue.texts.length], [[0], 0])
  })

  it('ends within a second although the cloud does not answer', async () => {
    const outbox = rig.outbox()
    rig.simulator.faults.next({ delay: 60_000, status: 201 })
    const { settled } = await hand(outbox, [reading(0)], { window: 0 })
    await rig.pass(20, 2)
    const closed = outbox.close()
    await rig.pass(1_001, 2)
    await closed
    assert.equal(await settled, 'kept')
    assert.deepEqual([rig.queue.texts.length, rig.queue.held], [1, 0])
  })

  it('drops everything when the account is removed, and says how much', async () => {
    rig.simulator.faults.always({ status: 503 })
    const outbox = rig.outbox()
    const { settled } = await hand(outbox, readings(0, 3))
    const failed = failure(settled)
    const closed = outbox.close(true)
    await rig.pass(1_100)
    assert.equal(await closed, 3)
    const { code, summary } = await failed
    assert.deepEqual([code, String(summary)], ['CLOSED', 'dropped with the outbox'])
    assert.equal(rig.queue.texts.length, 0)
  })

  it('ends within a second although its store does not open', async () => {
    const outbox = rig.outbox(500, { open: () => new Promise(() => undefined), release: () => Promise.resolve() })
    outbox.start()
    await rig.pass(100, 2)
    let closed = false
    void outbox.close().then(() => (closed = true))
    await rig.pass(1_000, 2)
    assert.equal(closed, true)
  })

  it('ends at once when the store answers and nothing is in flight, and may be told twice', async () => {
    const outbox = rig.outbox()
    const { settled } = await hand(outbox, [reading(0)])
    const closing = outbox.close()
    assert.equal(outbox.close(true), closing)
    assert.equal(await closing, 0)
    assert.equal(await settled, 'kept')
    assert.equal(rig.store.leases, 0)
  })

  it('keeps readings that the store has taken only then', async () => {
    const outbox = rig.outbox()
    const append = rig.queue.append.bind(rig.queue)
    let proceed: () => void = () => undefined
    const closed = new Promise<void>((resolve) => (proceed = resolve))
    rig.queue.append = (texts, limit) => closed.then(() => append(texts, limit))
    const accepting = hand(outbox, [reading(0)])
    await outbox.close()
    proceed()
    assert.equal(await (await accepting).settled, 'kept')
    assert.deepEqual([rig.queue.texts.length, rig.clock.pending], [1, 0])
  })

  it('takes no readings', async () => {
    const outbox = rig.outbox()
    await outbox.close()
    const { code, message } = await failure(hand(outbox, [reading(0)]))
    assert.equal(code, 'CLOSED')
    assert.match(message, /closed by a deploy before the readings could be kept; send them again/)
    assert.deepEqual(rig.queue.texts, [])
  })
})

describe('outbox whose store fails', () => {
  let rig: OutboxRig
  beforeEach(async () => (rig = await OutboxRig.start()))
  afterEach(() => rig.stop())

  it('says what the store says, until it has recovered', async () => {
    const outbox = rig.outbox()
    await hand(outbox, [reading(0)])
    rig.store.failing = 'UNAVAILABLE'
    await rig.pass(10_000)
    rig.store.failing = undefined
    const { failure: reason } = await outbox.state()
    assert.equal(reason?.code, 'NETWORK')
    assert.match(rig.log.join('\n'), /^warn: readings wait in the outbox until they can be sent: the outbox cannot be used: the disk is full; free some space$/)
    await rig.until(() => rig.stored.length === 1)
    assert.equal((await outbox.state()).failure, undefined)
  })

  it('opens it again after it could not be opened', async () => {
    const outbox = rig.outbox()
    rig.store.failing = 'UNAVAILABLE'
    outbox.start()
    await rig.pass(1_000)
    rig.store.failing = undefined
    await hand(outbox, [reading(0)])
    await rig.until(() => rig.stored.length === 1)
  })
})
