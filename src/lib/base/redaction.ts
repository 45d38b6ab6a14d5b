/** Removes secrets from all texts that are shown. Finds them by value, also in the encodings in which servers repeat them. */
import { CUT } from './foreign'

/** Stands in the place of a secret. */
const MASK = '•••'

/** A longer secret fits into no header, so that no server can repeat it in another form. */
const LONGEST_ENCODED = 65_536

/** As it is, in JSON, in a URL and in a form, in base64 as in a Basic header, and in hex. */
function formsOf(secret: string): string[] {
  if (secret.length > LONGEST_ENCODED) return [folded(secret)]
  const bytes = Buffer.from(secret)
  const json = JSON.stringify(secret).slice(1, -1)
  // Half of a pair of code units cannot stand in a URL.
  const url = encodeURIComponent(secret.replace(/\p{Surrogate}/gu, '\ufffd'))
  // A form has another blank than a URL. A server that repeats a request's body repeats this one.
  const form = new URLSearchParams([['', secret]]).toString().slice(1)
  const forms = [secret, json, url, form, bytes.toString('base64'), bytes.toString('hex')]
  return forms.map(folded)
}

/** Hex digits and `%2f` come in either case. Letters that become two in lower case stay, so that all positions stay. */
function folded(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** Levels of an error body that are shown. Node-RED copies messages by a function that calls itself for each level. */
const DEEPEST = 200

/** Takes time in proportion to the text, for each form of each secret. */
export class Redactor {
  /** All forms of all secrets, the longest first, since one may contain another. */
  #forms: string[] = []
  readonly #lasting = new Map<string, readonly string[]>()
  /** The latest last. */
  readonly #tokens = new Map<string, readonly string[]>()

  /** Shorter secrets stay, because removing them would only mutilate ordinary text. */
  static readonly SHORTEST = 4
  /** Past tokens that are still removed, since a late error may repeat one. */
  static readonly TOKENS = 10

  /** Secrets that stay; each also without the blanks around it, as servers may repeat it. */
  add(...secrets: readonly string[]): void {
    for (const given of secrets)
      for (const secret of [given, given.trim()])
        if (secret.length >= Redactor.SHORTEST && !this.#lasting.has(secret)) this.#lasting.set(secret, formsOf(secret))
    this.#order()
  }

  /** A secret that others follow, for as long as the process runs. */
  addToken(token: string): void {
    if (token.length < Redactor.SHORTEST) return
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
      known = masked(known, known, form)
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
    for (const form of this.#forms) longest = Math.max(longest, overlap(known, form))
    return longest >= Redactor.SHORTEST ? longest : 0
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
  const parts: string[] = []
  let from = 0
  for (let at = known.indexOf(form); at !== -1; at = known.indexOf(form, from)) {
    parts.push(text.slice(from, at))
    from = at + form.length
  }
  return [...parts, text.slice(from)].join(MASK)
}

/**
 * Length of the longest end of a text that is a beginning of a form, but not all of it. Knuth, Morris and Pratt's table
 * makes it linear: comparing each length by itself is quadratic for a long token.
 */
function overlap(text: string, form: string): number {
  const most = Math.min(text.length, form.length - 1)
  if (most < Redactor.SHORTEST) return 0
  const borders = bordersOf(form.slice(0, most))
  let matched = 0
  for (let at = text.length - most; at < text.length; at += 1) {
    const next = text.charCodeAt(at)
    while (matched > 0 && (matched === most || form.charCodeAt(matched) !== next)) matched = borders[matched - 1] ?? 0
    if (form.charCodeAt(matched) === next) matched += 1
  }
  return matched
}

/** For each beginning of a text, the length of its longest end that is a shorter beginning. */
function bordersOf(text: string): Uint32Array {
  const borders = new Uint32Array(text.length)
  let border = 0
  for (let at = 1; at < text.length; at += 1) {
    while (border > 0 && text.charCodeAt(at) !== text.charCodeAt(border)) border = borders[border - 1] ?? 0
    if (text.charCodeAt(at) === text.charCodeAt(border)) border += 1
    borders[at] = border
  }
  return borders
}
