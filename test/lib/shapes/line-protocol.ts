/**
 * InfluxDB's line protocol: points as the clients write them, and a reader that refuses whatever the database would.
 * From InfluxData's "Line protocol reference": measurement[,tag=value…] field=value[,field=value…] [timestamp].
 */
export interface ParsedLine {
  measurement: string
  tags: Record<string, string>
  fields: Record<string, number | string | boolean>
  /** As written, in the precision of the request. */
  timestamp: string | undefined
}

interface Written {
  measurement: string
  tags: Readonly<Record<string, string>>
  fields: Readonly<Record<string, unknown>>
  timestamp: Date
}

const escaped = (text: string): string => text.replace(/[,= ]/g, '\\$&')

/** As the clients for version 1 and 2 write a point: the first does not escape the measurement. */
export function linesOf(point: Written | undefined): string[] {
  if (!point) return []
  const { fields, measurement, tags, timestamp } = point
  const tagText = Object.entries(tags).map(([name, value]) => `,${escaped(name)}=${escaped(value)}`).join('')
  const fieldText = Object.entries(fields).map(([name, value]) => `${escaped(name)}=${typeof value === 'string' ? `"${value.replace(/["\\]/g, '\\$&')}"` : String(value)}`).join(',')
  const rest = `${tagText} ${fieldText} ${timestamp.getTime()}`
  return [`${measurement}${rest}`, `${measurement.replace(/[, ]/g, '\\$&')}${rest}`]
}

const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const INTEGER = /^-?\d+[iu]$/
const TRUE = new Set(['t', 'T', 'true', 'True', 'TRUE'])
const FALSE = new Set(['f', 'F', 'false', 'False', 'FALSE'])

/** @throws Error for a line that is not valid */
export function parseLine(line: string): ParsedLine {
  const reader = new LineReader(line)
  const measurement = reader.name(', ')
  const tags: Record<string, string> = {}
  while (reader.skip(',')) {
    const name = reader.name('=')
    if (!reader.skip('=')) throw new Error(`a tag without a value in ${line}`)
    tags[name] = reader.name(', ')
  }
  if (!reader.skip(' ')) throw new Error(`no fields in ${line}`)
  const fields: ParsedLine['fields'] = {}
  do {
    const name = reader.name('=')
    if (!reader.skip('=')) throw new Error(`a field without a value in ${line}`)
    fields[name] = reader.value()
  } while (reader.skip(','))
  const timestamp = reader.skip(' ') ? reader.rest() : undefined
  if (reader.rest() !== '') throw new Error(`more than a point in ${line}`)
  if (timestamp !== undefined && !/^-?\d+$/.test(timestamp)) throw new Error(`the time is ${timestamp} in ${line}`)
  return { measurement, tags, fields, timestamp }
}

class LineReader {
  #text: string

  constructor(text: string) {
    this.#text = text
  }

  skip(character: string): boolean {
    if (!this.#text.startsWith(character)) return false
    this.#text = this.#text.slice(character.length)
    return true
  }

  /** A name or tag value, which must not be empty, up to one of these characters that is not escaped. */
  name(ends: string): string {
    let name = ''
    while (this.#text !== '' && !ends.includes(this.#text.charAt(0))) {
      if (/^\\[,= ]/.test(this.#text)) this.#text = this.#text.slice(1)
      const character = String.fromCodePoint(this.#text.codePointAt(0) ?? 0)
      if (/[\r\n]/.test(character)) throw new Error('a line break in a name')
      name += character
      this.#text = this.#text.slice(character.length)
    }
    if (name === '' || name.endsWith('\\')) throw new Error(`the name "${name}" before "${this.#text}"`)
    return name
  }

  value(): number | string | boolean {
    const [quoted] = /^"(?:[^"\\]|\\[\s\S])*"/.exec(this.#text) ?? []
    const text = quoted ?? (/^[^, ]*/.exec(this.#text)?.[0] ?? '')
    this.#text = this.#text.slice(text.length)
    if (quoted !== undefined) return quoted.slice(1, -1).replace(/\\(["\\])/g, '$1')
    if (TRUE.has(text)) return true
    if (FALSE.has(text)) return false
    if (!NUMBER.test(text) && !INTEGER.test(text)) throw new Error(`the field value "${text}"`)
    return parseFloat(text)
  }

  /** What is left, which is then read. */
  rest(): string {
    const text = this.#text
    this.#text = ''
    return text
  }
}
