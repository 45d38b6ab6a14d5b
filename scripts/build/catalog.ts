/** The English message catalogs: texts of vendors and operations, and those of the forms. */
import { join } from 'node:path'
import type { Builder, Field, Fields, Operation, Verb } from '../../src/lib/spec'
import { ADDRESS_PROBLEMS } from '../../src/lib/store/redis/address'
import type { Vendor } from '../../src/lib/vendor'
import { choiceKey } from '../../src/nodes/editor/descriptor'
import { accountTexts, actionTexts, paletteTexts, statusTexts, storeTexts } from '../../src/nodes/editor/texts'
import type { NodeSet } from '../../src/nodes/types'
import { importModule } from './bundle'
import { operationsOf } from './descriptors'
import { EDITOR } from './paths'
import { formSentences } from './sentences'

export interface Catalog {
  readonly [key: string]: string | Catalog
}

const mapValues = <T>(source: Readonly<Record<string, T>>, textsOf: (value: T, key: string) => Catalog): Catalog =>
  Object.fromEntries(Object.entries(source).map(([key, value]) => [key, textsOf(value, key)]))

/** Only texts that are there: the forms leave out a help that is missing. */
const present = (texts: Readonly<Record<string, string | undefined>>): Catalog =>
  Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined))

const builderTexts = ({ label, help, fields }: Builder): Catalog => ({ ...present({ label, help }), field: fieldsTexts(fields) })

const fieldTexts = ({ label, help, patternHint, choices, builders }: Field): Catalog => ({
  ...present({ label, help, patternHint, builders: builders?.title }),
  ...(builders ? { builder: Object.fromEntries(builders.kinds.map((kind) => [kind.id, builderTexts(kind)])) } : {}),
  ...(choices ? { choice: Object.fromEntries(choices.map((choice) => [choiceKey(choice.value), choice.label])) } : {}),
})

const fieldsTexts = (fields: Fields): Catalog => mapValues(fields, fieldTexts)

const operationTexts = ({ title, help, unverified, destructive, fields }: Operation): Catalog => ({
  ...present({ title, help, unverified, destructive }),
  field: fieldsTexts(fields),
})

function actionCatalog(verb: Verb, vendors: readonly Vendor[]): Catalog {
  return {
    palette: { label: paletteTexts[verb] },
    vendor: Object.fromEntries(vendors.map(({ id, title, accountLabel }) => [id, { title, account: accountLabel }])),
    operation: Object.fromEntries(
      vendors.map((vendor) => [
        vendor.id,
        mapValues(Object.fromEntries(operationsOf(vendor, verb)), operationTexts),
      ]),
    ),
    form: actionTexts,
    status: statusTexts,
    sentence: formSentences(join(EDITOR, 'action.ts')),
  }
}

function accountCatalog(vendor: Vendor): Catalog {
  const { title, unverified } = vendor
  return {
    palette: { label: vendor.accountLabel },
    vendor: present({ title, unverified }),
    setting: fieldsTexts(vendor.settings),
    credential: mapValues(vendor.credentials, ({ label, help }) => ({ label, help })),
    route: Object.fromEntries(Object.entries(vendor.operations).map(([id, operation]) => [id, operation.title])),
    form: accountTexts,
    sentence: formSentences(join(EDITOR, 'account.ts'), importModule(vendor)),
  }
}

const storeCatalog = (): Catalog => ({
  palette: { label: paletteTexts.store },
  form: storeTexts,
  address: ADDRESS_PROBLEMS,
})

export function catalogOf(set: NodeSet, vendors: readonly Vendor[]): Catalog {
  if (set.kind === 'action') return actionCatalog(set.verb, vendors)
  return set.kind === 'store' ? storeCatalog() : accountCatalog(set.vendor)
}

/** The text at a key such as `form.error.vendor`; undefined where there is none. */
export function textAt(catalog: Catalog, key: string): string | undefined {
  let entry: string | Catalog | undefined = catalog
  for (const part of key.split('.')) entry = typeof entry === 'object' ? entry[part] : undefined
  return typeof entry === 'string' ? entry : undefined
}
