/** One operation answers otherwise, in each of ten ways: what the check says of it, and of the others. */
import assert from 'node:assert/strict'
import { passFast } from '../../fast-time'
import { startSimulator, type Fault, type Simulator } from '../../simulator'
import type { VendorId } from '../../nodes/harness'
import { check, type Checked } from './check'

interface Target {
  vendor: VendorId
  operation: string
  path: RegExp
  /** A body in which a property is missing that the format needs. */
  missing: unknown
  /** A body with a property of another type, and the path and type that the check must name. */
  wrongType: { body: unknown; path: string; found: string }
  otherEnvelope: unknown
  otherTime: { body: unknown; path?: string }
  empty: unknown
}

const live = (content: object): object => ({ code: 200, max_age: 900, time: 0.1, ...content })

const TARGETS: readonly Target[] = [
  {
    vendor: 'thingsee', operation: 'messages', path: /\/messages$/,
    missing: { data: [{ tsmEv: 10, tsmTs: 1700000000 }] },
    wrongType: { body: { data: [{ tsmId: 12100, tsmTs: true }] }, path: '[].tsmTs', found: 'boolean' },
    otherEnvelope: { items: [] },
    otherTime: { body: { data: [{ tsmId: 12100, tsmTs: '2026-10-01T12:00:00Z' }] }, path: '[].tsmTs' },
    empty: { data: [] },
  },
  {
    vendor: 'sensorist', operation: 'measurements-latest', path: /\/measurements$/,
    missing: live({ measurements: [{ value: 1 }] }),
    wrongType: { body: live({ measurements: 'none' }), path: 'measurements', found: 'string (letters)' },
    otherEnvelope: live({ values: {} }),
    otherTime: { body: live({ measurements: { 220200: { date: '13.09.2026', value: 20 } } }) },
    empty: live({ measurements: {} }),
  },
  {
    vendor: 'senquip', operation: 'device-data', path: /\/data$/,
    missing: [1],
    wrongType: { body: ['text'], path: '', found: '' },
    otherEnvelope: { first: [], second: [] },
    otherTime: { body: [{ deviceid: 'JDA54E19F', ts: '13.09.2026', vsys: 4 }], path: '[].ts' },
    empty: [],
  },
  {
    vendor: 'senquip-v1', operation: 'device-data', path: /\/get-data\//,
    missing: [1],
    wrongType: { body: ['text'], path: '', found: '' },
    otherEnvelope: { first: [], second: [] },
    otherTime: { body: [{ deviceid: 'JDA54E19F', time: 'yesterday', vsys: 4 }], path: '[].time' },
    empty: [],
  },
]

/** Reads that none of these faults concerns. */
const OTHERS: Readonly<Record<string, string>> = { thingsee: 'groups', sensorist: 'gateways', senquip: 'list-devices', 'senquip-v1': 'device-summary' }

for (const target of TARGETS) {
  const { vendor, operation } = target

  describe(`field check of ${vendor}: ${operation} answers otherwise`, () => {
    let simulator: Simulator
    beforeEach(async () => void (simulator = await startSimulator()))
    afterEach(() => simulator.close())

    /** The check with this fault in every answer of the operation. */
    async function checked(fault: Fault): Promise<Checked> {
      simulator.faults.always({ ...fault, match: { vendor, method: 'GET', path: target.path } })
      const done = await check(simulator, vendor)
      assert.equal(done.of(OTHERS[vendor] ?? '').outcome, 'works', 'another operation works all the same')
      return done
    }

    it('as documented: works, with a shape', async () => {
      const done = await check(simulator, vendor)
      const { body, outcome, status } = done.of(operation)
      assert.deepEqual([outcome, status], ['works', 200])
      assert.ok(body)
      assert.equal(done.why(operation), '')
    })

    it('a missing field: differs', async () => {
      assert.equal((await checked({ body: target.missing })).of(operation).outcome, 'differs')
    })

    it('another type: differs, with the path and what came', async () => {
      const { deviation, outcome } = (await checked({ body: target.wrongType.body })).of(operation)
      assert.equal(outcome, 'differs')
      if (target.wrongType.path !== '') assert.deepEqual([deviation?.path, deviation?.found], [target.wrongType.path, target.wrongType.found])
    })

    it('another envelope: differs', async () => {
      assert.equal((await checked({ body: target.otherEnvelope })).of(operation).outcome, 'differs')
    })

    it('another time format: differs', async () => {
      const { deviation, outcome } = (await checked({ body: target.otherTime.body })).of(operation)
      assert.equal(outcome, 'differs')
      if (target.otherTime.path !== undefined) assert.equal(deviation?.path, target.otherTime.path)
    })

    it('an empty list: works, and says that nothing was checked', async () => {
      const done = await checked({ body: target.empty })
      assert.equal(done.of(operation).outcome, 'works')
      assert.match(done.why(operation), /nothing came/)
    })

    it('a web page: differs', async () => {
      const { body, headers, outcome } = (await checked({ html: true })).of(operation)
      assert.equal(outcome, 'differs')
      assert.deepEqual(body, { type: 'no JSON', looksLike: 'web page' })
      assert.equal(headers?.['content-type'], 'text/html')
    })

    for (const [status, error] of [[500, 'VENDOR'], [404, 'NOT_FOUND']] as const)
      it(`${status}: failed, and asked once`, async () => {
        const report = (await checked({ status, body: { message: 'no' } })).of(operation)
        assert.deepEqual([report.outcome, report.error, report.status], ['failed', error, status])
        assert.equal(simulator.requests.filter(({ path, fault }) => fault && target.path.test(path)).length, vendor === 'sensorist' ? 4 : 1)
      })

    it('429: failed, and nothing more is asked', async () => {
      simulator.faults.always({ status: 429, headers: { 'retry-after': '60' }, match: { vendor, method: 'GET', path: target.path } })
      const done = await check(simulator, vendor)
      const report = done.of(operation)
      assert.deepEqual([report.outcome, report.error, report.headers?.['retry-after']], ['failed', 'RATE_LIMITED', 60])
      assert.ok(simulator.requests.at(-1)?.status === 429)
    })

    it('slower than the timeout of the account: failed', async () => {
      const fastTime = passFast(5)
      try {
        const { error, outcome, body } = (await checked({ delay: 1500 })).of(operation)
        assert.deepEqual([outcome, error, body], ['failed', 'TIMEOUT', undefined])
      } finally {
        fastTime.end()
      }
    })
  })
}
