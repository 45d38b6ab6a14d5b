/** The list of node sets in package.json. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths'

interface Manifest {
  'node-red': { nodes: Record<string, string> }
}

/** Writes the file only when the list changed, so that a build leaves no trace. */
export function writeNodeList(types: readonly string[]): void {
  const path = join(ROOT, 'package.json')
  const text = readFileSync(path, 'utf8')
  const manifest = JSON.parse(text) as Manifest
  manifest['node-red'].nodes = Object.fromEntries(types.map((type) => [type, `dist/nodes/${type}.js`]))
  const updated = `${JSON.stringify(manifest, null, 2)}\n`
  if (updated !== text) writeFileSync(path, updated)
}
