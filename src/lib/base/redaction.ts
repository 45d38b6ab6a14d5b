/** Takes secrets out of whatever is shown: by value, in every form in which a server may write one. */

/** What stands in the place of a secret. */
const MASK = '•••'
/** Ends a text that was cut; what stands before it may be the beginning of a secret. */
export const CUT = '…'

/** The first characters of a text, marked as such where there are more. */
export const cutText = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}${CUT}` : text)

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** How HTML writes an apostrophe, of which there is more than one way. */
const APOSTROPHES = ['\'', '&#39;', '&#039;', '&#x27;', '&apos;']

const jsonOf = (text: string): string => JSON.stringify(text).slice(1, -1)
/** As PHP and Python write JSON. */
const asciiOf = (json: string): string =>
  json.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
const withSlashes = (json: string): string => json.replaceAll('/', '\\/')

function jsonForms(secret: string): string[] {
  const json = jsonOf(secret)
  const forms = [json, asciiOf(json)]
  return [...forms, ...forms.map(withSlashes), ...forms.map(jsonOf)]
}

function htmlForms(secret: string): string[] {
  const named = secret.replace(/[&<>"]/g, (character) => HTML[character] ?? character)
  const numbered = secret.replace(/[&<>"']|[^\0-\x7f]/gu, (character) => `&#${character.codePointAt(0) ?? ''};`)
  return [numbered, ...APOSTROPHES.map((apostrophe) => named.replaceAll('\'', apostrophe))]
}

function urlForms(secret: string): string[] {
  // Half of a pair of code units cannot stand in a URL.
  const url = encodeURIComponent(secret.replace(/\p{Surrogate}/gu, '\ufffd'))
  const strict = url.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
  const form = new URLSearchParams([['', secret]]).toString().slice(1)
  return [url, strict, form, encodeURIComponent(url)]
}

/** Characters of base64 that are too few to tell a secret by. */
const SHORT_BASE64 = 8

/** By itself; and wherever it stands in something longer, such as a Basic header, without what its neighbours change. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const inner = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  })
  const plain = [bytes.toString('base64'), ...inner.filter(({ length }) => length >= SHORT_BASE64)]
  return [...plain, ...plain.map((text) => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')), ...plain.map((text) => encodeURIComponent(text))]
}

/** As JSON reads it where it was written without quotes: without leading zeros, and no more exactly than it can. */
const numberForms = (secret: string): string[] => (/^\d+(\.\d+)?$/.test(secret) ? [String(Number(secret))] : [])

function formsOf(secret: string): string[] {
  // Shorter ones would only mutilate ordinary text.
  if (secret.length < Redactor.SHORTEST) return []
  const hex = Buffer.from(secret).toString('hex')
  const forms = [secret, ...jsonForms(secret), ...htmlForms(secret), ...urlForms(secret), ...base64Forms(secret), ...numberForms(secret), hex]
  return forms.filter(({ length }) => length >= Redactor.SHORTEST).map(folded)
}

/** Hex and `%2f` come in either case; a character never becomes two, lest places differ. */
function folded(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** Levels of a vendor's error body; Node-RED copies messages by a function that calls itself for each. */
const DEEPEST = 200

/** Removes secrets by value from anything that is shown. */
export class Redactor {
  /** All forms of all secrets, the longest first, since one may hold another. */
  #forms: string[] = []
  readonly #lasting = new Map<string, readonly string[]>()
  /** The latest last. */
  readonly #tokens = new Map<string, readonly string[]>()

  static readonly SHORTEST = 4
  /** An error may still speak of so many past tokens. */
  static readonly TOKENS = 10

  /** Secrets that stay. */
  add(...secrets: readonly string[]): void {
    for (const secret of secrets) if (!this.#lasting.has(secret)) this.#lasting.set(secret, formsOf(secret))
    this.#order()
  }

  /** A secret that others follow, for as long as the process runs. */
  addToken(token: string): void {
    const forms = this.#tokens.get(token) ?? formsOf(token)
    this.#tokens.delete(token)
    this.#tokens.set(token, forms)
    const [oldest] = this.#tokens.keys()
    if (this.#tokens.size > Redactor.TOKENS && oldest !== undefined) this.#tokens.delete(oldest)
    this.#order()
  }

  #order(): void {
    const forms = [...this.#lasting.values(), ...this.#tokens.values()].flat()
    this.#forms = [...new Set(forms)].sort((one, other) => other.length - one.length)
  }

  text(text: string): string {
    let clean = text
    let known = folded(clean)
    for (const form of this.#forms) {
      if (!known.includes(form)) continue
      clean = masked(clean, known, form)
      known = folded(clean)
    }
    return clean.includes(CUT) ? this.#withoutBeginnings(clean) : clean
  }

  /** Without the beginnings of secrets at which a text was cut. */
  #withoutBeginnings(text: string): string {
    const parts = text.split(CUT)
    const last = parts.pop() ?? ''
    const clean = parts.map((part) => {
      const length = this.#beginningAt(part)
      return length === 0 ? part : part.slice(0, part.length - length) + MASK
    })
    return [...clean, last].join(CUT)
  }

  /** Characters at the end of a text that are the beginning of a secret. */
  #beginningAt(text: string): number {
    const known = folded(text)
    let longest = 0
    for (const form of this.#forms)
      for (let length = Math.min(form.length - 1, known.length); length > longest && length >= Redactor.SHORTEST; length -= 1)
        if (form[length - 1] === known.at(-1) && known.endsWith(form.slice(0, length))) longest = length
    return longest
  }

  /** The same data with every text and number cleaned, as deep as a message can be copied. */
  data(value: unknown, depth = 0): unknown {
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'number') return this.#number(value)
    if (typeof value !== 'object' || value === null) return value
    if (depth === DEEPEST) return CUT
    if (Array.isArray(value)) return value.map((item) => this.data(item, depth + 1))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.data(item, depth + 1)]))
  }

  #number(value: number): number | string {
    const text = String(value)
    const clean = this.text(text)
    return clean === text ? value : clean
  }
}

/** @param known the text with its letters folded */
function masked(text: string, known: string, form: string): string {
  let clean = ''
  let from = 0
  for (let at = known.indexOf(form); at !== -1; at = known.indexOf(form, from)) {
    clean += text.slice(from, at) + MASK
    from = at + form.length
  }
  return clean + text.slice(from)
}
