import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { ApiError, Redactor, meaningOf } from '../../../src/lib/client/errors'
import { sentence } from '../../../src/lib/sentence'

const SECRET = 'pä ss/w+ord"1'

describe('redaction', () => {
  const redactor = new Redactor()
  redactor.add(SECRET, 'me@example.com:' + SECRET, 'abc')

  it('removes a secret in every form in which it is sent', () => {
    const base64 = Buffer.from(`me@example.com:${SECRET}`).toString('base64')
    for (const form of [SECRET, encodeURIComponent(SECRET), 'p%C3%A4+ss%2Fw%2Bord%221', JSON.stringify(SECRET), `Basic ${base64}`]) {
      const clean = redactor.text(`before ${form} after`)
      assert.match(clean, /^before .*•••.* after$/, form)
    }
  })

  it('never forgets a secret that stays, however many tokens come and go', () => {
    const years = new Redactor()
    years.add('short-one')
    for (let hour = 0; hour < 1000; hour += 1) years.addToken(`token-${hour}-${'x'.repeat(800)}`)
    assert.equal(years.text('short-one'), '•••')
    assert.equal(years.text(`token-999-${'x'.repeat(800)}`), '•••')
  })

  it('knows a secret with half a character', () => {
    const odd = new Redactor()
    odd.add('half-\ud83d-one')
    assert.equal(odd.text('half-\ud83d-one, half-%EF%BF%BD-one'), '•••, •••')
  })

  it('cleans keys and values of data at any depth, and leaves short words alone', () => {
    assert.deepEqual(redactor.data({ a: [{ [SECRET]: `x${SECRET}` }], abc: 'abc', n: 1 }), { a: [{ '•••': 'x•••' }], abc: 'abc', n: 1 })
  })
})

describe('errors', () => {
  it('do not show the vendor body to a logger that prints properties', () => {
    const error = new ApiError('INVALID', sentence`message`, { statusCode: 422, body: { echoed: 'secret' } })
    assert.deepEqual(error.body, { echoed: 'secret' })
    assert.equal(inspect(error).includes('echoed'), false)
    assert.equal(JSON.stringify(error).includes('echoed'), false)
  })

  it('have the code of the contract for each status', () => {
    const codes = [400, 401, 403, 404, 405, 409, 422, 429, 500, 503, 302, 418].map((status) => meaningOf(status).code)
    assert.deepEqual(codes, ['INVALID', 'AUTH', 'FORBIDDEN', 'NOT_FOUND', 'PROTOCOL', 'CONFLICT', 'INVALID', 'RATE_LIMITED', 'VENDOR', 'VENDOR', 'PROTOCOL', 'INVALID'])
  })
})
