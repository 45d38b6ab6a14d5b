/** The message catalogs: texts of vendors and operations, and those of the forms. */
import { join } from 'node:path'
import type { Events } from '../../src/lib/vocabulary/events'
import type { Builder, Field, Fields, Operation } from '../../src/lib/vocabulary/operation'
import { ADDRESS_PROBLEMS } from '../../src/lib/store/redis/address'
import type { Vendor } from '../../src/lib/vocabulary/vendor'
import { choiceKey } from '../../src/nodes/editor/descriptor'
import { accountTexts } from '../../src/nodes/accounts/form/account-texts'
import { actionLabels, actionTexts, statusTexts } from '../../src/nodes/actions/form/action-texts'
import { eventLabel, eventTexts } from '../../src/nodes/events/form/event-texts'
import { storeLabel, storeTexts } from '../../src/nodes/stores/form/store-texts'
import type { AccountSet, ActionSet, EventSet, NodeSet, StoreSet } from '../../src/nodes/runtime/node-types'
import { importModule } from './editor'
import { summaryOf } from './html'
import { operationsOf, propertiesOf } from '../../src/nodes/admin/help/node-parts'
import { FORMS } from './paths'
import { formKeys, formSentences } from './sentences'
import { english, type Translate } from './translation'

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

const propertiesTexts = (set: NodeSet): Catalog =>
  mapValues(propertiesOf(set), (property) => ({ ...fieldTexts(property), ...(property.columns ? { column: property.columns } : {}) }))

const operationTexts = ({ title, help, unverified, destructive, fields }: Operation): Catalog => ({
  ...present({ title, help, unverified, destructive }),
  field: fieldsTexts(fields),
})

const vendorTexts = (vendors: readonly Vendor[]): Catalog =>
  Object.fromEntries(vendors.map(({ id, title, accountLabel }) => [id, { title, account: accountLabel }]))

function actionCatalog(set: ActionSet, vendors: readonly Vendor[]): Catalog {
  const { verb } = set
  return {
    palette: { label: actionLabels[verb] },
    vendor: vendorTexts(vendors),
    operation: Object.fromEntries(
      vendors.map((vendor) => [
        vendor.id,
        mapValues(Object.fromEntries(operationsOf(vendor, verb)), operationTexts),
      ]),
    ),
    property: propertiesTexts(set),
    form: actionTexts,
    status: statusTexts,
    sentence: formSentences(join(FORMS, 'actions/form/action-form.ts')),
  }
}

const eventsTexts = (events: Events): Catalog => ({
  ...present({ help: events.help, unverified: events.unverified }),
  ...(events.kind === 'callback'
    ? { choice: Object.fromEntries(events.choices.map(({ value, label }) => [choiceKey(value), label])) }
    : { field: fieldsTexts(events.fields), interval: fieldTexts(events.interval) }),
})

const eventCatalog = (set: EventSet, vendors: readonly Vendor[]): Catalog => ({
  palette: { label: eventLabel },
  vendor: vendorTexts(vendors),
  events: Object.fromEntries(vendors.flatMap(({ id, events }) => (events ? [[id, eventsTexts(events)]] : []))),
  property: fieldsTexts(propertiesOf(set)),
  form: eventTexts,
  status: statusTexts,
  sentence: formSentences(join(FORMS, 'events/form/event-form.ts')),
})

/** The names of its limits, with that of a device which has one of its own. */
function budgetTexts({ budgets }: Vendor): Catalog {
  const device = 'any'
  return Object.fromEntries(budgets({}, { limited: [device] }, device).map(({ name }) => [choiceKey(name), name]))
}

function accountCatalog(set: AccountSet): Catalog {
  const { vendor } = set
  const { title, unverified } = vendor
  return {
    palette: { label: vendor.accountLabel },
    vendor: present({ title, unverified }),
    setting: fieldsTexts({ ...vendor.settings, ...propertiesOf(set) }),
    budget: budgetTexts(vendor),
    credential: mapValues(vendor.credentials, ({ label, help }) => ({ label, help })),
    route: Object.fromEntries(Object.entries(vendor.operations).map(([id, operation]) => [id, operation.title])),
    form: accountTexts,
    sentence: formSentences(join(FORMS, 'accounts/form/account-form.ts'), importModule(vendor)),
  }
}

const storeCatalog = (set: StoreSet): Catalog => ({
  palette: { label: storeLabel },
  property: fieldsTexts(propertiesOf(set)),
  form: storeTexts,
  address: ADDRESS_PROBLEMS,
})

function englishCatalog(set: NodeSet, vendors: readonly Vendor[]): Catalog {
  if (set.kind === 'action') return actionCatalog(set, vendors)
  if (set.kind === 'store') return storeCatalog(set)
  return set.kind === 'event' ? eventCatalog(set, vendors) : accountCatalog(set)
}

const translated = (catalog: Catalog, translate: Translate): Catalog =>
  Object.fromEntries(
    Object.entries(catalog).map(([key, entry]) => [key, typeof entry === 'string' ? translate(entry) : translated(entry, translate)]),
  )

/** In English unless a translation is given. */
export const catalogOf = (set: NodeSet, vendors: readonly Vendor[], translate: Translate = english): Catalog =>
  translated(englishCatalog(set, vendors), translate)

/** Texts by their whole keys, such as `form.error.vendor`. */
export const flat = (catalog: Catalog, before = ''): [key: string, text: string][] =>
  Object.entries(catalog).flatMap(([key, entry]): [string, string][] => (typeof entry === 'string' ? [[before + key, entry]] : flat(entry, `${before}${key}.`)))

function nested(texts: Iterable<readonly [key: string, text: string]>): Catalog {
  const whole: Record<string, unknown> = {}
  for (const [key, text] of texts) {
    const names = key.split('.')
    const last = names.pop() ?? key
    let place = whole
    for (const name of names) place = (place[name] ??= {}) as Record<string, unknown>
    place[last] = text
  }
  return whole as Catalog
}

/** The texts that the editor loads at its start, and those that the first dialog loads. */
export interface Catalogs {
  palette: Catalog
  dialogs: Catalog
}

/**
 * One catalog for all sets. What several say in the same words stands there once; what one says in other words than
 * most stands in \`own\`, by type.
 */
export function sharedCatalog(sets: readonly NodeSet[], vendors: readonly Vendor[], translate: Translate = english): Catalogs {
  const places = sharedPlaces(sets, vendors)
  const texts = new Map(sets.flatMap((set) => textsOfSet(set, vendors, translate).map(([key, text]) => [`${set.type} ${key}`, text])))
  const all = places.map(({ place, type, key }) => [place, texts.get(`${type} ${key}`) ?? ''] as const)
  const isOfDialogs = dialogTest()
  return { palette: nested(all.filter(([place]) => !isOfDialogs(place))), dialogs: nested(all.filter(([place]) => isOfDialogs(place))) }
}

const textsOfSet = (set: NodeSet, vendors: readonly Vendor[], translate: Translate): [key: string, text: string][] =>
  flat({ summary: summaryOf(set, vendors, translate), ...catalogOf(set, vendors, translate) })

/** Where each text stands in the shared catalog. It follows from the English texts, so that all languages have the same places. */
function sharedPlaces(sets: readonly NodeSet[], vendors: readonly Vendor[]): { place: string; type: string; key: string }[] {
  const entries = sets.flatMap((set) => textsOfSet(set, vendors, english).map(([key, text]) => ({ type: set.type, key, text })))
  const counts = new Map<string, Map<string, typeof entries>>()
  for (const entry of entries) {
    const texts = counts.get(entry.key) ?? new Map<string, typeof entries>()
    counts.set(entry.key, texts.set(entry.text, [...(texts.get(entry.text) ?? []), entry]))
  }
  return [...counts].flatMap(([key, texts]) => {
    const [most = [], ...others] = [...texts.values()].sort((first, second) => second.length - first.length)
    const own = others.flat().map(({ type }) => ({ place: `own.${type}.${key}`, type, key }))
    return [...most.slice(0, 1).map(({ type }) => ({ place: key, type, key })), ...own]
  })
}

/** Only an open dialog shows them. */
const DIALOG_TEXTS = new Set(['help', 'unverified', 'destructive', 'builder', 'builders', 'choice', 'column', 'budget'])

/** What runs before a dialog opens. */
const PALETTE_SCRIPTS = ['editor/loading/palette.ts', 'actions/form/action-validators.ts', 'accounts/form/account-validators.ts', 'events/form/event-validators.ts', 'stores/form/store-rules.ts']

/** Tells of a place in the catalog whether only an open dialog shows its text: most of them. */
function dialogTest(): (place: string) => boolean {
  const scripts = PALETTE_SCRIPTS.map((path) => join(FORMS, path))
  const sentences = formSentences(...scripts)
  const keys = formKeys(...scripts)
  return (place) => {
    const names = place.split('.')
    const [first = '', second = ''] = names[0] === 'own' ? names.slice(2) : names
    if (first === 'sentence') return !Object.hasOwn(sentences, second)
    if (first === 'form') return !keys.some((key) => place.includes(key))
    return names.some((name) => DIALOG_TEXTS.has(name))
  }
}

/** The text at a key such as `form.error.vendor`; undefined where there is none. */
export function textAt(catalog: Catalog, key: string): string | undefined {
  let entry: string | Catalog | undefined = catalog
  for (const part of key.split('.')) entry = typeof entry === 'object' ? entry[part] : undefined
  return typeof entry === 'string' ? entry : undefined
}
