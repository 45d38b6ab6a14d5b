import assert from 'node:assert/strict'
import { Authorizer, basic } from '../../../src/lib/auth/authorizer'
import type { Auth, Token } from '../../../src/lib/vocabulary/vendor'
import { FakeClock } from '../fake-clock'

const tokens: Auth = {
  kind: 'token',
  request: () => ({ url: '', headers: {}, body: '' }),
  decode: () => ({ value: '', lifetime: 0 }),
  header: (token) => `Bearer ${token}`,
}

describe('proof of who asks', () => {
  const { signal } = new AbortController()
  const never = (): Promise<Token> => Promise.reject(new Error('no token is needed'))

  it('is a header with a key, a bearer token or basic credentials', async () => {
    const credentials = { key: 'k', user: 'ü', password: 'p:w' }
    const header = (auth: Auth): Promise<Record<string, string>> => new Authorizer(auth, credentials, new FakeClock()).headers({}, never, signal)
    assert.deepEqual(await header({ kind: 'header', name: 'X-API-Key', credential: 'key' }), { 'X-API-Key': 'k' })
    assert.deepEqual(await header({ kind: 'bearer', credential: 'key' }), { Authorization: 'Bearer k' })
    assert.deepEqual(await header({ kind: 'basic', user: 'user', password: 'password' }), { Authorization: basic('ü', 'p:w') })
    assert.equal(Buffer.from(basic('ü', 'p:w').slice(6), 'base64').toString('utf8'), 'ü:p:w')
  })

  it('is a token that is fetched once, and again a minute before it runs out', async () => {
    const clock = new FakeClock()
    let fetched = 0
    const fetchToken = (): Promise<Token> => Promise.resolve({ value: `t${(fetched += 1)}`, lifetime: 900 })
    const authorizer = new Authorizer(tokens, {}, clock)
    const use = (): Promise<Record<string, string>> => authorizer.headers({}, fetchToken, signal)
    assert.deepEqual(await Promise.all([use(), use(), use()]), Array.from({ length: 3 }, () => ({ Authorization: 'Bearer t1' })))
    await clock.advance(839_999)
    assert.deepEqual(await use(), { Authorization: 'Bearer t1' })
    await clock.advance(1)
    assert.deepEqual(await use(), { Authorization: 'Bearer t2' })
    assert.equal(fetched, 2)
  })

  it('forgets a refused token, but not a newer one', async () => {
    let fetched = 0
    const fetchToken = (): Promise<Token> => Promise.resolve({ value: `token-${(fetched += 1)}`, lifetime: 900 })
    const authorizer = new Authorizer(tokens, {}, new FakeClock())
    const old = await authorizer.headers({}, fetchToken, signal)
    authorizer.refused(old)
    const renewed = await authorizer.headers({}, fetchToken, signal)
    assert.deepEqual(renewed, { Authorization: 'Bearer token-2' })
    authorizer.refused(old)
    assert.deepEqual(await authorizer.headers({}, fetchToken, signal), renewed)
  })

  it('is tried anew after a fetch that failed', async () => {
    let fetched = 0
    const fetchToken = (): Promise<Token> => ((fetched += 1) === 1 ? Promise.reject(new Error('down')) : Promise.resolve({ value: 'later', lifetime: 900 }))
    const authorizer = new Authorizer(tokens, {}, new FakeClock())
    await assert.rejects(authorizer.headers({}, fetchToken, signal), /down/)
    assert.deepEqual(await authorizer.headers({}, fetchToken, signal), { Authorization: 'Bearer later' })
  })
})
