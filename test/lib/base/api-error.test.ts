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
      assert.match(clean, /^before [^•]*•••[^•]* after$/, form)
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

  it('removes a secret whatever the case of its letters, and in hex', () => {
    const hex = Buffer.from(SECRET).toString('hex')
    for (const form of [hex, hex.toUpperCase(), SECRET.toUpperCase(), encodeURIComponent(SECRET).toLowerCase()])
      assert.doesNotMatch(redactor.text(`before ${form} after`), /ord|6f7264|6F7264/i, form)
  })

  it('removes a secret that is a number', () => {
    const numbers = new Redactor()
    numbers.add('123456')
    assert.deepEqual(numbers.data({ key: 123456, in: [99123456, -123456.5], other: 12345 }), { key: '•••', in: ['99•••', '-•••.5'], other: 12345 })
  })

  it('removes a secret with blanks around it also without them', () => {
    const blank = new Redactor()
    blank.add(' pass word ')
    assert.equal(blank.text('refused: pass word, or "pass word"'), 'refused: •••, or "•••"')
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

  it('takes time in proportion to the text, however often a secret stands in it or it was cut', () => {
    const own = new Redactor()
    own.add('the secret itself', 'aaaaaaaaaaaaaaaaaaab')
    own.addToken(`${'a'.repeat(60_000)}b`)
    const texts = ['the secret itself, '.repeat(400_000), 'aaaa…'.repeat(20_000), `${'a'.repeat(30_000)}c${'a'.repeat(20_000)}…`.repeat(10), 'a'.repeat(10_000_000)]
    for (const text of texts) {
      const started = performance.now()
      assert.doesNotMatch(own.text(text).slice(0, 1000), /secret|aaaaa…/)
      assert.ok(performance.now() - started < 3000, `${performance.now() - started} ms for ${text.slice(0, 20)}`)
    }
  })

  it('learns a token of 25 MB in time and memory in proportion to it', () => {
    const own = new Redactor()
    const token = 'abcdefghij'.repeat(2_500_000)
    const before = process.memoryUsage().rss
    const started = performance.now()
    own.addToken(token)
    assert.equal(own.text(`token ${token}.`), 'token •••.')
    assert.equal(own.text(`token ${token.slice(0, 1_000_000)}…`), 'token •••…')
    assert.ok(performance.now() - started < 5000, `${performance.now() - started} ms`)
    assert.ok(process.memoryUsage().rss - before < 400e6, `${(process.memoryUsage().rss - before) / 1e6} MB`)
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
