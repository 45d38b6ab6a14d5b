/** From a user's report to a test: an exchange that replays on the simulator as it is. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conformanceTables, parseSeenLive } from '../../../scripts/conformance'
import { takeReport, type Places, type Taken } from '../../../scripts/exchange'
import { vendors } from '../../../src/lib/vendors'
import type { Vendor } from '../../../src/lib/vocabulary/vendor'
import { wholeReport } from '../../../src/lib/field-check/report'
import { startSimulator, type Simulator } from '../../simulator'
import { knownExchanges } from '../../simulator/exchanges/known'
import { play } from '../../simulator/exchanges/play'
import { mismatches } from '../../simulator/exchanges/shape'
import { fits, readSeen, seenExchanges } from '../../simulator/exchanges/seen'
import type { VendorId } from '../../nodes/harness'
import { check } from './check'

const DAY = Date.UTC(2026, 9, 1, 12)

describe('a report becomes a test', () => {
  let simulator: Simulator
  let folder: string
  let places: Places
  beforeEach(async () => {
    simulator = await startSimulator()
    folder = mkdtempSync(join(tmpdir(), 'exchange-'))
    places = { exchanges: join(folder, 'seen'), seenLive: join(folder, 'seen-live.json') }
    writeFileSync(places.seenLive, '{ "sensorist": { "users": "2026-08-01", "workflow": "2026-08-01" } }')
  })
  afterEach(async () => {
    rmSync(folder, { recursive: true })
    await simulator.close()
  })

  async function taken(id: VendorId): Promise<Taken> {
    const { rows } = await check(simulator, id)
    const vendor: Vendor = vendors[id]
    return takeReport(JSON.stringify(wholeReport(vendor, { package: '1.0.0' }, rows.map(({ report }) => report), DAY)), places)
  }

  for (const id of ['senquip', 'senquip-v1', 'thingsee', 'sensorist'] as const)
    it(`${id}: each operation that works replays on the simulator, with synthetic values of its own shape`, async () => {
      const { left, taken: files } = await taken(id)
      assert.deepEqual(left, [])
      assert.ok(files.length >= 2)
      const seen = readSeen(places.exchanges)
      assert.deepEqual(seen.map(({ operation }) => operation).sort(), [...files].sort())
      for (const { body, shape } of seen) assert.deepEqual(mismatches(fits(shape), body), [])
      for (const exchange of seenExchanges(knownExchanges, places.exchanges)) await play(exchange)
    })

  it('is read by the client: the synthetic body works as the live one did', async () => {
    await taken('thingsee')
    const [messages] = readSeen(places.exchanges).filter(({ operation }) => operation === 'messages')
    simulator.faults.always({ body: messages?.body, match: { path: /\/messages$/ } })
    assert.equal((await check(simulator, 'thingsee')).of('messages').outcome, 'works')
  })

  it('notes the day, beside those of earlier reports', async () => {
    await taken('sensorist')
    const days = parseSeenLive(readFileSync(places.seenLive, 'utf8'))
    assert.deepEqual([days.sensorist?.users, days.sensorist?.workflow], ['2026-10-01', '2026-08-01'])
    assert.match(conformanceTables([vendors.sensorist], days), /`users`: `GET \/users` \| \*\*seen live\*\* on 2026-10-01, by a user's report\./)
  })

  it('fails on a simulator that answers otherwise than the live cloud', async () => {
    simulator.faults.always({ body: { data: { group_id: 'g', tuid: 'T', data: [] } }, match: { path: /\/group$/ } })
    await taken('thingsee')
    const [group] = seenExchanges(knownExchanges, places.exchanges).filter(({ name }) => name.startsWith('thing-group'))
    assert.ok(group)
    await assert.rejects(play(group), /data\.data: missing/)
  })

  it('leaves out what does not work, and refuses what is no report', async () => {
    simulator.faults.always({ status: 500, match: { path: /\/users$/ } })
    const { left, taken: files } = await taken('sensorist')
    assert.deepEqual(left, ['users: it failed'])
    assert.equal(files.includes('users'), false)
    assert.throws(() => takeReport('{}', places))
  })
})
