/** When a reading is quarantined, when it is tried again, and when it is forgotten. */
import assert from 'node:assert/strict'
import { ApiError, type ErrorCode } from '../../../src/lib/base/api-error'
import { sentence } from '../../../src/lib/base/sentence'
import type { QueuedItem } from '../../../src/lib/outbox/item'
import { mayBeItsFault, Quarantine } from '../../../src/lib/outbox/quarantine'
import { FakeClock } from '../fake-clock'
import { reading, upTo } from './rig'

const TEN_MINUTES = 600_000
/** Most readings in quarantine, and ms between two attempts. */
const MOST = 20
const WAIT = 50_000

const errorOf = (statusCode?: number, code: ErrorCode = 'VENDOR'): ApiError => new ApiError(code, sentence`the server failed`, { statusCode })
const item = (id: string): QueuedItem => ({ id, node: 'node', operation: 'auto', message: '', index: 0, reading: reading(0), stamp: undefined })

describe('quarantine', () => {
  let clock: FakeClock
  let told: { id: string; attempts: number; error: ApiError }[]
  let quarantine: Quarantine
  beforeEach(() => {
    clock = new FakeClock()
    told = []
    quarantine = new Quarantine(clock, ({ id }, error, attempts) => told.push({ id, attempts, error }))
  })

  /** The reading fails now, and again ten minutes later, for which it is quarantined. */
  const confine = async (...ids: readonly string[]): Promise<void> => {
    for (const id of ids) quarantine.failed(item(id), errorOf(500))
    await clock.advance(TEN_MINUTES)
    for (const id of ids) quarantine.failed(item(id), errorOf(500))
  }

  for (const [status, code, isSo] of [
    [500, 'VENDOR', true],
    [502, 'VENDOR', true],
    [200, 'PROTOCOL', true],
    [403, 'FORBIDDEN', true],
    [503, 'VENDOR', false],
    [401, 'AUTH', false],
    [429, 'RATE_LIMITED', false],
    [undefined, 'VENDOR', false],
    [undefined, 'NETWORK', false],
  ] as const)
    it(`${isSo ? 'may take' : 'never takes'} a reading for the cause of ${code} with ${status ?? 'no'} status`, async () => {
      const error = errorOf(status, code)
      assert.equal(mayBeItsFault(error), isSo)
      quarantine.failed(item('a'), error)
      assert.equal(quarantine.count, isSo ? 1 : 0)
      await clock.advance(TEN_MINUTES)
      assert.equal(quarantine.failed(item('a'), error), isSo)
      assert.equal(quarantine.quarantined, isSo ? 1 : 0)
    })

  it('lets a reading hold up the others for ten minutes, and then says so once, with its attempts', async () => {
    const [first, last] = [errorOf(500), errorOf(502)]
    assert.equal(quarantine.failed(item('a'), first), false)
    assert.deepEqual([quarantine.count, quarantine.quarantined, quarantine.due, quarantine.failure], [1, 0, Infinity, undefined])
    assert.equal(quarantine.stateOf('a'), undefined, 'it is sent with others')
    await clock.advance(TEN_MINUTES - 1)
    assert.equal(quarantine.failed(item('a'), first), false)
    assert.deepEqual(told, [])
    await clock.advance(1)
    assert.equal(quarantine.failed(item('a'), last), true)
    assert.deepEqual([quarantine.count, quarantine.quarantined, quarantine.failure], [1, 1, last])
    assert.deepEqual(told, [{ id: 'a', attempts: 3, error: last }])
    await clock.advance(WAIT)
    assert.equal(quarantine.failed(item('a'), first), true)
    assert.equal(told.length, 1)
    assert.deepEqual([quarantine.errorOf('a'), quarantine.errorOf('b')], [first, undefined])
  })

  it('tries a quarantined reading every 50 s, and each of three every 150 s', async () => {
    await confine('a')
    const now = clock.monotonic()
    assert.deepEqual([quarantine.stateOf('a'), quarantine.due], ['quarantined', now + WAIT])
    await clock.advance(WAIT - 1)
    assert.equal(quarantine.stateOf('a'), 'quarantined')
    await clock.advance(1)
    assert.equal(quarantine.stateOf('a'), 'due')
    await confine('b', 'c')
    const later = clock.monotonic()
    quarantine.failed(item('a'), errorOf(500))
    assert.equal(quarantine.due, later + 2 * WAIT, 'b was the second')
    await clock.advance(2 * WAIT)
    assert.deepEqual(['a', 'b', 'c'].map((id) => quarantine.stateOf(id)), ['quarantined', 'due', 'quarantined'])
    await clock.advance(WAIT)
    assert.deepEqual(['a', 'b', 'c'].map((id) => quarantine.stateOf(id)), ['due', 'due', 'due'])
  })

  it('holds 20 readings at most, since the server then fails on any, and goes on to try these', async () => {
    const ids = upTo(MOST).map(String)
    await confine(...ids)
    assert.deepEqual([quarantine.quarantined, told.length], [MOST, MOST])
    await confine('one more')
    assert.deepEqual([quarantine.count, quarantine.quarantined, quarantine.stateOf('one more')], [MOST + 1, MOST, undefined])
    assert.equal(quarantine.failed(item('0'), errorOf(500)), true)
    assert.equal(told.length, MOST)
  })

  it('tries all at once when the server takes one of them', async () => {
    await confine('a', 'b')
    quarantine.failed(item('c'), errorOf(500))
    quarantine.delivered(['c', 'unknown'])
    assert.deepEqual(['a', 'b'].map((id) => quarantine.stateOf(id)), ['quarantined', 'quarantined'], 'the others of the queue say nothing of them')
    quarantine.delivered(['unknown', 'a'])
    quarantine.forget('a')
    assert.deepEqual(['a', 'b', 'c'].map((id) => quarantine.stateOf(id)), [undefined, 'due', undefined])
    assert.deepEqual([quarantine.count, quarantine.due], [2, clock.monotonic()])
  })

  it('gives up all that fail when told so, also those that are not quarantined yet', async () => {
    await confine('a')
    quarantine.failed(item('b'), errorOf(500))
    assert.equal(quarantine.drop(), 2)
    assert.deepEqual(['a', 'b', 'c'].map((id) => quarantine.stateOf(id)), ['dropped', 'dropped', undefined])
  })

  it('forgets a reading that has left the queue', async () => {
    await confine('a', 'b')
    quarantine.keep(['b', 'c'])
    assert.deepEqual([quarantine.count, quarantine.stateOf('a'), quarantine.stateOf('b')], [1, undefined, 'quarantined'])
    quarantine.forget('b')
    assert.deepEqual([quarantine.count, quarantine.quarantined], [0, 0])
  })
})
