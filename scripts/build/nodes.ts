/** Writes the flat pairs of js and html that Node-RED loads, with their catalogs and icons. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { knownVendors, nodeSets, type NodeSet } from '../../src/nodes/runtime/node-types'
import { bundle } from './bundle'
import { catalogOf } from './catalog'
import { GENERATED, helpScript, html } from './html'
import { writeNodeList } from './package-json'
import { EDITOR, ICONS, NODES } from './paths'
import { writeSentences } from './sentences'
import { languages, readTranslations, translatorOf } from './translation'

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

function script(set: NodeSet): string {
  const entries = `module.exports = require('./runtime')`
  if (set.kind === 'action') return `${entries}.actionEntry('${set.verb}')`
  if (set.kind === 'store') return `${entries}.storeEntry`
  return set.kind === 'event' ? `${entries}.eventEntry()` : `${entries}.accountEntry('${set.vendor.id}')`
}

/** @returns the types that were written */
export async function writeNodes(): Promise<string[]> {
  const sets = nodeSets()
  const style = readFileSync(join(EDITOR, 'style.css'), 'utf8')
  const english = join(NODES, 'locales', 'en-US')
  mkdirSync(english, { recursive: true })
  const bundles = await Promise.all(sets.map((set) => bundle(set, knownVendors)))
  for (const [index, set] of sets.entries()) {
    writeFileSync(join(NODES, `${set.type}.js`), `// ${GENERATED}\n${script(set)}\n`)
    writeFileSync(join(NODES, `${set.type}.html`), html(set, knownVendors, bundles[index] ?? '', style))
    writeFileSync(join(english, `${set.type}.json`), json({ language: 'en-US', ...catalogOf(set, knownVendors) }))
  }
  const types = sets.map((set) => set.type)
  copyIcons()
  writeTranslations(sets)
  writeSentences()
  writeNodeList(types)
  return types
}

function copyIcons(): void {
  const target = join(NODES, 'icons')
  mkdirSync(target, { recursive: true })
  for (const file of readdirSync(ICONS)) if (file.endsWith('.svg')) copyFileSync(join(ICONS, file), join(target, file))
}

/** Catalogs and help of each language that people translated. English help stands in the html of the nodes. */
function writeTranslations(sets: readonly NodeSet[]): void {
  for (const language of languages()) {
    const translate = translatorOf(readTranslations(language))
    const folder = join(NODES, 'locales', language)
    mkdirSync(folder, { recursive: true })
    for (const set of sets) {
      writeFileSync(join(folder, `${set.type}.json`), json({ language, ...catalogOf(set, knownVendors, translate) }))
      writeFileSync(join(folder, `${set.type}.html`), helpScript(set, knownVendors, translate))
    }
  }
}
