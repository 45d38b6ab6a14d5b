/** Whether what is generated and kept still says what its source says. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nodeSets, type NodeSet } from '../../src/nodes/runtime/node-types'
import { VENDOR_TYPES, vendorTypes } from '../build/vendor-types'
import { documents, missingTables, withTables } from '../docs'
import { ROOT } from './sources'

/** The register of each vendor and operation folder. @returns what is stale */
export function staleRegisters(root: string = ROOT): Promise<string[]> {
  const script = join(root, 'scripts', 'registers.ts')
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', script, '--check'], { cwd: ROOT, timeout: 60_000 }, (error, _output, complaint) =>
      resolve(error ? [complaint.trim() || error.message] : []),
    )
  })
}

/** What package.json tells Node-RED to load. */
export const nodesOfManifest = (sets: readonly NodeSet[]): Record<string, string> =>
  Object.fromEntries(sets.map(({ type }) => [type, `dist/nodes/${type}.js`]))

export function staleManifest(manifest: string, sets: readonly NodeSet[] = nodeSets()): string[] {
  const { 'node-red': declared } = JSON.parse(manifest) as { 'node-red'?: { nodes?: Record<string, string> } }
  const entries = (nodes: Record<string, string>): string => JSON.stringify(Object.entries(nodes).sort())
  return entries(declared?.nodes ?? {}) === entries(nodesOfManifest(sets))
    ? []
    : ['package.json: node-red.nodes is not the list of node sets; run npm run build']
}

/** The types of the library. */
export const staleVendorTypes = (text: string): string[] => (text === vendorTypes() ? [] : ['src/lib/library/vendor-types.ts is stale; run npm run build'])

/** Documents by their paths. @returns those whose tables are not what the vocabulary says, and tables that stand nowhere */
export const staleDocuments = (texts: Readonly<Record<string, string>>): string[] => [
  ...Object.entries(texts).flatMap(([path, text]) => (withTables(text) === text ? [] : [`${path}: a generated table is stale; run npm run docs`])),
  ...missingTables(Object.values(texts)).map((name) => `no document shows the table "${name}"`),
]

/** Everything that is stale in this checkout. */
export async function stale(): Promise<string[]> {
  const read = (file: string): Promise<string> => readFile(join(ROOT, file), 'utf8')
  const [registers, types, manifest, ...texts] = await Promise.all([staleRegisters(), readFile(VENDOR_TYPES, 'utf8'), read('package.json'), ...documents().map(read)])
  const named = Object.fromEntries(documents().map((path, index) => [path, texts[index] ?? '']))
  return [...registers, ...staleVendorTypes(types), ...staleManifest(manifest), ...staleDocuments(named)]
}
