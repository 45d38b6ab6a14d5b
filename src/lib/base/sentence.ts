/** Sentences that users read, as templates, so that they can be said in any language. Runs in the editor too. */

/** What may stand in a sentence: a name, a number, what a user gave, or another sentence. */
export type Words = Sentence | string | number | boolean

/** What a language says for an English template; undefined where it has nothing, so that English stands. */
export type Translate = (template: string) => string | undefined

type Finish = (text: string) => string

export class Sentence {
  /** English, with `__1__`, `__2__` … where values stand: another language may put them in another order. */
  readonly template: string
  readonly #values: readonly Words[]
  readonly #finish: Finish | undefined

  constructor(template: string, values: readonly Words[] = [], finish?: Finish) {
    this.template = template
    this.#values = values
    this.#finish = finish
  }

  /** The same sentence whose text, in whatever language, is changed so at the end. */
  finished(finish: Finish): Sentence {
    const earlier = this.#finish
    return new Sentence(this.template, this.#values, earlier ? (text) => finish(earlier(text)) : finish)
  }

  /** Its text in a language. */
  in(translate: Translate): string {
    const template = translate(this.template) ?? this.template
    // In one pass: what looks like a place in a value is none.
    const text = template.replace(/__(\d+)__/g, (place, number: string) => {
      const value = this.#values[Number(number) - 1]
      return value === undefined ? place : value instanceof Sentence ? value.in(translate) : String(value)
    })
    return this.#finish ? this.#finish(text) : text
  }

  toString(): string {
    return this.in(() => undefined)
  }
}

/** The tag of a template that is a sentence, or the end of one. */
export const sentence = (parts: TemplateStringsArray, ...values: readonly Words[]): Sentence =>
  new Sentence(parts.reduce((template, part, index) => `${template}__${index}__${part}`), values)

/**
 * A sentence about a count: each form is a template of its own, so that every language can translate both.
 * @param one for a count of 1
 */
export const plural = (count: number, one: Sentence, other: Sentence): Sentence => (count === 1 ? one : other)

/** A text that stands as it is in a form too, such as a label, so that languages know it whole. */
export const formText = (text: string): Sentence => new Sentence(text)

/** What is said as it is in every language, such as another program's words. */
export const verbatim = (text: string): Sentence => new Sentence('__1__', [text])

/** An error whose message is a sentence; the message itself is English. */
export class SentenceError extends Error {
  /** Private, so that nothing which prints an error's properties prints it again. */
  readonly #sentence: Sentence

  constructor(said: Sentence) {
    super(String(said))
    this.#sentence = said
  }

  get sentence(): Sentence {
    return this.#sentence
  }
}

/** What an error says; the words of an error that is none of ours stay as they are. */
export function sentenceOf(error: unknown): Sentence {
  if (error instanceof SentenceError) return error.sentence
  return verbatim(error instanceof Error ? error.message : String(error))
}

/** Names as a list: `a and b and c`. */
export const joined = (names: readonly Words[]): Words =>
  names.length === 0 ? '' : names.reduce((list, name) => sentence`${list} and ${name}`)
