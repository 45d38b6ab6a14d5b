import assert from 'node:assert/strict'
import { Undelivered } from '../../../src/lib/outbox/delivery'
import type { OutboxState } from '../../../src/lib/outbox/outbox'
import { failure, hand, OutboxRig, reading, readings, upTo } from './rig'

describe('outbox', () => {
  let rig: OutboxRig
  beforeEach(async () => (rig = await OutboxRig.start()))
  afterEach(() => rig.stop())

  it('sends what arrives within the window in one request, in its order', async () => {
    const outbox = rig.outbox()
    const tickets = await Promise.all([hand(outbox, [reading(0)]), hand(outbox, [reading(1), reading(2)]), hand(outbox, [reading(3)])])
    await rig.pass(249)
    assert.deepEqual(rig.sizes, [], 'nothing leaves before the window ends')
    await rig.pass(2)
    for (const { settled } of tickets) assert.equal(typeof (await settled), 'object')
    assert.deepEqual([rig.sizes, rig.stored], [[4], [0, 1, 2, 3]])
    assert.deepEqual([rig.queue.texts.length, rig.queue.held, rig.log], [0, 0, []])
  })

  it('sends what arrives while the queue is asked for readings', async () => {
    const outbox = rig.outbox()
    const take = rig.queue.take.bind(rig.queue)
    let late: Promise<unknown> | undefined
    rig.queue.take = async (count) => {
      const entries = await take(count)
      await (late ??= hand(outbox, [reading(1)]))
      return entries
    }
    await hand(outbox, [reading(0)])
    await rig.pass(2_000)
    assert.deepEqual(rig.stored, [0, 1])
  })

  it('does not wait for the window when a full request is there', async () => {
    const outbox = rig.outbox(3)
    await hand(outbox, readings(0, 3), { window: 60_000 })
    await rig.pass(20)
    assert.deepEqual(rig.stored, [0, 1, 2])
  })

  it('puts readings with another battery voltage into a request of their own', async () => {
    const outbox = rig.outbox()
    const { settled } = await hand(outbox, [reading(0, { batteryVoltage: 3 }), reading(1, { batteryVoltage: 3 }), reading(2), reading(3, { batteryVoltage: 3 })])
    await rig.until(() => rig.stored.length === 4)
    await settled
    assert.deepEqual(rig.sizes, [2, 1, 1])
    assert.deepEqual(rig.simulator.state.sensocan.readings.map(({ value, batteryVoltage }) => [value, batteryVoltage]), [[0, 3], [1, 3], [2, null], [3, 3]])
  })

  it('keeps readings over an outage of half an hour, and sends each of them once, in order', async () => {
    const end = rig.simulator.faults.always({ status: 503 })
    const outbox = rig.outbox(10)
    const tickets = []
    for (let value = 0; value < 60; value += 1) {
      tickets.push(await hand(outbox, [reading(value)]))
      await rig.pass(30_000, 3)
    }
    assert.deepEqual(rig.stored, [])
    const tries = rig.simulator.requests.length
    assert.ok(tries > 30 && tries < 200, `${tries} tries within half an hour are neither too few nor too many`)
    assert.equal(rig.log.length, 1, 'the outage is logged once')
    assert.match(rig.log[0]!, /^warn: readings wait in the outbox .*503/)
    end()
    await rig.until(() => rig.stored.length === 60)
    await Promise.all(tickets.map(({ settled }) => settled))
    assert.deepEqual(rig.stored, upTo(60))
    assert.match(rig.log[1]!, /^info: .*can send readings again/)
  })

  it('never waits longer than a minute between two tries', async () => {
    const end = rig.simulator.faults.always({ status: 500 })
    const outbox = rig.outbox()
    await hand(outbox, [reading(0)])
    await rig.pass(3_600_000, 130)
    const before = rig.simulator.requests.length
    assert.ok(before > 60)
    end()
    await rig.pass(60_000)
    assert.deepEqual(rig.stored, [0])
  })

  it('gives up a refused reading in the middle of a batch, and sends all others', async () => {
    const outbox = rig.outbox()
    const good = await hand(outbox, readings(0, 20))
    const bad = await hand(outbox, [reading(20), { ...reading(21), sensorSlug: 'nobody' }, reading(22)])
    const single = await hand(outbox, [{ ...reading(23), sensorSlug: 'nobody' }])
    const last = await hand(outbox, readings(24, 10))
    await rig.until(() => rig.stored.length === 32)
    await Promise.all([good.settled, last.settled])
    const error = await failure(bad.settled)
    assert.equal(error.code, 'INVALID')
    assert.match(error.message, /^SensoCAN, Readings \(automatic request\): .*\(422\).*reading 2: the device has no sensor "nobody".*; 1 of the 3 readings of the message were rejected, the others were sent$/)
    assert.ok(error instanceof Undelivered && error.response?.statusCode === 422)
    assert.doesNotMatch((await failure(single.settled)).message, /of the message/)
    assert.deepEqual(rig.stored, upTo(34).filter((value) => value !== 21 && value !== 23), 'the order stays')
    assert.ok(rig.simulator.requests.length < 30, 'halves find it in few requests')
    assert.equal(rig.refused.length, 0)
  })

  it('passes on the 404 of a sensor that there is not', async () => {
    const outbox = rig.outbox()
    const { settled } = await hand(outbox, [{ ...reading(0), sensorSlug: undefined, sensorUuid: '00000000-0000-0000-0000-000000000000' }])
    const failed = failure(settled)
    await rig.pass(1_000)
    assert.equal((await failed).code, 'NOT_FOUND')
    assert.deepEqual(rig.queue.texts, [])
  })

  it('sends fewer at a time after a 413, and more again later', async () => {
    const outbox = rig.outbox(16)
    rig.simulator.faults.next({ status: 413, times: 2 })
    const { settled } = await hand(outbox, readings(0, 100))
    await rig.until(() => rig.stored.length === 100)
    await settled
    assert.deepEqual(rig.sizes.slice(0, 3), [16, 8, 4])
    assert.ok(rig.sizes.some((size) => size > 5), 'it grows again')
    assert.deepEqual(rig.stored, upTo(100))
  })

  it('gives up a reading that is too large by itself', async () => {
    const outbox = rig.outbox()
    rig.simulator.faults.next({ status: 413 })
    const { settled } = await hand(outbox, [reading(0)])
    const failed = failure(settled)
    await rig.pass(1_000)
    assert.equal((await failed).statusCode, 413)
  })

  it('tries again with fewer when the answer does not come', async () => {
    const outbox = rig.outbox(8)
    rig.simulator.faults.next({ status: 408 })
    const { settled } = await hand(outbox, readings(0, 8))
    await rig.until(() => rig.stored.length === 8)
    await settled
    assert.deepEqual(rig.sizes.slice(0, 2), [8, 4])
    assert.deepEqual(rig.stored, upTo(8))
  })

  for (const [status, what] of [[401, 'a wrong token'], [403, 'a device that is disabled'], [429, 'a limit'], [500, 'a fault of the cloud']] as const)
    it(`keeps readings over ${what}`, async () => {
      const end = rig.simulator.faults.always({ status })
      const outbox = rig.outbox()
      const { settled } = await hand(outbox, [reading(0)])
      await rig.until(() => rig.log.length > 0)
      assert.equal((await outbox.state()).depth, 1)
      assert.equal((await outbox.state()).failure?.statusCode, status)
      end()
      await rig.until(() => rig.stored.length === 1)
      await settled
      assert.equal((await outbox.state()).failure, undefined)
    })

  it('keeps readings when the network breaks, and sends again only what was not answered', async () => {
    const outbox = rig.outbox(2)
    rig.simulator.faults.next({ reset: 'before' })
    rig.simulator.faults.next({ reset: 'after' })
    await hand(outbox, readings(0, 4))
    await rig.until(() => rig.stored.length === 6)
    assert.deepEqual(rig.stored, [0, 1, 0, 1, 2, 3])
  })

  it('refuses new readings when it is full, and drops none', async () => {
    rig.simulator.faults.always({ status: 503 })
    const outbox = rig.outbox()
    await hand(outbox, readings(0, 4), { limit: 5 })
    const error = await failure(hand(outbox, readings(4, 2), { limit: 5 }))
    assert.equal(error.code, 'OUTBOX_FULL')
    assert.match(error.message, /full \(5 readings\).*raise "Maximum readings"/)
    assert.equal(String(error.summary), 'outbox full: 5 readings')
    await hand(outbox, [reading(4)], { limit: 5 })
    assert.equal((await outbox.state()).depth, 5)
  })

  it('says so when its store does not take readings, and recovers with it', async () => {
    const outbox = rig.outbox()
    rig.store.failing = 'UNAVAILABLE'
    const error = await failure(hand(outbox, [reading(0)]))
    assert.equal(error.code, 'NETWORK')
    assert.match(error.message, /outbox cannot be used: the disk is full; free some space/)
    rig.store.failing = undefined
    await hand(outbox, [reading(1)])
    await rig.until(() => rig.stored.length === 1)
    assert.deepEqual(rig.stored, [1])
  })

  it('sends nothing twice when the store fails after the vendor has answered', async () => {
    const outbox = rig.outbox()
    rig.simulator.faults.next({ delay: 400 })
    const { settled } = await hand(outbox, [reading(0)], { window: 0 })
    await rig.pass(10, 1)
    rig.store.failing = 'UNAVAILABLE'
    await settled
    assert.equal(rig.queue.texts.length, 1, 'the store has not been told yet')
    await rig.pass(10_000)
    rig.store.failing = undefined
    await rig.until(() => rig.queue.texts.length === 0)
    assert.deepEqual(rig.stored, [0])
  })

  it('sends what an earlier run left, and tells the node of what is refused of it', async () => {
    const end = rig.simulator.faults.always({ status: 503 })
    const first = rig.outbox()
    const { settled } = await hand(first, [reading(0), { ...reading(1), sensorSlug: 'nobody' }, reading(2)])
    await rig.pass(5_000)
    const closed = first.close()
    await rig.pass(1_100)
    await closed
    assert.equal(await settled, 'kept')
    assert.deepEqual([rig.queue.texts.length, rig.queue.held, rig.store.leases], [3, 0, 0])
    end()
    rig.outbox().start()
    await rig.until(() => rig.queue.texts.length === 0)
    assert.deepEqual(rig.stored, [0, 2])
    assert.deepEqual(rig.refused.map(({ item, error }) => [item.node, item.operation, item.reading.value, error.code]), [['node', 'auto', 1, 'INVALID']])
  })

  it('drops what is no reading, and says so', async () => {
    const outbox = rig.outbox()
    await rig.queue.append(['{"reading":', 'null', '{"reading":null}', `[${'0,'.repeat(300)}0]`], 10)
    await hand(outbox, [reading(0)])
    await rig.until(() => rig.queue.texts.length === 0)
    assert.deepEqual(rig.stored, [0])
    assert.deepEqual(rig.log.map((line) => line.includes('is damaged and was dropped') && line.length < 300), Array(4).fill(true))
  })

  it('answers for messages whose readings another process has sent', async () => {
    const outbox = rig.outbox()
    rig.queue.servedElsewhere = true
    const { settled } = await hand(outbox, [reading(0)])
    await rig.pass(10_000)
    assert.equal(rig.queue.texts.length, 1)
    await rig.queue.clear()
    const settlement = settled.then((what) => what)
    await rig.pass(5_000)
    assert.equal(await settlement, 'sent elsewhere')
  })

  it('does not take what waits for sent elsewhere because the clock of the store is another one', async () => {
    const outbox = rig.outbox()
    rig.queue.servedElsewhere = true
    rig.queue.ahead = 600_000
    const settlements: unknown[] = []
    void (await hand(outbox, [reading(0)])).settled.then((what) => settlements.push(what))
    await rig.pass(5_000)
    assert.deepEqual(settlements, [])
    await rig.queue.clear()
    await rig.pass(10_000)
    assert.deepEqual(settlements, ['sent elsewhere'])
  })

  it('holds no more than a request of readings in memory', async () => {
    const end = rig.simulator.faults.always({ status: 503 })
    const outbox = rig.outbox()
    await outbox.abandon(await hand(outbox, readings(0, 5_000)))
    await rig.pass(5_000)
    end()
    await rig.until(() => rig.stored.length === 5_000)
    assert.equal(rig.queue.mostTaken, 500)
    assert.ok(rig.simulator.requests.length < 20)
  })

  it('tells those who watch a few times a second at most', async () => {
    const states: OutboxState[] = []
    const outbox = rig.outbox()
    const unwatch = outbox.watch((state) => states.push(state))
    for (let value = 0; value < 100; value += 1) await hand(outbox, [reading(value)])
    await rig.until(() => rig.stored.length === 100)
    await rig.pass(1_000)
    assert.ok(states.length > 1 && states.length < 12, `${states.length} updates`)
    assert.equal(states.at(-1)?.depth, 0)
    unwatch()
    const before = states.length
    await hand(outbox, [reading(100)])
    await rig.pass(1_000)
    assert.equal(states.length, before)
  })

  it('tells those who watch of what came within that time, once it has passed', async () => {
    const depths: number[] = []
    const outbox = rig.outbox()
    outbox.watch(({ depth }) => depths.push(depth))
    await hand(outbox, [reading(0)], { window: 0 })
    await rig.pass(200, 4)
    assert.deepEqual(depths, [1])
    await rig.pass(60, 2)
    assert.deepEqual(depths, [1, 0])
  })
})
