/** Sentences that users read, kept as templates so that they can be translated. Runs in the editor too. */

/** A value in a sentence: a name, a number, a user's input, or another sentence. */
export type Words = Sentence | string | number | boolean

/** The translation of an English template; undefined where a language has none, so that the English text is used. */
export type Translate = (template: string) => string | undefined

type Finish = (text: string) => string

export class Sentence {
  /** English text with `__1__`, `__2__` … in place of values, which other languages may put in another order. */
  readonly template: string
  readonly #values: readonly Words[]
  readonly #finish: Finish | undefined

  constructor(template: string, values: readonly Words[] = [], finish?: Finish) {
    this.template = template
    this.#values = values
    this.#finish = finish
  }

  /** The same sentence with a last step that changes its text in any language, such as removing secrets. */
  finished(finish: Finish): Sentence {
    const earlier = this.#finish
    return new Sentence(this.template, this.#values, earlier ? (text) => finish(earlier(text)) : finish)
  }

  /** Its text in a language. */
  in(translate: Translate): string {
    const template = translate(this.template) ?? this.template
    // In one pass, so that nothing in a value is taken for a placeholder.
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

/** Tag of a template that is a sentence, or the end of one. */
export const sentence = (parts: TemplateStringsArray, ...values: readonly Words[]): Sentence =>
  new Sentence(parts.reduce((template, part, index) => `${template}__${index}__${part}`), values)

/**
 * A sentence about a count: each form is a template of its own, so that every language can translate both.
 * @param one for a count of 1
 */
export const plural = (count: number, one: Sentence, other: Sentence): Sentence => (count === 1 ? one : other)

/** A text that forms show too, such as a label, so that it has a translation of its own. */
export const formText = (text: string): Sentence => new Sentence(text)

/** A text that stays the same in every language, such as another program's message. */
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

/** The sentence of an error. The message of an error from elsewhere stays as it is. */
export function sentenceOf(error: unknown): Sentence {
  if (error instanceof SentenceError) return error.sentence
  return verbatim(error instanceof Error ? error.message : String(error))
}

/** Names as a list: `a and b and c`. */
export const joined = (names: readonly Words[]): Words =>
  names.length === 0 ? '' : names.reduce((list, name) => sentence`${list} and ${name}`)
