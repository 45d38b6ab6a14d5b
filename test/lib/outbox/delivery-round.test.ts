/** What the requests of a round hold, and what a round does when the queue gives nothing or the account is closed. */
import assert from 'node:assert/strict'
import { hand, OutboxRig, reading, readings, upTo } from './rig'

describe('a round of delivery', () => {
  let rig: OutboxRig
  beforeEach(async () => (rig = await OutboxRig.start()))
  afterEach(() => rig.stop())

  /** Counts how often the queue is asked for readings. */
  const takes = (): (() => number) => {
    const take = rig.queue.take.bind(rig.queue)
    let count = 0
    rig.queue.take = (most) => ((count += 1), take(most))
    return () => count
  }

  it('asks for half as many after a 413, and for a tenth more after each full request', async () => {
    const outbox = rig.outbox(16)
    rig.simulator.faults.next({ status: 413, times: 2 })
    await hand(outbox, readings(0, 100))
    await rig.until(() => rig.stored.length === 100)
    assert.deepEqual(rig.sizes, [16, 8, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 12])
    for (let value = 100; value < 103; value += 1) await hand(outbox, [reading(value)], { window: 0 }).then(() => rig.pass(10, 2))
    assert.deepEqual(rig.sizes.slice(13), [1, 1, 1])
    await hand(outbox, readings(103, 17))
    await rig.until(() => rig.stored.length === 120)
    assert.deepEqual(rig.sizes.slice(16), [16, 1], 'never more than the largest')
  })

  it('does not ask for more after requests that were not full', async () => {
    const outbox = rig.outbox(16)
    rig.simulator.faults.next({ status: 413, times: 2 })
    await hand(outbox, readings(0, 16), { window: 0 })
    await rig.pass(100, 5)
    rig.simulator.requests.splice(0)
    for (const value of [16, 17, 18]) await hand(outbox, [reading(value)], { window: 0 }).then(() => rig.pass(10, 2))
    await hand(outbox, readings(19, 12), { window: 0 })
    await rig.pass(10, 3)
    assert.deepEqual(rig.sizes, [1, 1, 1, 7, 5])
  })

  for (const [status, sizes] of [[500, [8, 8, 8, 8, 4, 2, 1, 1]], [503, [8, 8, 8, 8, 8, 8, 8, 8]]] as const)
    it(`sends ${status === 500 ? 'fewer' : 'as many'} readings after three failures with ${status}`, async () => {
      rig.simulator.faults.always({ status })
      await hand(rig.outbox(8), readings(0, 8))
      await rig.until(() => rig.sizes.length >= sizes.length)
      assert.deepEqual(rig.sizes.slice(0, sizes.length), sizes)
    })

  it('sends fewer readings at once after a 413, and after a pause when no answer came', async () => {
    for (const [status, count] of [[413, 3], [408, 1]] as const) {
      const outbox = rig.outbox(4)
      rig.simulator.requests.splice(0)
      rig.simulator.faults.next({ status })
      await hand(outbox, readings(0, 4), { window: 0 })
      await rig.pass(1, 4)
      assert.equal(rig.sizes.length, count, `after ${status}`)
      await rig.until(() => rig.queue.texts.length === 0)
      await outbox.close()
    }
  })

  it('sends a quarantined reading alone, and not before its time', async () => {
    rig.simulator.faults.always({ status: 500, match: { body: /"value":2\b/ } })
    const outbox = rig.outbox()
    await hand(outbox, readings(2, 1))
    const quarantined = (): boolean => rig.log.some((line) => line.includes('quarantined'))
    await rig.until(quarantined)
    rig.simulator.requests.splice(0)
    for (let value = 10; value < 20; value += 1) {
      await hand(outbox, [reading(value)])
      await rig.pass(9_000, 4)
    }
    assert.deepEqual(rig.stored, upTo(10).map((value) => value + 10))
    assert.deepEqual([rig.sizes.length, new Set(rig.sizes)], [11, new Set([1])], 'one attempt in 90 s')
  })

  it('begins no further request when the account is closed, neither of a round nor of its halves', async () => {
    for (const given of [[reading(0, { batteryVoltage: 3 }), reading(1)], [{ ...reading(0), sensorSlug: 'nobody' }, reading(1)]]) {
      const outbox = rig.outbox()
      rig.simulator.requests.splice(0)
      rig.simulator.faults.next({ delay: 100 })
      await hand(outbox, given, { window: 0 })
      await rig.pass(10, 1)
      await outbox.close()
      assert.equal(rig.sizes.length, 1)
      assert.deepEqual([rig.queue.texts.length > 0, rig.queue.held], [true, 0], 'the rest waits for the next run')
      await rig.queue.clear()
    }
  })

  it('takes a failure for ended once the queue is empty, but not while another process serves it', async () => {
    rig.simulator.faults.always({ status: 503 })
    const outbox = rig.outbox()
    await hand(outbox, [reading(0)])
    await rig.until(() => rig.log.length === 1)
    rig.queue.servedElsewhere = true
    await rig.pass(120_000, 30)
    assert.deepEqual([(await outbox.state()).failure?.statusCode, rig.log.length], [503, 1])
    await rig.queue.clear()
    await rig.pass(120_000, 30)
    assert.equal((await outbox.state()).failure, undefined)
    assert.match(rig.log[1] ?? '', /can send readings again/)
  })

  it('asks again every five seconds while another process serves the queue, and not at all when it is empty', async () => {
    const outbox = rig.outbox()
    const count = takes()
    outbox.start()
    outbox.start()
    await rig.pass(60_000, 30)
    assert.equal(count(), 1, 'started twice, asked once')
    rig.queue.servedElsewhere = true
    await hand(outbox, [reading(0)], { window: 0 })
    await rig.pass(59_000, 30)
    assert.equal(count(), 1 + 12)
  })
})
