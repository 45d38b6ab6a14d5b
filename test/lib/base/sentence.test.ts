import { strict as assert } from 'node:assert'
import { sentences } from '../../../scripts/build/sentences'
import { ApiError } from '../../../src/lib/base/api-error'
import { formText, joined, sentence, sentenceOf, verbatim, type Translate } from '../../../src/lib/base/sentence'
import { sentenceKey } from '../../../src/nodes/editor/descriptor'

const german =
  (texts: Readonly<Record<string, string>>): Translate =>
  (template) =>
    texts[template]

describe('a sentence', () => {
  it('is English with its values in place', () => {
    assert.equal(String(sentence`the queue holds ${12} entries`), 'the queue holds 12 entries')
    assert.equal(sentence`the queue holds ${12} entries`.template, 'the queue holds __1__ entries')
    assert.equal(String(joined(['a', 'b', 'c'])), 'a and b and c')
  })

  it('has its values where another language wants them', () => {
    const said = sentence`${'limit'} must be at least ${1}`
    assert.equal(said.in(german({ '__1__ must be at least __2__': 'mindestens __2__ für __1__' })), 'mindestens 1 für limit')
  })

  it('says the sentences and texts within it in the same language, and the rest in English', () => {
    const said = sentence`${formText('Base URL')} ${sentence`is missing`}; ${sentence`try again`}`
    const translate = german({ 'Base URL': 'Basis-URL', 'is missing': 'fehlt' })
    assert.equal(said.in(translate), 'Basis-URL fehlt; try again')
  })

  it('takes nothing in a value for a place or a template', () => {
    const said = sentence`"${'__2__'}" is not "${'is missing'}"`
    assert.equal(said.in(german({ 'is missing': 'fehlt' })), '"__2__" is not "is missing"')
    assert.equal(String(verbatim('$& __1__')), '$& __1__')
  })

  it('is cleaned at the end, in whatever language', () => {
    const said = sentence`key ${'top-secret'} is refused`.finished((text) => text.replaceAll('top-secret', '•••'))
    assert.equal(String(sentence`Example: ${said}`), 'Example: key ••• is refused')
    assert.equal(said.in(german({ 'key __1__ is refused': 'Der Schlüssel __1__ wird abgelehnt' })), 'Der Schlüssel ••• wird abgelehnt')
  })

  it('stands in an error that prints it once', () => {
    const error = new ApiError('INVALID', sentence`wrong ${1}`)
    assert.equal(error.message, 'wrong 1')
    assert.deepEqual(Object.keys(error).filter((key) => key.includes('entence')), [])
    assert.equal(String(sentenceOf(new Error('ours it is not'))), 'ours it is not')
  })
})

describe('the sentences of the sources', () => {
  it('are all found, with what is quoted in them', () => {
    const all = sentences()
    for (const text of ['the queue holds __1__ entries and may hold __2__; wait until some are delivered', 'must not be blank', 'an e-mail address', 'per month'])
      assert.ok(all.includes(text), text)
    assert.equal(new Set(all).size, all.length)
    assert.ok(all.length > 200, `${all.length} sentences`)
  })

  it('have keys of their own in catalogs', () => {
    const keys = new Map(sentences().map((text) => [sentenceKey(text), text]))
    for (const text of sentences()) assert.equal(keys.get(sentenceKey(text)), text)
  })
})
