/** The samples of docs/outputs.md, from the golden file of a flow that a test runs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const GOLDEN = join(__dirname, '..', 'test', 'nodes', 'golden', 'sensorist.json')

type Row = Record<string, unknown>

interface Golden {
  values: [Row, ...Row[]]
  object: unknown
  influx: [unknown, ...unknown[]]
  rows: [Row, ...Row[]]
}

const golden = (): Golden => JSON.parse(readFileSync(GOLDEN, 'utf8')) as Golden

const block = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``

/** JSON with one line for each property of the outermost object, or item of a list. */
function lines(value: unknown): string {
  if (Array.isArray(value)) return `[\n${value.map((item) => `  ${oneLine(item)}`).join(',\n')}\n]`
  return `{\n${Object.entries(value as Row).map(([name, entry]) => `  ${JSON.stringify(name)}: ${oneLine(entry)}`).join(',\n')}\n}`
}

const oneLine = (value: unknown): string => JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ')

/** The statement of the sqlite node: its placeholders are the names in `msg.params`. */
function statement([row]: Golden['rows']): string {
  const columns = Object.keys(row)
  return `INSERT INTO readings (${columns.join(', ')})\nVALUES (${columns.map((column) => `$${column}`).join(', ')})`
}

/** The first value; its reading is like any other. */
const valueSample = ([{ reading: _reading, ...message }]: Golden['values']): string => lines({ ...message, reading: {} }).replace('{}', '{ … }')

export const outputSamples: Readonly<Record<string, () => string>> = {
  valuesSample: () => block('json', valueSample(golden().values)),
  objectSample: () => block('json', lines(golden().object)),
  influxSample: () => block('json', lines([golden().influx[0]])),
  rowsSample: () => block('json', lines([golden().rows[0]])),
  rowsStatement: () => block('sql', statement(golden().rows)),
}
