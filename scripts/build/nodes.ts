/** Writes the flat pairs of js and html that Node-RED loads, with what they share in the editor, and icons. */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { knownVendors, nodeSets, type NodeSet } from '../../src/nodes/runtime/node-types'
import { PACKAGE, PLUGIN } from '../../src/nodes/runtime/language'
import { ENGLISH, linesOf, TEXT_STORE, type TextsOfLanguage } from '../../src/nodes/runtime/text-store'
import { flat, sharedCatalog, type Catalog } from './catalog'
import { editorFiles } from './editor'
import { englishTexts } from './english-texts'
import { GENERATED, html } from './html'
import { writeNodeList } from './package-json'
import { DIST, ICONS, NODES, RESOURCES, ROOT } from './paths'
import { english, languages, readTranslations, translatorOf, type Translate } from './translation'

function script(set: NodeSet): string {
  const entries = `module.exports = require('./runtime')`
  if (set.kind === 'action') return `${entries}.actionEntry('${set.verb}')`
  if (set.kind === 'store') return `${entries}.storeEntry`
  return set.kind === 'event' ? `${entries}.eventEntry()` : `${entries}.accountEntry('${set.vendor.id}')`
}

/** @returns the types that were written */
export async function writeNodes(): Promise<string[]> {
  const sets = nodeSets()
  mkdirSync(NODES, { recursive: true })
  for (const set of sets) {
    writeFileSync(join(NODES, `${set.type}.js`), `// ${GENERATED}\n${script(set)}\n`)
    writeFileSync(join(NODES, `${set.type}.html`), html(set, knownVendors))
  }
  const types = sets.map((set) => set.type)
  await writeEditor(sets)
  copyIcons()
  writeCommand()
  writeTexts(sets)
  writeNodeList(types)
  return types
}

const pluginName = PLUGIN.slice(PACKAGE.length + 1)

async function writeEditor(sets: readonly NodeSet[]): Promise<void> {
  const { palette, dialogs, sidebar, latePalette } = await editorFiles(sets)
  writeFileSync(join(NODES, `${pluginName}.html`), `<!-- ${GENERATED} -->\n${palette}`)
  mkdirSync(RESOURCES, { recursive: true })
  writeFileSync(join(RESOURCES, 'dialogs.js'), dialogs)
  writeFileSync(join(RESOURCES, 'sidebar.js'), sidebar)
  writeFileSync(join(RESOURCES, 'late-palette.js'), latePalette)
  // Node-RED keeps the html of all plugins until one registers: without this call a reload after an installation lacks this one.
  writeFileSync(join(NODES, `${pluginName}.js`), `// ${GENERATED}\nmodule.exports = (RED) => RED.plugins.registerPlugin('${PACKAGE}', {})\n`)
}

/** The command of the package, in the runtime that the nodes share. */
const writeCommand = (): void =>
  writeFileSync(join(DIST, 'cli.js'), `#!/usr/bin/env node\n// ${GENERATED}\nvoid require('./nodes/runtime').runCheckCommand()\n`, { mode: 0o755 })

function copyIcons(): void {
  const target = join(NODES, 'icons')
  mkdirSync(target, { recursive: true })
  for (const file of readdirSync(ICONS)) if (file.endsWith('.svg')) copyFileSync(join(ICONS, file), join(target, file))
}

/** For each language the catalog of the palette, which Node-RED reads itself, and its line of the text store. */
function writeTexts(sets: readonly NodeSet[]): void {
  const { palette, dialogs } = sharedCatalog(sets, knownVendors)
  const inCatalogs = new Set([...flat(palette), ...flat(dialogs)].map(([, text]) => text))
  const others = englishTexts().filter((text) => !inCatalogs.has(text))
  const translators: [language: string, translate: Translate][] = languages().map((language) => [language, translatorOf(readTranslations(language))])
  const texts = [[ENGLISH, english] as const, ...translators].map(([language, translate]): TextsOfLanguage => {
    const translated = sharedCatalog(sets, knownVendors, translate)
    writePaletteTexts(language, translated.palette)
    return { language, dialogs: translated.dialogs, others: others.map(translate) }
  })
  writeFileSync(join(ROOT, TEXT_STORE), compressed(linesOf(texts)))
}

function writePaletteTexts(language: string, palette: Catalog): void {
  const folder = join(NODES, 'locales', language)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${pluginName}.json`), `${JSON.stringify({ language, ...palette })}\n`)
}

/** The window spans all languages, so that what they share is stored once. */
function compressed(text: string): Buffer {
  const { BROTLI_PARAM_MODE, BROTLI_MODE_TEXT, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants
  const size = Buffer.byteLength(text)
  const window = Math.min(constants.BROTLI_MAX_WINDOW_BITS, Math.ceil(Math.log2(size)) + 1)
  return brotliCompressSync(text, { params: { [BROTLI_PARAM_MODE]: BROTLI_MODE_TEXT, [BROTLI_PARAM_LGWIN]: window, [BROTLI_PARAM_SIZE_HINT]: size } })
}
