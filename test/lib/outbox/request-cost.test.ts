/** A simulated day takes more than a second: these are no tests for mutants. */
import assert from 'node:assert/strict'
import { hand, OutboxRig, reading, readings } from './rig'

describe('outbox whose cloud fails on everything', () => {
  let rig: OutboxRig
  beforeEach(async () => (rig = await OutboxRig.start()))
  afterEach(() => rig.stop())

  for (const { each, count } of [{ count: 20, each: 0 }, { count: 3, each: 600_000 }])
    it(`costs at most 4000 requests a day with ${count} readings${each ? ' and one more each ten minutes' : ''}`, async () => {
      rig.simulator.faults.always({ status: 500 })
      const outbox = rig.outbox()
      await hand(outbox, readings(0, count))
      const end = rig.clock.monotonic() + 86_400_000
      let arrived = count
      for (let next = each || Infinity; rig.clock.monotonic() < end; ) {
        await rig.step(5_000)
        if (rig.clock.monotonic() < next) continue
        next += each
        await hand(outbox, [reading(arrived)])
        arrived += 1
      }
      const cost = rig.simulator.requests.length
      assert.ok(cost > 1000 && cost < 4000, `${cost}`)
      assert.ok(outbox.failing >= 20, 'each was set aside after ten minutes')
      rig.simulator.faults.clear()
      await rig.until(() => rig.stored.length === arrived)
      assert.ok(rig.clock.monotonic() < end + 180_000, 'all are sent soon after the cloud has recovered')
      assert.equal(new Set(rig.stored).size, arrived)
    }).timeout(30_000)
})
