/** The form's code and data for one node type, as one script for the browser. */
import { build } from 'esbuild'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { formName } from '../../src/nodes/editor/markup/markup'
import type { NodeSet } from '../../src/nodes/runtime/node-types'
import type { Vendor } from '../../src/lib/vocabulary/vendor'
import { describeAccount, describeAction, describeEvents } from './descriptors'
import { defaultsOf } from './node-properties'
import { FORMS, ROOT, VENDORS } from './paths'
import { vendorFolders } from '../vendor-folders'

/** A vendor's folder may bring an import of routes. */
export const importModule = (vendor: Vendor): string | undefined => {
  const path = join(VENDORS, vendorFolders().get(vendor.id) ?? vendor.id, 'postman.ts')
  return existsSync(path) ? path : undefined
}

function entryOf(set: NodeSet, vendors: readonly Vendor[]): string {
  const from = (name: string): string => JSON.stringify(join(FORMS, name))
  if (set.kind === 'action')
    return [
      `import { actionForm } from ${from('actions/form/action-form')}`,
      `export const form = actionForm(${JSON.stringify(describeAction(set.verb, vendors))})`,
    ].join('\n')
  if (set.kind === 'store') return `import { storeForm } from ${from('stores/form/store-form')}\nexport const form = storeForm(${JSON.stringify(defaultsOf(set, vendors))})`
  if (set.kind === 'event')
    return [`import { eventForm } from ${from('events/form/event-form')}`, `export const form = eventForm(${JSON.stringify(describeEvents(vendors))})`].join('\n')
  const descriptor = JSON.stringify(describeAccount(set.vendor))
  const module = importModule(set.vendor)
  return [
    `import { accountForm } from ${from('accounts/form/account-form')}`,
    ...(module === undefined ? [] : [`import { importPostman } from ${JSON.stringify(module)}`]),
    `export const form = accountForm(${descriptor}, { ${module === undefined ? '' : 'importRoutes: importPostman'} })`,
  ].join('\n')
}

export async function bundle(set: NodeSet, vendors: readonly Vendor[]): Promise<string> {
  const name = formName(set.type)
  const result = await build({
    stdin: { contents: entryOf(set, vendors), resolveDir: ROOT, loader: 'ts', sourcefile: `${set.type}.ts` },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: name,
    footer: { js: `${name} = ${name}.form;` },
    platform: 'browser',
    target: 'es2020',
    minifySyntax: true,
    minifyWhitespace: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  })
  const code = result.outputFiles[0]?.text
  if (code === undefined) throw new Error(`nothing was bundled for ${set.type}`)
  return code
}
