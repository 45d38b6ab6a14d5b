/** Nodes of other packages that the examples use. The editor needs them to draw an example; none of them does anything here. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../package/installation'
import { FILES, read } from '../examples/flows'

const DASHBOARD = dirname(require.resolve('@flowfuse/node-red-dashboard/package.json'))

interface Look {
  color: string
  /** Of Node-RED's own icons. */
  icon: string
  inputs: number
  outputs: number
}

/** Look of the nodes with a place on the canvas; the others are config nodes. */
const LOOKS: Readonly<Record<string, Look>> = {
  'e-mail': { color: '#c7e9c0', icon: 'envelope.svg', inputs: 1, outputs: 0 },
  'influxdb batch': { color: '#eba3a3', icon: 'db.svg', inputs: 1, outputs: 0 },
  sqlite: { color: '#e97b00', icon: 'db.svg', inputs: 1, outputs: 1 },
  worldmap: { color: '#d8bfd8', icon: 'white-globe.svg', inputs: 1, outputs: 0 },
}
const CONFIG_NODES = ['influxdb', 'sqlitedb']

const PLACED = new Set(['id', 'type', 'z', 'x', 'y', 'wires'])

/** Source of the editor's half: every property that an example sets. */
function form(type: string): string {
  const names = FILES.flatMap((file) => read(file).filter((node) => node.type === type).flatMap((node) => Object.keys(node)))
  const defaults = Object.fromEntries([...new Set(names)].filter((name) => !PLACED.has(name)).map((name) => [name, { value: '' }]))
  const look = LOOKS[type] ? { category: 'other', ...LOOKS[type], align: 'right' } : { category: 'config' }
  const definition = JSON.stringify({ ...look, defaults }).replace(/\}$/, `, label() { return this.dname || this.name || '${type}' } }`)
  return `<script type="text/javascript">RED.nodes.registerType('${type}', ${definition})</script>\n<script type="text/html" data-template-name="${type}"></script>\n`
}

const runtime = (type: string): string =>
  `module.exports = (RED) => RED.nodes.registerType('${type}', function (def) { RED.nodes.createNode(this, def) })\n`

/** Folders for Node-RED's setting nodesDir: the dashboard, and stand-ins in a folder below .tmp/. */
export function palettes(): string[] {
  const folder = join(ROOT, '.tmp', 'palettes')
  mkdirSync(folder, { recursive: true })
  for (const type of [...Object.keys(LOOKS), ...CONFIG_NODES]) {
    const file = join(folder, type.replace(' ', '-'))
    writeFileSync(`${file}.js`, runtime(type))
    writeFileSync(`${file}.html`, form(type))
  }
  return [DASHBOARD, folder]
}
