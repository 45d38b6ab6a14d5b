import assert from 'node:assert/strict'
import { localTime } from '../../../src/lib/base/time'
import type { AppendRequest, Outbox } from '../../../src/lib/outbox/outbox'
import { checkedReading, type OutgoingReading } from '../../../src/lib/vocabulary/operation'
import { SimpleStore } from '../store/simple-store'
import { hand, OutboxRig, START, upTo } from './rig'

const HOUR = 3_600_000
/** A reading without a time of its own. */
const untimed = (value: number): OutgoingReading => checkedReading({ sensorSlug: 'temp_01', value })
const timed = (value: number, timestamp: number): OutgoingReading => checkedReading({ sensorSlug: 'temp_01', value, timestamp })

describe('outbox on a computer whose clock is wrong', () => {
  let rig: OutboxRig
  /** Ms by which the clock is ahead of the true time. */
  let ahead: number
  /** The true time at which each reading came, by its value. */
  let truth: Map<number, number>
  beforeEach(async () => {
    rig = await OutboxRig.start()
    ahead = 0
    truth = new Map()
  })
  afterEach(() => rig.stop())

  const setAhead = (ms: number): void => {
    rig.clock.step(ms - ahead)
    ahead = ms
  }
  const give = async (outbox: Outbox, values: readonly number[], more: Partial<AppendRequest> = {}): Promise<void> => {
    for (const value of values) truth.set(value, rig.clock.now() - ahead - (more.age ?? 0))
    await outbox.accept({ node: 'node', operation: 'auto', readings: values.map(untimed), limit: 100_000, window: 250, ...more })
  }
  /** Ms by which the stored time of each reading differs from the true one. */
  const errors = (): Map<number, number> =>
    new Map(rig.simulator.state.sensocan.readings.map(({ timestamp, value }) => [value, Date.parse(timestamp) - (truth.get(value) ?? NaN)]))
  const areTrue = (count: number): void => {
    assert.deepEqual(rig.stored, upTo(count))
    for (const [value, error] of errors()) assert.ok(Math.abs(error) <= 2_000, `the time of reading ${value} is wrong by ${error} ms`)
  }
  const offline = (): (() => void) => rig.simulator.faults.always({ status: 503 })
  const warnings = (pattern: RegExp): string[] => rig.log.filter((line) => pattern.test(line))

  it('corrects 1000 readings that came while it was 6 h behind and offline', async () => {
    setAhead(-6 * HOUR)
    const online = offline()
    const outbox = rig.outbox()
    for (let value = 0; value < 1_000; value += 10) {
      await give(outbox, upTo(10).map((index) => value + index))
      await rig.pass(10_000, 1)
    }
    online()
    setAhead(0)
    await give(outbox, [1_000])
    await rig.until(() => rig.stored.length === 1_001)
    areTrue(1_001)
    assert.equal(warnings(/^info: this computer's clock was set forward by 21600 s/).length, 1)
    assert.deepEqual(warnings(/wrong/), [])
  })

  it('corrects them in a later process of the same boot, which has not seen the step', async () => {
    setAhead(-6 * HOUR)
    const online = offline()
    const before = rig.outbox()
    await give(before, upTo(20))
    await Promise.all([before.close(), rig.pass(5_000)])
    online()
    setAhead(0)
    rig.outbox().start()
    await rig.until(() => rig.stored.length === 20)
    areTrue(20)
  })

  it('corrects the time of a refused reading of an earlier process before its node is told', async () => {
    setAhead(-6 * HOUR)
    const online = offline()
    const before = rig.outbox()
    const came = rig.clock.now() + 6 * HOUR
    await hand(before, [checkedReading({ sensorSlug: 'nobody', value: 0 })])
    await Promise.all([before.close(), rig.pass(5_000)])
    online()
    setAhead(0)
    rig.outbox().start()
    await rig.until(() => rig.refused.length === 1)
    assert.equal(rig.refused[0]?.item.reading.timestamp, came)
  })

  it('corrects them when the clock was ahead and is set back', async () => {
    setAhead(6 * HOUR)
    const online = offline()
    const outbox = rig.outbox()
    await give(outbox, upTo(5))
    await rig.pass(60_000)
    online()
    setAhead(0)
    await rig.until(() => rig.stored.length === 5)
    areTrue(5)
    assert.equal(warnings(/set back by 21600 s/).length, 1)
  })

  it('adds up steps that are each too small to count', async () => {
    setAhead(-4_500)
    const online = offline()
    const outbox = rig.outbox()
    await give(outbox, [0])
    for (const ms of [-3_000, -1_500, 0]) {
      setAhead(ms)
      await rig.pass(60_000)
    }
    online()
    await rig.until(() => rig.stored.length === 1)
    areTrue(1)
  })

  it('makes the request anew when the clock is set while it waits for its next attempt', async () => {
    setAhead(-6 * HOUR)
    rig.simulator.faults.next({ status: 429, headers: { 'retry-after': '30' } })
    const outbox = rig.outbox()
    await give(outbox, upTo(5))
    await rig.pass(10_000)
    assert.deepEqual(rig.sizes, [5])
    setAhead(0)
    await rig.pass(60_000)
    areTrue(5)
    assert.deepEqual(rig.sizes, [5, 5], 'what was outdated is not sent')
    assert.deepEqual(warnings(/readings wait/), [], 'nothing has failed')
  })

  it('leaves times alone that the flow has given', async () => {
    setAhead(-6 * HOUR)
    const online = offline()
    const outbox = rig.outbox()
    await outbox.accept({ node: 'node', operation: 'auto', readings: [untimed(0), timed(1, START), timed(2, rig.clock.now())], limit: 10, window: 250 })
    const given = rig.clock.now()
    truth.set(0, given + 6 * HOUR).set(1, START).set(2, given)
    online()
    setAhead(0)
    await rig.until(() => rig.stored.length === 3)
    assert.deepEqual([...errors().values()], [0, 0, 0])
  })

  it('leaves readings alone that an earlier version has stored', async () => {
    const item = { node: 'node', operation: 'auto', message: 'x.1', index: 0, reading: timed(0, START - HOUR) }
    await rig.queue.append([JSON.stringify(item), JSON.stringify({ ...item, stamp: 'damaged', reading: timed(1, START) })], 10)
    rig.clock.reboot()
    rig.outbox().start()
    await rig.until(() => rig.stored.length === 2)
    assert.deepEqual(rig.simulator.state.sensocan.readings.map(({ timestamp }) => Date.parse(timestamp)), [START - HOUR, START])
    assert.deepEqual(rig.log, [])
  })

  it('does not take suspend for a step', async () => {
    const online = offline()
    const outbox = rig.outbox()
    await give(outbox, upTo(3))
    await rig.pass(60_000)
    rig.clock.suspend(8 * HOUR)
    online()
    await rig.until(() => rig.stored.length === 3)
    assert.deepEqual([...errors().values()], [0, 0, 0])
    assert.deepEqual(warnings(/clock/), [])
  })

  it('stamps with the time at which the message came', async () => {
    const outbox = rig.outbox()
    await rig.pass(5_000)
    await give(outbox, [0], { age: 4_000 })
    await rig.until(() => rig.stored.length === 1)
    assert.deepEqual([...errors().values()], [0])
  })

  it('says how many readings were sent before the clock was set', async () => {
    setAhead(-6 * HOUR)
    const outbox = rig.outbox()
    await give(outbox, upTo(7))
    await hand(outbox, [timed(7, START)])
    await rig.until(() => rig.stored.length === 8)
    setAhead(0)
    await give(outbox, [8])
    await rig.until(() => rig.stored.length === 9)
    assert.match(warnings(/^warn/).join('\n'), /^warn: 7 readings .* were sent before the clock was set; .* wrong by 21600 s$/)
  })

  describe('in an earlier boot', () => {
    /** Power is cut, and the computer boots: its clock is where it was `behind` ms ago. */
    const powerCut = async (outbox: Outbox, behind = 0): Promise<void> => {
      await Promise.all([outbox.close(), rig.pass(5_000)])
      rig.clock.reboot()
      setAhead(-behind)
    }

    it('corrects readings of a boot whose clock was set later, although nothing could be delivered then', async () => {
      setAhead(-6 * HOUR)
      const online = offline()
      const outbox = rig.outbox()
      await give(outbox, upTo(3))
      setAhead(0)
      await rig.pass(120_000)
      await powerCut(outbox, 2 * HOUR)
      online()
      rig.outbox().start()
      await rig.until(() => rig.stored.length === 3)
      areTrue(3)
      assert.deepEqual(warnings(/may have a wrong time/), [])
    })

    it('trusts the times of a boot in which readings were delivered', async () => {
      const outbox = rig.outbox()
      await give(outbox, [0])
      await rig.until(() => rig.stored.length === 1)
      const online = offline()
      await give(outbox, [1, 2])
      await powerCut(outbox, HOUR)
      online()
      rig.outbox().start()
      await rig.until(() => rig.stored.length === 3)
      areTrue(3)
      assert.deepEqual(warnings(/may have a wrong time/), [])
    })

    it('says once that times may be wrong when nothing has confirmed the clock', async () => {
      setAhead(-6 * HOUR)
      const online = offline()
      const outbox = rig.outbox(2)
      const first = localTime(rig.clock.now())
      await give(outbox, upTo(6))
      await powerCut(outbox)
      online()
      rig.outbox(2).start()
      await rig.until(() => rig.stored.length === 6)
      assert.deepEqual([...errors().values()], Array(6).fill(-6 * HOUR), 'nothing better is known')
      assert.equal(warnings(/may have a wrong time/).length, 1)
      assert.ok(warnings(/may have a wrong time/)[0]?.includes(`the first: ${first}`))
    })

    it('does not doubt the clock of another computer with the same store', async () => {
      const unused = (): never => assert.fail('the outbox counts nothing')
      class SharedStore extends SimpleStore {
        readonly windows = { reserve: unused, cancel: unused, redate: unused, pause: unused, lower: unused }
      }
      const store = new SharedStore()
      const online = offline()
      const outbox = rig.outbox(500, store.lease())
      await give(outbox, upTo(2))
      await powerCut(outbox)
      online()
      rig.outbox(500, store.lease()).start()
      await rig.until(() => rig.stored.length === 2)
      areTrue(2)
      assert.deepEqual(warnings(/may have a wrong time/), [])
    })
  })

  it('does not wait for a reset by the old time when the clock is set past it', async () => {
    const outbox = rig.outbox(500, rig.store.lease(), () => [{ name: 'per day', limit: 1, window: 'day', scope: 'account' }])
    await give(outbox, [0])
    await rig.until(() => rig.stored.length === 1)
    await give(outbox, [1])
    await rig.pass(3 * HOUR, 10)
    assert.deepEqual(rig.stored, [0], 'the day is spent')
    rig.clock.step(10 * HOUR)
    await rig.pass(120_000, 10)
    assert.deepEqual(rig.stored, [0, 1], 'it is the next day')
  })

  it('goes on when the store cannot save the moment of a delivery', async () => {
    rig.store.onSet = () => assert.fail('the disk is full')
    const outbox = rig.outbox()
    await give(outbox, [0])
    await rig.until(() => rig.stored.length === 1)
    rig.store.onSet = () => undefined
    await hand(outbox, [untimed(1)])
    await rig.until(() => rig.stored.length === 2)
    assert.equal([...rig.store.texts.keys()].filter((key) => key.startsWith('clock:')).length, 1)
  })
})
