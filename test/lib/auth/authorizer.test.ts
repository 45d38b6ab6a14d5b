import assert from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Authorizer, basic } from '../../../src/lib/auth/authorizer'
import { ApiError } from '../../../src/lib/base/api-error'
import { Redactor } from '../../../src/lib/base/redaction'
import { Transport } from '../../../src/lib/http/transport'
import type { Auth, Credentials } from '../../../src/lib/vocabulary/vendor'
import { vendorWith } from '../client/rig'
import { FakeClock } from '../fake-clock'

type Headers = Record<string, string>

describe('proof of who asks', () => {
  const { signal } = new AbortController()
  let server: http.Server
  let transport: Transport
  let tokens: Auth
  /** Token requests that came. */
  let fetched: number
  let answer: () => { status?: number; body: string }
  beforeEach(async () => {
    fetched = 0
    answer = () => ({ body: JSON.stringify(`token-${fetched}`) })
    server = http.createServer((_request, response) => {
      fetched += 1
      const { status = 200, body } = answer()
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
    transport = new Transport(new URL(url))
    tokens = {
      kind: 'token',
      request: () => ({ url, headers: {}, body: '' }),
      decode: (body) => ({ value: String(body), lifetime: 900 }),
      header: (token) => `Bearer ${token}`,
    }
  })
  afterEach(async () => {
    transport.close()
    await new Promise((resolve) => server.close(resolve))
  })

  const authorizerOf = (auth: Auth, credentials: Credentials = {}, clock = new FakeClock()): Authorizer =>
    new Authorizer({ vendor: vendorWith(auth), credentials, clock, redactor: new Redactor(), signal })
  const headersOf = (authorizer: Authorizer): Promise<Headers> => authorizer.headers({ transport, settings: {}, timeout: 10_000 }, signal)

  it('is a header with a key, a bearer token or basic credentials', async () => {
    const credentials = { key: 'k', user: 'ü', password: 'p:w' }
    const header = (auth: Auth): Promise<Headers> => headersOf(authorizerOf(auth, credentials))
    assert.deepEqual(await header({ kind: 'header', name: 'X-API-Key', credential: 'key' }), { 'X-API-Key': 'k' })
    assert.deepEqual(await header({ kind: 'bearer', credential: 'key' }), { Authorization: 'Bearer k' })
    assert.deepEqual(await header({ kind: 'basic', user: 'user', password: 'password' }), { Authorization: basic('ü', 'p:w') })
    assert.equal(Buffer.from(basic('ü', 'p:w').slice(6), 'base64').toString('utf8'), 'ü:p:w')
    assert.equal(fetched, 0, 'no token is needed')
  })

  it('is a token that is fetched once, and again a minute before it runs out', async () => {
    const clock = new FakeClock()
    const authorizer = authorizerOf(tokens, {}, clock)
    const use = (): Promise<Headers> => headersOf(authorizer)
    assert.deepEqual(await Promise.all([use(), use(), use()]), Array.from({ length: 3 }, () => ({ Authorization: 'Bearer token-1' })))
    await clock.advance(839_999)
    assert.deepEqual(await use(), { Authorization: 'Bearer token-1' })
    await clock.advance(1)
    assert.deepEqual(await use(), { Authorization: 'Bearer token-2' })
    assert.equal(fetched, 2)
  })

  it('forgets a refused token, but not a newer one', async () => {
    const authorizer = authorizerOf(tokens)
    const old = await headersOf(authorizer)
    authorizer.refused(old)
    const renewed = await headersOf(authorizer)
    assert.deepEqual(renewed, { Authorization: 'Bearer token-2' })
    authorizer.refused(old)
    assert.deepEqual(await headersOf(authorizer), renewed)
  })

  it('is tried anew after a fetch that failed', async () => {
    const authorizer = authorizerOf(tokens)
    answer = () => ({ status: 503, body: '{}' })
    await assert.rejects(headersOf(authorizer), { code: 'VENDOR' })
    answer = () => ({ body: '"later"' })
    assert.deepEqual(await headersOf(authorizer), { Authorization: 'Bearer later' })
  })

  it('is never taken from an answer of more than 16 kB', async () => {
    for (const status of [200, 401]) {
      answer = () => ({ status, body: JSON.stringify('x'.repeat(16 * 1024)) })
      await assert.rejects(headersOf(authorizerOf(tokens)), (error) => {
        assert.ok(error instanceof ApiError)
        assert.deepEqual([error.code, error.statusCode, error.body], ['PROTOCOL', undefined, undefined])
        assert.equal(error.message, 'the response to the token request has 16386 bytes, which is too large for a token; check the token address in the account')
        return true
      })
    }
  })
})
