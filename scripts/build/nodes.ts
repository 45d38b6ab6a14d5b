/** Writes the flat pairs of js and html that Node-RED loads, with their catalogs and icons. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { knownVendors, nodeSets, type NodeSet } from '../../src/nodes/types'
import { bundle } from './bundle'
import { catalogOf } from './catalog'
import { GENERATED, html } from './html'
import { writeNodeList } from './package-json'
import { EDITOR, ICONS, NODES, TRANSLATIONS } from './paths'
import { writeSentences } from './sentences'

function script(set: NodeSet): string {
  if (set.kind === 'action') return `module.exports = require('./actions/register').registerAction('${set.verb}')`
  if (set.kind === 'store') return `module.exports = require('./store/register').registerStore`
  return `module.exports = require('./accounts/register').registerAccount('${set.vendor.id}')`
}

/** @returns the types that were written */
export async function writeNodes(): Promise<string[]> {
  const sets = nodeSets()
  const style = readFileSync(join(EDITOR, 'style.css'), 'utf8')
  const english = join(NODES, 'locales', 'en-US')
  mkdirSync(english, { recursive: true })
  const bundles = await Promise.all(sets.map((set) => bundle(set, knownVendors)))
  for (const [index, set] of sets.entries()) {
    const catalog = catalogOf(set, knownVendors)
    writeFileSync(join(NODES, `${set.type}.js`), `// ${GENERATED}\n${script(set)}\n`)
    writeFileSync(join(NODES, `${set.type}.html`), html(set, knownVendors, bundles[index] ?? '', style))
    writeFileSync(join(english, `${set.type}.json`), `${JSON.stringify({ language: 'en-US', ...catalog }, null, 2)}\n`)
  }
  const types = sets.map((set) => set.type)
  copyIcons()
  copyTranslations(types)
  writeSentences()
  writeNodeList(types)
  return types
}

function copyIcons(): void {
  const target = join(NODES, 'icons')
  mkdirSync(target, { recursive: true })
  for (const file of readdirSync(ICONS)) if (file.endsWith('.svg')) copyFileSync(join(ICONS, file), join(target, file))
}

/** Catalogs and help that people translated, beside the generated English ones. */
function copyTranslations(types: readonly string[]): void {
  if (!existsSync(TRANSLATIONS)) return
  for (const language of readdirSync(TRANSLATIONS, { withFileTypes: true })) {
    if (!language.isDirectory()) continue
    for (const type of types)
      for (const extension of ['json', 'html']) {
        const source = join(TRANSLATIONS, language.name, `${type}.${extension}`)
        if (!existsSync(source)) continue
        const folder = join(NODES, 'locales', language.name)
        mkdirSync(folder, { recursive: true })
        copyFileSync(source, join(folder, `${type}.${extension}`))
      }
  }
}
