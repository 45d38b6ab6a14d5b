/** The redactor beside the list of the secrets that it knows: none of them is left in a text, and nothing else changes. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { CUT } from '../../src/lib/base/foreign'
import { Redactor } from '../../src/lib/base/redaction'
import { checkHistories } from './histories'

/** Characters of secrets; some of them need an escape in JSON, in a URL or in both. */
const secret = fc.string({ unit: fc.constantFrom('a', 'B', '7', '/', '+', '"', '\\', ' ', '%', 'é', '😀', '.'), minLength: 1, maxLength: 12 })
/** No secret has one of these, and no encoding of one does. */
const ordinary = fc.string({ unit: fc.constantFrom('x', 'y', 'z', 'ж', '-', '\n'), maxLength: 10 })

/** How servers repeat what they were sent. */
const FORMS = {
  plain: (text: string) => text,
  'other case': (text: string) => text.toUpperCase(),
  json: (text: string) => JSON.stringify(text).slice(1, -1),
  url: (text: string) => encodeURIComponent(text),
  'lower url': (text: string) => encodeURIComponent(text).toLowerCase(),
  form: (text: string) => new URLSearchParams({ a: text }).toString().slice(2),
  base64: (text: string) => Buffer.from(text).toString('base64'),
  hex: (text: string) => Buffer.from(text).toString('hex'),
} as const

type Form = keyof typeof FORMS
const form = fc.constantFrom(...(Object.keys(FORMS) as Form[]))

type Step =
  | { do: 'add' | 'add token'; secret: string }
  | { do: 'text'; before: string; which: number; form: Form; after: string }
  | { do: 'cut'; before: string; which: number; form: Form; length: number }
  | { do: 'data'; which: number; form: Form; depth: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('add' as const, 'add token' as const), secret }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('text' as const), before: ordinary, which: fc.nat(30), form, after: ordinary }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), before: ordinary, which: fc.nat(30), form, length: fc.nat(40) }) },
  fc.record({ do: fc.constant('data' as const), which: fc.nat(30), form, depth: fc.nat(5) }),
)

class World {
  readonly #redactor = new Redactor()
  readonly #lasting = new Set<string>()
  /** The latest last. */
  #tokens: string[] = []

  apply(step: Step): void {
    if (step.do === 'text') this.#text(step)
    else if (step.do === 'cut') this.#cut(step)
    else if (step.do === 'data') this.#data(step)
    else if (step.do === 'add') this.#add(step.secret)
    else this.#addToken(step.secret)
  }

  #add(given: string): void {
    this.#redactor.add(given)
    for (const one of [given, given.trim()]) if (one.length >= Redactor.SHORTEST) this.#lasting.add(one)
  }

  #addToken(token: string): void {
    this.#redactor.addToken(token)
    if (token.length < Redactor.SHORTEST) return
    this.#tokens = [...this.#tokens.filter((known) => known !== token), token].slice(-Redactor.TOKENS)
  }

  get #secrets(): string[] {
    return [...this.#lasting, ...this.#tokens]
  }

  #repeated(which: number, form: Form): string {
    const secrets = this.#secrets
    const chosen = secrets[which % Math.max(1, secrets.length)] ?? 'xyz'
    // Only letters of ASCII have another case.
    return form === 'other case' && /[^\x20-\x7e]/.test(chosen) ? chosen : FORMS[form](chosen)
  }

  #text({ after, before, form, which }: Extract<Step, { do: 'text' }>): void {
    const repeated = this.#repeated(which, form)
    const clean = this.#redactor.text(before + repeated + after)
    this.#check(clean)
    assert.ok(clean.startsWith(before) && clean.endsWith(after), 'what is no secret stays')
    assert.equal(this.#redactor.text(before), before)
    assert.equal(this.#redactor.text(clean), clean, 'a clean text stays as it is')
  }

  /** A text that is cut in the middle of a secret holds no beginning of it. */
  #cut({ before, form, length, which }: Extract<Step, { do: 'cut' }>): void {
    const beginning = this.#repeated(which, form).slice(0, length)
    const clean = this.#redactor.text(before + beginning + CUT)
    this.#check(clean)
    if (this.#secrets.length > 0 && beginning.length >= Redactor.SHORTEST) assert.ok(!clean.includes(beginning), `"${clean}" has the beginning of a secret`)
  }

  #data({ depth, form, which }: Extract<Step, { do: 'data' }>): void {
    const repeated = this.#repeated(which, form)
    let data: unknown = { [repeated]: [repeated, 5, null, true] }
    for (let level = 0; level < depth; level += 1) data = { inner: data }
    const strings: string[] = []
    JSON.stringify(this.#redactor.data(data), (key: string, value: unknown) => {
      strings.push(key, ...(typeof value === 'string' ? [value] : []))
      return value
    })
    for (const text of strings) this.#check(text)
  }

  #check(clean: string): void {
    for (const one of this.#secrets)
      for (const [name, encode] of Object.entries(FORMS))
        if (name !== 'other case') assert.ok(!clean.includes(encode(one)), `"${clean}" has the secret "${one}" as ${name}`)
  }
}

describe('the redactor and its model', () => {
  it('agree that no known secret is left, and nothing else is lost', () =>
    checkHistories(fc.constant(undefined), step, (_setting, steps) => {
      const world = new World()
      for (const one of steps) world.apply(one)
    }))
})
