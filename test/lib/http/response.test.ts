import assert from 'node:assert/strict'
import { statusError, parseBody, transportFailure } from '../../../src/lib/http/response'
import { TransportError, type HttpAnswer } from '../../../src/lib/http/transport'
import { sentence } from '../../../src/lib/base/sentence'
import type { Vendor } from '../../../src/lib/vocabulary/vendor'

const vendor = (reason: NonNullable<Vendor['reason']>): Vendor => ({
  id: 'v', title: 'V', accountType: 'v-account', accountLabel: 'V account', docs: '', settings: {}, credentials: {}, address: 'baseUrl',
  auth: { kind: 'bearer', credential: 'token' }, bodyAs: 'json', budgets: () => [], operations: {}, reason,
})
const answer = (status: number, text: string): HttpAnswer => ({ status, headers: {}, text, roundTrip: 1 })
const messageOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return assert.fail('nothing was thrown')
}

describe('answers that nobody can trust', () => {
  it('give their words to a sentence in no time, cut, and without full stops at the end', () => {
    const started = performance.now()
    const words = (reason: string): string => statusError(vendor(() => reason), 400, answer(400, '{}')).message
    assert.equal(words('the id is wrong. . .'), 'the server rejected the request as invalid (400): the id is wrong; correct the inputs of the node')
    assert.ok(words(`${'.'.repeat(100_000)}x`).length < 1000)
    assert.ok(words('. '.repeat(1_000_000)).length < 1000)
    assert.ok(performance.now() - started < 500, `${performance.now() - started} ms`)
  })

  it('are looked at only in the first 256 kB of an error', () => {
    let seen = 0
    const looking = vendor((body) => {
      seen = String(body).length
      return undefined
    })
    const error = statusError(looking, 500, answer(500, 'x'.repeat(5_000_000)))
    assert.ok(seen <= 256 * 1024, String(seen))
    assert.ok(String(error.body).length <= 256 * 1024)
    assert.equal(error.message, 'the server failed (500); try again later')
  })

  it('are told apart: a web page, or another text', () => {
    const page = 'a web page came instead of data; check the base URL in the account, and whether this network wants a sign-in page first'
    for (const text of ['<!DOCTYPE html><html>', '\n  <html lang="en">', '<head>', '<!doctype HTML>']) assert.equal(messageOf(() => parseBody({ status: 200, text }, false)), page)
    assert.equal(messageOf(() => parseBody({ status: 200, text: 'OK  then\n' }, false)), 'unexpected response format: not JSON, it begins with "OK then"; check the base URL in the account')
    const started = performance.now()
    assert.ok(messageOf(() => parseBody({ status: 200, text: `x${' '.repeat(1_000_000)}x` }, false)).length < 200)
    assert.ok(performance.now() - started < 500)
  })
})

describe('requests without an answer', () => {
  const said = (reason: string): string => transportFailure(new TransportError(reason, sentence`no response within ${30} s`)).message

  it('say what happened and what to do next', () => {
    assert.equal(said('timeout'), 'no response within 30 s; check the network, or give the account a longer timeout')
    assert.equal(said('ECONNREFUSED'), 'nothing answers at the address of the account (ECONNREFUSED); check the base URL and its port, and whether a firewall blocks it')
    assert.equal(said('ENOTFOUND'), "no server has the name in the base URL (ENOTFOUND); check the base URL in the account for typing errors, then this computer's internet connection")
    assert.equal(said('EPIPE'), "the server cannot be reached (EPIPE); check this computer's internet connection, then the base URL in the account")
    assert.equal(said('CERT_HAS_EXPIRED'), "the server's certificate has expired (CERT_HAS_EXPIRED); check the date and time of this computer, then the base URL in the account")
    assert.equal(said('HPE_INVALID_CONSTANT'), 'the response is not HTTP (HPE_INVALID_CONSTANT); check the base URL and the proxy')
  })
})
