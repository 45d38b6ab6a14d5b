import assert from 'node:assert/strict'
import { seededRandom } from '../fake-clock'
import { DEVICE, OTHER_DEVICE, SimulatedDays } from './simulated-days'

const HOUR = 3_600_000
const MINUTE = 60_000

describe('a cloud that fails', () => {
  let days: SimulatedDays
  beforeEach(async () => (days = await SimulatedDays.start()))
  afterEach(() => days.stop())

  for (const fault of [{ status: 500 }, { status: 502 }, { status: 503 }, { status: 504 }, { status: 522 }, { reset: 'before' } as const])
    it(`costs a day of 720 reads at most 800 requests in spite of ${JSON.stringify(fault)} every time`, async () => {
      days.simulator.faults.always(fault)
      const { failed, reads } = await days.poll()
      const requests = days.simulator.requests.length
      assert.equal(reads, 720)
      assert.ok(requests <= 800, `${requests} requests`)
      for (const outcome of failed) assert.match(outcome, /^(VENDOR|NETWORK) Senquip, Data of a device: /)
    }).timeout(30_000)

  it('answers as ever from the first probe on, once it has recovered', async () => {
    const stop = days.simulator.faults.always({ status: 500 })
    await days.poll(4 * HOUR)
    stop()
    const { failed } = await days.poll(4 * HOUR)
    assert.deepEqual(failed, [])
  })

  it('is asked by a route at most twice a minute, and answers from the first probe on', async () => {
    const stop = days.simulator.faults.always({ status: 500 })
    const { failed } = await days.poll(HOUR, undefined, 5_000)
    assert.equal(failed.length, 720)
    assert.ok(days.simulator.requests.length < 150, `${days.simulator.requests.length} requests`)
    assert.ok(failed.some((outcome) => /^NETWORK Senquip, Data of a device: the server has failed on this request since 2026-03-\d\d \d\d:\d\d \(HTTP 500\), so it was not sent now; try again in a minute$/.test(outcome)), failed.at(-1))
    stop()
    const after = await days.poll(10 * MINUTE, undefined, 5_000)
    assert.ok(after.failed.length <= 12, 'up to a minute until the probe')
    assert.ok(after.failed.every((outcome) => outcome.startsWith('NETWORK ')))
  })

  it('answers 999 of 1000 reads when one request in ten fails at random', async () => {
    const random = seededRandom(7)
    days.simulator.faults.always({ status: 500, match: { when: () => random() < 0.1 } })
    let reads = 0
    let failed: string[] = []
    for (let day = 0; day < 2; day += 1) {
      const outcome = await days.poll()
      reads += outcome.reads
      failed = [...failed, ...outcome.failed]
    }
    assert.ok(failed.length <= reads / 1000, `${failed.length} of ${reads}: ${failed[0]}`)
    assert.ok(days.simulator.requests.length < 1.2 * reads)
  }).timeout(60_000)

  it('does not take the limit of a day beyond what is allowed, however often it is read', async () => {
    const random = seededRandom(11)
    days.simulator.faults.always({ status: 502, processed: true, match: { when: () => random() < 0.5 } })
    const { failed } = await days.poll(24 * HOUR, undefined, MINUTE)
    assert.ok(days.simulator.requests.length <= 1000, `${days.simulator.requests.length}`)
    assert.equal(days.simulator.peak.senquipPerDay.rejections, 0)
    assert.ok(failed.some((outcome) => outcome.startsWith('QUOTA ')))
  }).timeout(30_000)

  for (const device of ['the same operation', 'another operation'])
    it(`but only on one device, lets ${device} through`, async () => {
      days.simulator.faults.always({ status: 500, match: { path: new RegExp(DEVICE) } })
      let failures = 0
      for (let index = 0; index < 200; index += 1) {
        await days.clock.advance(5_000)
        await days.read()
        if (index % 20 === 0 && (await (device === 'the same operation' ? days.read(OTHER_DEVICE) : days.list())) !== 'ok') failures += 1
      }
      assert.equal(failures, 0)
      assert.ok(days.simulator.requests.filter(({ path }) => path.includes(DEVICE)).length < 60)
    }).timeout(30_000)

  it('gets no write twice, and none is held up by a failing route', async () => {
    days.simulator.faults.always({ status: 500 })
    for (let index = 0; index < 30; index += 1) {
      await days.clock.advance(5_000)
      assert.match(await days.read(), /^(VENDOR|NETWORK) /)
      assert.match(await days.write(), /^VENDOR .*\(500\)/)
    }
    assert.equal(days.simulator.requests.filter(({ method }) => method === 'POST').length, 30)
  })
})
