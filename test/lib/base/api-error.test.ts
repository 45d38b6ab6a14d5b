import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { ApiError, meaningOf } from '../../../src/lib/base/api-error'
import { Redactor } from '../../../src/lib/base/redaction'
import { sentence } from '../../../src/lib/base/sentence'

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

  it('removes a secret as servers write it: in JSON, HTML, hex, URLs, and inside of base64', () => {
    const { length } = Buffer.from(SECRET)
    const hex = Buffer.from(SECRET).toString('hex')
    const forms = [
      hex, hex.toUpperCase(), SECRET.toUpperCase(),
      encodeURIComponent(SECRET).toLowerCase(), encodeURIComponent(encodeURIComponent(SECRET)), encodeURIComponent(Buffer.from(SECRET).toString('base64')),
      JSON.stringify(JSON.stringify(SECRET)), 'p\\u00e4 ss\\/w+ord\\"1', 'pä ss\\/w+ord\\"1', 'pä ss/w+ord&quot;1', 'p&#228; ss/w+ord&#34;1',
      Buffer.from(SECRET).toString('base64url'),
    ]
    for (const form of forms) assert.doesNotMatch(redactor.text(`before ${form} after`), /ord|6f7264|6F7264/i, form)
    for (const user of ['', 'a', 'bc', 'someone else:']) {
      const clean = redactor.text(Buffer.from(`${user}${SECRET}:more`).toString('base64'))
      assert.ok(clean.includes('•••') && !Buffer.from(clean.split('•••').join('')).toString().includes('ord'), `${user} ${length} ${clean}`)
    }
  })

  it('removes a secret that is a number, also one that JSON cannot hold exactly', () => {
    const numbers = new Redactor()
    numbers.add('123456', '98765432109876543210', '0073577357')
    assert.deepEqual(numbers.data({ key: 123456, in: [99123456, -123456.5], other: 12345, big: Number('98765432109876543210'), padded: 73577357 }), {
      key: '•••', in: ['99•••', '-•••.5'], other: 12345, big: '•••', padded: '•••',
    })
  })

  it('removes the beginning of a secret at which a text was cut', () => {
    const cut = new Redactor()
    cut.add('correct horse battery staple')
    assert.equal(cut.text('refused correct horse bat… and corr…, but cor…'), 'refused •••… and •••…, but cor…')
    assert.equal(cut.text('and … alone, correct tho…'), 'and … alone, correct tho…')
  })

  it('takes no longer for long texts and many secrets than for an answer', () => {
    const many = new Redactor()
    many.add(...Array.from({ length: 4 }, (_none, index) => `secret ${index} with / and ä`))
    for (let index = 0; index < Redactor.TOKENS; index += 1) many.addToken(`${index}.${'eyJhbGciOi'.repeat(100)}`)
    const text = 'eyJhbGciOi and more text, '.repeat(400)
    const started = performance.now()
    for (let time = 0; time < 20; time += 1) assert.equal(many.text(text), text)
    assert.ok(performance.now() - started < 2000, `${performance.now() - started} ms`)
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
