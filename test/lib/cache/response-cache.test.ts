import assert from 'node:assert/strict'
import type { AbortSignalLike } from '../../../src/lib/base/abort-signal'
import { ResponseCache, maxAgeOf } from '../../../src/lib/cache/response-cache'
import { FakeClock } from '../fake-clock'

const answer = (text: string): { status: number; text: string } => ({ status: 200, text })

describe('answers that are kept', () => {
  it('are given until they are as old as the vendor allows', async () => {
    const clock = new FakeClock()
    const cache = new ResponseCache({ clock })
    cache.set('a', answer('one'), 900)
    await clock.advance(899_999)
    assert.equal(cache.get('a')?.text, 'one')
    await clock.advance(1)
    assert.equal(cache.get('a'), undefined)
    assert.equal(cache.bytes, 0)
  })

  it('are bounded in bytes and number; what was used longest ago goes first', () => {
    const cache = new ResponseCache({ clock: new FakeClock(), maxEntries: 2, maxBytes: 2 * 100 })
    for (const key of ['a', 'b']) cache.set(key, answer('x'), 10)
    cache.get('a')
    cache.set('c', answer('x'), 10)
    assert.deepEqual(['a', 'b', 'c'].map((key) => cache.get(key) !== undefined), [true, false, true])
    cache.set('big', answer('x'.repeat(96)), 10)
    assert.deepEqual(['a', 'c', 'big'].map((key) => cache.get(key) !== undefined), [false, false, true])
    cache.set('too big', answer('x'.repeat(100)), 10)
    assert.equal(cache.get('too big'), undefined)
    assert.ok(cache.get('big'))
  })

  it('follow the rules of a private cache', () => {
    const ages: [Record<string, string>, number][] = [
      [{ 'cache-control': 'max-age=900, private' }, 900],
      [{ 'cache-control': 'private,MAX-AGE = 60', age: '20' }, 40],
      [{ 'cache-control': 'max-age=10', age: '20' }, 0],
      [{ 'cache-control': 's-maxage=60' }, 0],
      [{ 'cache-control': 'no-store, max-age=60' }, 0],
      [{ 'cache-control': 'no-cache, max-age=60' }, 0],
      [{ 'cache-control': 'max-age=60', age: '-30' }, 60],
      [{ 'cache-control': `max-age=${'9'.repeat(30)}` }, 2 ** 31],
      [{}, 0],
    ]
    for (const [headers, seconds] of ages) assert.equal(maxAgeOf(headers), seconds, JSON.stringify(headers))
  })
})

describe('equal reads at once', () => {
  const setup = (): { cache: ResponseCache; started: AbortSignalLike[]; land: (text: string) => void; start: (errand: { signal: AbortSignalLike }) => Promise<{ status: number; text: string }> } => {
    const started: AbortSignalLike[] = []
    let land: (text: string) => void = () => undefined
    const start = ({ signal }: { signal: AbortSignalLike }): Promise<{ status: number; text: string }> => {
      started.push(signal)
      return new Promise((resolve, reject) => {
        land = (text) => resolve(answer(text))
        signal.addEventListener('abort', () => reject(new Error('upstream aborted')))
      })
    }
    return { cache: new ResponseCache({ clock: new FakeClock() }), started, land: (text) => land(text), start }
  }

  it('are one request, and each learns whether it was its own', async () => {
    const { cache, started, land, start } = setup()
    const { signal } = new AbortController()
    const both = [cache.share('a', signal, start), cache.share('a', signal, start)]
    land('one')
    assert.deepEqual((await Promise.all(both)).map(({ joined }) => joined), [false, true])
    assert.equal(started.length, 1)
    assert.equal(started[0]?.aborted, false)
    void cache.share('a', signal, start)
    assert.equal(started.length, 2)
    land('two')
  })

  it('end only when the last that waits has left', async () => {
    const { cache, started, start } = setup()
    const first = new AbortController()
    const second = new AbortController()
    const both = [cache.share('a', first.signal, start), cache.share('a', second.signal, start)]
    first.abort(new Error('first left'))
    await assert.rejects(both[0] as Promise<unknown>, /first left/)
    assert.equal(started[0]?.aborted, false)
    second.abort(new Error('second left'))
    await assert.rejects(both[1] as Promise<unknown>, /second left/)
    assert.equal(started[0].aborted, true)
  })
})
