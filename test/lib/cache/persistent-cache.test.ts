import assert from 'node:assert/strict'
import { deriveKeys, EncryptedStore } from '../../../src/lib/cache/encrypted-store'
import { PersistentCache } from '../../../src/lib/cache/persistent-cache'
import { KeptStore } from '../client/kept-store'
import { FakeClock } from '../fake-clock'

const HOUR = 3_600_000
const URL = 'https://example.com/devices'

describe('persistent cache', () => {
  const keys = deriveKeys('secret')
  let clock: FakeClock
  let store: KeptStore
  let cache: PersistentCache
  /** A process that begins now. */
  const nextProcess = (): PersistentCache => new PersistentCache(new EncryptedStore(store, keys), clock)
  beforeEach(() => {
    clock = new FakeClock()
    store = new KeptStore(clock)
    cache = nextProcess()
  })
  const save = async (text: string): Promise<void> => {
    const found = await cache.get(URL, 'devices')
    await cache.set(URL, { status: 200, text }, 3_600, found?.generation ?? '')
  }
  const fresh = async (from = cache): Promise<string | undefined> => (await from.get(URL, 'devices'))?.answer?.text
  const secondsLeft = async (from = cache): Promise<number | undefined> => (await from.get(URL, 'devices'))?.maxAge

  it('keeps an answer for its max-age, also for a later process', async () => {
    await save('one')
    await clock.advance(HOUR / 2)
    assert.deepEqual([await fresh(), await secondsLeft()], ['one', 1_800])
    assert.deepEqual([await fresh(nextProcess()), await secondsLeft(nextProcess())], ['one', 1_800])
    await clock.advance(HOUR / 2)
    assert.equal(await fresh(), undefined)
    assert.equal(await fresh(nextProcess()), undefined)
  })

  it('does not keep an answer longer in the same process when the clock is set back', async () => {
    await save('one')
    clock.step(-6 * HOUR)
    assert.deepEqual([await fresh(), await secondsLeft()], ['one', 3_600])
    await clock.advance(HOUR)
    assert.equal(await fresh(), undefined)
  })

  it('does not use an answer from the future in a later process: its age is not known', async () => {
    await save('one')
    clock.step(-6 * HOUR)
    assert.equal(await fresh(nextProcess()), undefined)
  })

  it('asks again after a clock was set forward, and keeps that answer', async () => {
    await save('one')
    clock.step(6 * HOUR)
    assert.equal(await fresh(nextProcess()), undefined)
    await save('two')
    assert.equal(await fresh(nextProcess()), 'two')
  })

  it('does not bring back an answer from before a write that came while the clock was in 1970', async () => {
    await save('before the write')
    const now = clock.now()
    clock.setDate('1970-01-01T00:00:10Z')
    cache = nextProcess()
    await cache.drop(['devices'])
    clock.step(now - clock.now())
    assert.equal(await fresh(nextProcess()), undefined)
  })
})
