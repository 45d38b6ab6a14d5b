/** Nodes of other palettes that examples use, as an editor draws them: name, colour and ports, without a form. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../package/installation'

interface Drawn {
  color?: string
  inputs?: number
  outputs?: number
  align?: 'right'
  /** Properties that name a config node, with its type. */
  refersTo?: Readonly<Record<string, string>>
  /** Has no place on the canvas. */
  config?: true
}

const DRAWN: Readonly<Record<string, Drawn>> = {
  influxdb: { config: true },
  'influxdb batch': { color: '#dac4b4', inputs: 1, align: 'right', refersTo: { influxdb: 'influxdb' } },
  sqlitedb: { config: true },
  sqlite: { color: '#e97b00', inputs: 1, outputs: 1, refersTo: { mydb: 'sqlitedb' } },
  worldmap: { color: 'darksalmon', inputs: 1, align: 'right' },
}

const fileName = (type: string): string => type.replace(' ', '-')

const runtimeOf = (type: string): string =>
  `module.exports = (RED) => RED.nodes.registerType('${type}', function (config) { RED.nodes.createNode(this, config) })\n`

function definitionOf(type: string, { color, inputs = 0, outputs = 0, align, refersTo = {}, config }: Drawn): string {
  const references = Object.entries(refersTo).map(([property, node]) => [property, { value: '', type: node }] as const)
  const defaults = { name: { value: '' }, ...Object.fromEntries(references) }
  const definition = { category: config ? 'config' : 'storage', color, defaults, inputs, outputs, align, icon: 'db.svg' }
  const label = `label() { return this.name || '${type}' }`
  return `<script>RED.nodes.registerType('${type}', { ...${JSON.stringify(definition)}, ${label} })</script>\n<script type="text/html" data-template-name="${type}"></script>\n`
}

/** Writes the nodes into a folder that Node-RED takes as `nodesDir`. */
export function palettes(): string {
  const folder = join(ROOT, '.tmp', 'palettes')
  mkdirSync(folder, { recursive: true })
  for (const [type, drawn] of Object.entries(DRAWN)) {
    writeFileSync(join(folder, `${fileName(type)}.js`), runtimeOf(type))
    writeFileSync(join(folder, `${fileName(type)}.html`), definitionOf(type, drawn))
  }
  return folder
}
