/** The scripts of the editor: one for the palette, and one that the first dialog loads. */
import { build } from 'esbuild'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { knownVendors, type NodeSet } from '../../src/nodes/runtime/node-types'
import { defaultsOf } from '../../src/nodes/admin/help/node-parts'
import type { Vendor } from '../../src/lib/vocabulary/vendor'
import { PLUGIN } from '../../src/nodes/runtime/language'
import { describeAccount, describeAction, describeEvents } from './descriptors'
import { templateOf } from './html'
import { EDITOR, FORMS, ROOT, VENDORS } from './paths'
import { sharedLiteral } from './shared-literal'
import { vendorFolders } from '../vendor-folders'

/** A vendor's folder may bring an import of routes. */
export const importModule = (vendor: Vendor): string | undefined => {
  const path = join(VENDORS, vendorFolders().get(vendor.id) ?? vendor.id, 'postman.ts')
  return existsSync(path) ? path : undefined
}

function describe(set: NodeSet): object {
  if (set.kind === 'action') return describeAction(set.verb, knownVendors)
  if (set.kind === 'account') return describeAccount(set.vendor)
  return set.kind === 'event' ? describeEvents(knownVendors) : defaultsOf(set)
}

const from = (name: string): string => JSON.stringify(join(FORMS, name))

/** An object literal with an expression for each set. */
const byType = (sets: readonly NodeSet[], expression: (set: NodeSet) => string): string =>
  `{ ${sets.map((set) => `${JSON.stringify(set.type)}: ${expression(set)}`).join(', ')} }`

const VALIDATORS: Readonly<Record<NodeSet['kind'], string>> = {
  action: 'actionValidators',
  account: 'accountValidators',
  event: 'eventValidators',
  store: '() => storeValidators',
}

const FORM: Readonly<Record<NodeSet['kind'], string>> = { action: 'actionForm', account: 'accountForm', event: 'eventForm', store: 'storeForm' }

/** Lines that stand in several templates are kept once. */
function templatesOf(sets: readonly NodeSet[]): { lines: string[]; templates: Record<string, number[]> } {
  const positions = new Map<string, number>()
  const position = (line: string): number => {
    const found = positions.get(line) ?? positions.size
    positions.set(line, found)
    return found
  }
  const linesOf = (set: NodeSet): string[] => templateOf(set, knownVendors).split('\n').map((line) => line.trim()).filter((line) => line !== '')
  const templates = Object.fromEntries(sets.map((set) => [set.type, linesOf(set).map(position)]))
  return { lines: [...positions.keys()], templates }
}

function paletteEntry(sets: readonly NodeSet[], version: string): string {
  const { lines, templates } = templatesOf(sets)
  return `
    import { servePalette } from ${from('editor/loading/palette')}
    import { actionValidators } from ${from('actions/form/action-validators')}
    import { accountValidators } from ${from('accounts/form/account-validators')}
    import { eventValidators } from ${from('events/form/event-validators')}
    import { storeValidators } from ${from('stores/form/store-rules')}
    const descriptors = ${sharedLiteral(Object.fromEntries(sets.map((set) => [set.type, describe(set)])))}
    servePalette({
      plugin: ${JSON.stringify(PLUGIN)},
      version: ${JSON.stringify(version)},
      descriptors,
      validators: ${byType(sets, ({ kind, type }) => `(${VALIDATORS[kind]})(descriptors[${JSON.stringify(type)}])`)},
      lines: ${JSON.stringify(lines)},
      templates: ${JSON.stringify(templates)},
    })`
}

function dialogsEntry(sets: readonly NodeSet[], style: string): string {
  const imports = sets.flatMap((set) => (set.kind === 'account' ? [[set.type, importModule(set.vendor)] as const] : []))
  const withImport = imports.filter(([, module]) => module !== undefined)
  return `
    import { actionForm } from ${from('actions/form/action-form')}
    import { accountForm } from ${from('accounts/form/account-form')}
    import { eventForm } from ${from('events/form/event-form')}
    import { storeForm } from ${from('stores/form/store-form')}
    ${withImport.map(([, module], index) => `import { importPostman as import${index} } from ${JSON.stringify(module)}`).join('\n')}
    const hooks = { ${withImport.map(([type], index) => `${JSON.stringify(type)}: { importRoutes: import${index} }`).join(', ')} }
    const makers = ${byType(sets, ({ kind }) => FORM[kind])}
    const { descriptors, forms } = window.sensorClouds
    document.head.append(Object.assign(document.createElement('style'), { textContent: ${JSON.stringify(style)} }))
    for (const type of Object.keys(forms)) Object.assign(forms[type], makers[type](descriptors[type], hooks[type]))`
}

const sidebarEntry = (sets: readonly NodeSet[], style: string): string => `
    import { openSidebar } from ${from('admin/form/sidebar')}
    document.head.append(Object.assign(document.createElement('style'), { textContent: ${JSON.stringify(style)} }))
    window.sensorClouds.sidebar = (container, textsOfType) => openSidebar(container, textsOfType, ${JSON.stringify(sets.find(({ kind }) => kind === 'account')?.type)})`

const latePaletteEntry = `
    import { loadPalette } from ${from('editor/loading/late-palette')}
    loadPalette(${JSON.stringify(PLUGIN)})`

async function bundle(contents: string, sourcefile: string): Promise<string> {
  const result = await build({
    stdin: { contents, resolveDir: ROOT, loader: 'js', sourcefile },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  })
  const code = result.outputFiles[0]?.text
  if (code === undefined) throw new Error(`nothing was bundled for ${sourcefile}`)
  return code.trim()
}

export interface EditorFiles {
  /** Html that the editor loads once, before that of the types. */
  palette: string
  /** Content of resources/dialogs.js. */
  dialogs: string
  /** Content of resources/sidebar.js. */
  sidebar: string
  /** Content of resources/late-palette.js. */
  latePalette: string
}

/** Until the style of the dialogs is there, a form is not shown. */
const PALETTE_STYLE = '.sensor-clouds-form{visibility:hidden}'
const DIALOGS_STYLE = 'form .sensor-clouds-form{visibility:visible}'

export async function editorFiles(sets: readonly NodeSet[]): Promise<EditorFiles> {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  const style = DIALOGS_STYLE + (await minifiedStyle(join(EDITOR, 'style.css')))
  const sidebarStyle = await minifiedStyle(join(FORMS, 'admin', 'form', 'sidebar.css'))
  const [palette, dialogs, sidebar, latePalette] = await Promise.all([
    bundle(paletteEntry(sets, version), 'palette.js'),
    bundle(dialogsEntry(sets, style), 'dialogs.js'),
    bundle(sidebarEntry(sets, sidebarStyle), 'sidebar.js'),
    bundle(latePaletteEntry, 'late-palette.js'),
  ])
  return { palette: `<script type="text/javascript">${palette}</script>\n<style>${PALETTE_STYLE}</style>\n`, dialogs: `${dialogs}\n`, sidebar: `${sidebar}\n`, latePalette: `${latePalette}\n` }
}

async function minifiedStyle(path: string): Promise<string> {
  const { outputFiles } = await build({ entryPoints: [path], write: false, minify: true, charset: 'utf8', logLevel: 'warning' })
  return outputFiles[0]?.text.trim() ?? ''
}
