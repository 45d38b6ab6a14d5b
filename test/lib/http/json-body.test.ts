import assert from 'node:assert/strict'
import { parseJson, UnboundedJson } from '../../../src/lib/http/response'

describe('parseJson', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

  it('parses JSON', () => {
    assert.deepEqual(parseJson('{"a":[1,{"b":null}],"c":"x"}'), { a: [1, { b: null }], c: 'x' })
  })

  it('throws SyntaxError for what is no JSON, also where a text has no end', () => {
    for (const text of ['{', '"abc', '"abc\\', 'NaN', '']) assert.throws(() => parseJson(text), SyntaxError)
  })

  it('takes 200 levels, and refuses more', () => {
    assert.doesNotThrow(() => parseJson(nested(200)))
    assert.throws(() => parseJson(nested(201)), UnboundedJson)
  })

  it('takes 500,000 lists and objects, and refuses more', () => {
    assert.doesNotThrow(() => parseJson(`[${'{},'.repeat(499_998)}{}]`))
    assert.throws(() => parseJson(`[${'{},'.repeat(499_999)}{}]`), UnboundedJson)
  })

  it('counts no brackets in texts, also behind an escaped quotation mark', () => {
    const text = JSON.stringify([`\\"${'[{'.repeat(1_000)}`, '"', '\\'])
    assert.deepEqual(parseJson(text), JSON.parse(text))
  })
})
