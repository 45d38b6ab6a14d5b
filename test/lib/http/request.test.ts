import assert from 'node:assert/strict'
import { baseAddress } from '../../../src/lib/http/base-url'
import { buildRequest, RequestError } from '../../../src/lib/http/request'
import { boolean, json, list, number, operation, text, time, type Operation } from '../../../src/lib/vocabulary/operation'
import type { Vendor } from '../../../src/lib/vocabulary/vendor'
import { anything } from '../../../src/lib/vocabulary/validation'

const vendor = (bodyAs: Vendor['bodyAs'], query?: Vendor['query']): Vendor => ({
  id: 'v', title: 'V', accountType: 'v-account', accountLabel: 'V account', docs: '', settings: {}, credentials: {}, address: 'baseUrl',
  auth: { kind: 'bearer', credential: 'token' }, bodyAs, budgets: () => [], operations: {}, ...(query ? { query } : {}),
})

const build = (one: Operation, params: Record<string, unknown>, more: object = {}) =>
  buildRequest(one, params, {
    vendor: vendor('json'), base: baseAddress('https://cloud.example/prod/v1'), settings: { deviceUuid: 'u-1' }, ...more,
  })

const messages = operation({
  verb: 'get-data', title: 'T', route: 'GET /things/{tuid}/messages', decode: anything, query: { type: 'x' },
  fields: {
    tuid: text({ in: 'path', label: 'L' }),
    ids: list({ in: 'query', wire: 'messageid', label: 'L', required: false }),
    from: time({ in: 'query', label: 'L', required: false }),
    all: boolean({ in: 'query', label: 'L', required: false }),
  },
})

describe('requests', () => {
  it('encode path values as one part', () => {
    assert.equal(build(messages, { tuid: 'a/b?c#d é' }).url, 'https://cloud.example/prod/v1/things/a%2Fb%3Fc%23d%20%C3%A9/messages?type=x')
  })

  it('carry lists with commas, times in Unix seconds, and set flags only', () => {
    const { url } = build(messages, { tuid: 't', ids: ['1', '2'], from: 1_600_000_000_900, all: true })
    assert.equal(url, 'https://cloud.example/prod/v1/things/t/messages?type=x&messageid=1,2&from=1600000000&all=1')
    assert.equal(build(messages, { tuid: 't', all: false }).url.includes('all'), false)
  })

  it('are refused with a reason where a text is cut in the middle of a character', () => {
    assert.throws(() => build(messages, { tuid: 'a\ud83d' }), (error: unknown) => error instanceof RequestError && /^"[^"]+" contains half of a character/.test(error.message))
    assert.throws(() => build(messages, { tuid: 'a', ids: ['\ude00'] }), RequestError)
    assert.match(build(messages, { tuid: '😀' }).url, /%F0%9F%98%80/)
  })

  it('are refused with a reason where a value cannot be written as JSON', () => {
    const itself: Record<string, unknown> = {}
    itself.self = itself
    const config = operation({ verb: 'send-command', title: 'T', route: 'POST /config', decode: anything, fields: { config: json({ in: 'body', label: 'L', shape: 'object' }) } })
    for (const value of [itself, { big: 1n }]) {
      assert.throws(() => build(config, { config: value }), RequestError)
      assert.throws(() => build(config, { config: value }, { vendor: vendor('form') }), RequestError)
    }
  })

  it('never leave the base path', () => {
    for (const tuid of ['.', '..', '../x', 'x/../y', '/..', '..\\x']) assert.throws(() => build(messages, { tuid }), RequestError)
    const raw = operation({ verb: 'get-data', title: 'T', route: 'GET /', decode: anything, fields: { path: text({ in: 'none', label: 'L' }) }, raw: ({ path }) => ({ method: 'GET', path }) })
    for (const path of ['/../admin', '/a/%2e%2e/b', 'https://other.example/x', '//other.example/x', '/..\\..\\admin', '/.\t./admin', '/a/..\n/../../admin'])
      assert.throws(() => build(raw, { path }), RequestError, path)
    assert.equal(build(raw, { path: '/a%2Fb?back=../x' }).url, 'https://cloud.example/prod/v1/a%2Fb?back=..%2Fx')
    assert.equal(build(raw, { path: '/a b#c/é' }).url, 'https://cloud.example/prod/v1/a%20b%23c/%C3%A9')
    assert.equal(build(raw, { path: 'things?limit=1' }).url, 'https://cloud.example/prod/v1/things?limit=1')
  })

  it('never leave the base path, however the path is encoded, and say so in one sentence', () => {
    const raw = operation({ verb: 'get-data', title: 'T', route: 'GET /', decode: anything, fields: { path: text({ in: 'none', label: 'L' }) }, raw: ({ path }) => ({ method: 'GET', path }) })
    const leaving = ['..%2fadmin', '/..%2Fadmin', 'a/..%5cadmin', '%5c%5cother.example/x', '\\\\other.example/x', '%252e%252e%252fadmin', '/%2e%2e%25%32%66admin', '//other.example/x', '/%2fother.example/x', '%2f%2fother.example/x', '%25252525252e./x']
    for (const path of leaving) {
      const refusal = (error: unknown): boolean => error instanceof RequestError && error.message === `the path "${path}" leaves the base URL; give a path without "..", "\\" and a leading "//", plain or encoded`
      assert.throws(() => build(raw, { path }), refusal, path)
      assert.throws(() => build(messages, { tuid: 't' }, { route: { method: 'GET', path: `/${path.replace(/^\/(?!\/)/, '')}` } }), RequestError, path)
    }
    assert.match(build(messages, { tuid: '..%2fadmin' }).url, /\/things\/\.\.%252fadmin\/messages/)
  })

  it('carry the largest answer that their operation allows', () => {
    assert.equal(build({ ...messages, maxResponse: 1 }, { tuid: 't' }).maxResponse, 1)
    assert.equal('maxResponse' in build(messages, { tuid: 't' }), false)
  })

  it('use a corrected route, also with values in its query', () => {
    const route = { method: 'GET', path: '/v3/messages?thing={tuid}&key={account.deviceUuid}' } as const
    assert.equal(build(messages, { tuid: 't 1' }, { route }).url, 'https://cloud.example/prod/v1/v3/messages?thing=t%201&key=u-1&type=x')
    assert.throws(() => build(messages, { tuid: 't' }, { route: { method: 'GET', path: '/x/{other}' } }), /\{other\}/)
  })

  it('add what the account adds, such as on whose behalf', () => {
    const acting = vendor('json', () => ({ impersonate: '7' }))
    assert.match(build(messages, { tuid: 't' }, { vendor: acting }).url, /impersonate=7/)
  })

  it('carry bodies as JSON or as a form', () => {
    const write = operation({ verb: 'set-alarm', title: 'T', route: 'POST /alarms', decode: anything, fields: { value: number({ in: 'body', label: 'L' }), source: text({ in: 'body', wire: 'data_source', label: 'L' }) } })
    const params = { value: -5, source: 'a b' }
    assert.deepEqual(build(write, params), { method: 'POST', url: 'https://cloud.example/prod/v1/alarms', body: '{"value":-5,"data_source":"a b"}', contentType: 'application/json' })
    const form = build(write, params, { vendor: vendor('form') })
    assert.deepEqual([form.body, form.contentType], ['value=-5&data_source=a+b', 'application/x-www-form-urlencoded'])
  })
})

describe('base addresses', () => {
  it('end with a slash', () => {
    assert.equal(baseAddress(' https://a.example/v1 ').href, 'https://a.example/v1/')
    assert.equal(baseAddress('http://127.0.0.1:8080').href, 'http://127.0.0.1:8080/')
  })

  it('refuse what would send secrets in clear text, and what is no URL', () => {
    for (const wrong of ['http://api.example/v1', 'http://127.0.0.1.evil.example/', 'ftp://a.example', 'https://me:pw@a.example', 'api.example', ''])
      assert.throws(() => baseAddress(wrong), Error, wrong)
  })
})
