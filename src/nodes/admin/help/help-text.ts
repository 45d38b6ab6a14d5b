/**
 * Puts the help of each node together: what it does, a sample, inputs and outputs, details, then what is folded, then
 * references. What stands outside the folds is short, so that a reader finds what to open.
 */
import { homepage } from '../../../../package.json'
import { carriesReadings, type Field, type Fields, type Operation, type Verb } from '../../../lib/vocabulary/operation'
import type { Budget } from '../../../lib/vocabulary/budget'
import { credentialType, type Vendor } from '../../../lib/vocabulary/vendor'
import type { AccountSet, ActionSet, EventSet, NodeSet, StoreSet } from '../../runtime/node-types'
import { accountHelp } from '../../accounts/form/account-help'
import { actionHelp } from '../../actions/form/action-help'
import type { HelpEntry, HelpTexts, HelpTopic } from '../../editor/markup/help-entry'
import { eventHelp, watchHelp } from '../../events/form/event-help'
import { eventProperties } from '../../events/properties'
import type { NodeProperty } from '../../runtime/node-property'
import { storeHelp } from '../../stores/form/store-help'
import { editableRoutes } from '../../../lib/http/route'
import { escapeHtml } from '../../editor/markup/markup'
import { WATCH_INTERVALS, type WatchedSource } from '../../runtime/shared-with-forms'
import { accountSample, ACTION_SAMPLES, EVENT_SAMPLE, STORE_SAMPLE, WATCH_SAMPLES } from './help-samples'
import { operationsOf, propertiesOf } from './node-parts'

/** Gives the text of a language for an English one. */
export type Translate = (english: string) => string

export const english: Translate = (text) => text

/** A text with values in its places `__name__`, as Node-RED's catalogs have them; one without a value stays. */
export const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/__(\w+?)__/g, (place, name: string) => values[name] ?? place)

/** In English unless a translation is given. */
export function helpOf(set: NodeSet, vendors: readonly Vendor[], translate: Translate = english): string {
  if (set.kind === 'action') return helpOfAction(set, vendors, translate)
  if (set.kind === 'store') return helpOfStore(set, translate)
  return set.kind === 'event' ? helpOfEvents(set, vendors, translate) : helpOfAccount(set, translate)
}

/** A plain text as html, with its full stop. */
function sentence(text: string, translate: Translate): string {
  const translated = translate(text)
  return escapeHtml(/[.!?。！？]$/.test(translated) ? translated : fill(translate('__text__.'), { text: translated }))
}

/** Sentences in a row; after a wide full stop stands no blank. */
const inRow = (sentences: readonly string[]): string => sentences.join(' ').replaceAll('。 ', '。')

/** @param items html */
const listed = (items: readonly string[], translate: Translate): string =>
  items.length === 0 ? '' : items.reduce((first, second) => fill(translate('__first__, __second__'), { first, second }))

const paragraph = (text: string): string => `<p>${text}</p>`
const link = (href: string, text: string): string => `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer">${escapeHtml(text)}</a>`

const heading = (text: string, translate: Translate): string => `<h3>${escapeHtml(translate(text))}</h3>`

/** Closed: the help is that of a type, so that it knows no vendor that a node has chosen. @param title html */
const fold = (title: string, content: readonly string[]): string =>
  `<details class="sensor-clouds-fold">\n<summary>${title}</summary>\n${content.join('\n')}\n</details>`

const foldTopic = ({ title, texts }: HelpTopic, translate: Translate): string =>
  fold(escapeHtml(translate(title)), texts.map((text) => paragraph(translate(text))))

const foldVendor = ({ title }: Vendor, content: readonly string[], translate: Translate): string => fold(escapeHtml(translate(title)), content)

/** A text as it is, anything else as JSON. */
const sampleOf = (sample: object | string): string =>
  `<pre class="sensor-clouds-sample">${escapeHtml(typeof sample === 'string' ? sample : JSON.stringify(sample, null, 2))}</pre>`

const introduction = ({ summary, sample: caption }: Pick<HelpTexts, 'summary' | 'sample'>, sample: object | string, translate: Translate): string[] => [
  paragraph(translate(summary)),
  paragraph(translate(caption)),
  sampleOf(sample),
]

/** @param texts html of a paragraph each, in English */
const details = (texts: readonly string[], topics: readonly HelpTopic[] | undefined, translate: Translate): string[] => [
  heading('Details', translate),
  ...texts.map((text) => paragraph(translate(text))),
  ...(topics ?? []).map((topic) => foldTopic(topic, translate)),
]

/** @param value html */
const defaultText = (value: string, translate: Translate): string => fill(translate('Default: <code>__value__</code>.'), { value })

/** Properties whose texts are in the language already. */
function list(entries: readonly HelpEntry[]): string {
  const items = entries.map(
    ({ name, optional, type, text }) =>
      `<dt${optional ? ' class="optional"' : ''}>${escapeHtml(name)} <span class="property-type">${escapeHtml(type)}</span></dt>\n<dd>${text}</dd>`,
  )
  return `<dl class="message-properties">\n${items.join('\n')}\n</dl>`
}

const properties = (entries: readonly HelpEntry[], translate: Translate): string => list(entries.map((entry) => propertyIn(entry, translate)))

const propertyIn = (entry: HelpEntry, translate: Translate): HelpEntry => ({
  ...entry,
  text: inRow([translate(entry.text), ...(entry.default === undefined ? [] : [defaultText(entry.default, translate)])]),
})

const TYPES: Readonly<Record<Field['kind'], string>> = {
  text: 'string',
  number: 'number',
  boolean: 'boolean',
  time: 'date',
  list: 'array | string',
  json: 'object',
  choice: 'string',
  file: 'buffer | string',
}

function fieldText(field: Field, translate: Translate): string {
  const choices = field.choices?.map(({ value }) => `<code>${escapeHtml(value)}</code>`)
  return inRow([
    sentence(field.label, translate),
    ...(field.help === undefined ? [] : [sentence(field.help, translate)]),
    ...(choices === undefined ? [] : [fill(translate('One of __values__.'), { values: listed(choices, translate) })]),
    ...(field.fromPayload ? [defaultText('msg.payload', translate)] : []),
    ...(field.default === undefined ? [] : [defaultText(escapeHtml(String(field.default)), translate)]),
  ])
}

const fieldProperties = (fields: Fields, translate: Translate): HelpEntry[] =>
  Object.entries(fields).map(([name, field]) => ({
    name,
    optional: !field.required || field.default !== undefined,
    type: field.shape === 'array' ? 'array' : TYPES[field.kind],
    text: fieldText(field, translate),
  }))

const unverifiedText = (doubt: string, translate: Translate): string =>
  `<em>${fill(translate('Unverified: __text__'), { text: sentence(doubt, translate) })}</em>`

function operationHelp(verb: Verb, id: string, operation: Operation, translate: Translate): string {
  const { title, help, destructive, unverified, since, fields } = operation
  const name = `<b>${escapeHtml(translate(title))}</b> (<code>${escapeHtml(id)}</code>)`
  const text = inRow([
    help === undefined ? fill(translate('__text__.'), { text: name }) : fill(translate('__name__: __text__'), { name, text: sentence(help, translate) }),
    ...(verb === 'get-data' && carriesReadings(operation) ? [translate('Returns readings.')] : []),
    ...(since ? [translate('Can be read with "Only new".')] : []),
    ...(destructive === undefined ? [] : [`<em>${fill(translate('Warning: __text__'), { text: sentence(destructive, translate) })}</em>`]),
    ...(unverified === undefined ? [] : [unverifiedText(unverified, translate)]),
  ])
  return Object.keys(fields).length > 0 ? `${paragraph(text)}\n${list(fieldProperties(fields, translate))}` : paragraph(text)
}

function helpOfAction(set: ActionSet, vendors: readonly Vendor[], translate: Translate): string {
  const { verb } = set
  const texts = actionHelp[verb]
  const own = propertiesOf(set)
  const labels = Object.values(own).map(({ label }) => escapeHtml(translate(label)))
  const able = vendors.filter((vendor) => operationsOf(vendor, verb).length > 0)
  const operations = able.map((vendor) => {
    const entries = operationsOf(vendor, verb).map(([id, operation]) => operationHelp(verb, id, operation, translate))
    return foldVendor(vendor, entries, translate)
  })
  return [
    ...introduction(texts, ACTION_SAMPLES[verb], translate),
    heading('Inputs', translate),
    properties(texts.inputs ?? [actionHelp.anyInput], translate),
    paragraph(translate(actionHelp.inputs)),
    heading('Outputs', translate),
    properties([...(texts.outputs ?? []), ...actionHelp.outputs], translate),
    paragraph(translate(actionHelp.passedOn)),
    ...details([...texts.details, actionHelp.errors], texts.topics, translate),
    ...(labels.length > 0 ? [heading('Properties', translate), fold(listed(labels, translate), [list(fieldProperties(own, translate))])] : []),
    heading('Operations', translate),
    ...operations,
    references(able, translate),
  ].join('\n') + '\n'
}

/** How the events of a vendor arrive. */
function eventsText({ events }: Pick<Vendor, 'events'>, fields: Fields, translate: Translate): string[] {
  if (!events) return []
  const doubt = events.unverified === undefined ? [] : [unverifiedText(events.unverified, translate)]
  const about = paragraph(inRow([sentence(events.help, translate), ...doubt]))
  if (events.kind === 'poll')
    return [about, list([...fieldProperties(events.fields, translate), intervalProperty(events.interval, translate)])]
  const names = listed(events.choices.map(({ value, label }) => `<code>${escapeHtml(value)}</code> (${escapeHtml(translate(label))})`), translate)
  const wanted = { name: 'events', optional: true, type: 'array', text: fill(translate('Which events: __names__. Default: all.'), { names }) }
  const { publicUrl, path } = fields
  const own = { ...(publicUrl ? { publicUrl: { ...publicUrl, required: true } } : {}), ...(path ? { path } : {}) }
  return [about, list([wanted, ...fieldProperties(own, translate)])]
}

function intervalProperty({ default: given, help = '', min = 0 }: Field, translate: Translate): HelpEntry {
  const least = fill(translate('At least <code>__value__</code>.'), { value: String(min) })
  const text = inRow([sentence(help, translate), defaultText(String(given), translate), least])
  return { name: 'interval', optional: true, type: 'seconds', text }
}

function helpOfEvents(set: EventSet, vendors: readonly Vendor[], translate: Translate): string {
  const able = vendors.filter(({ events }) => events !== undefined)
  return [
    ...introduction(eventHelp, EVENT_SAMPLE, translate),
    heading('Outputs', translate),
    properties(eventHelp.outputs ?? [], translate),
    ...details(eventHelp.details, eventHelp.topics, translate),
    heading('Properties', translate),
    ...watchesText(propertiesOf(set), translate),
    ...able.map((vendor) => foldVendor(vendor, eventsText(vendor, propertiesOf(set), translate), translate)),
    references(able, translate),
  ].join('\n') + '\n'
}

/** The source, and each kind that the node watches itself with its sample and properties. */
function watchesText(fields: Readonly<Record<string, NodeProperty>>, translate: Translate): string[] {
  const { source } = fields
  const folds = (Object.keys(WATCH_INTERVALS) as WatchedSource[]).map((watched) => {
    const traits = watched === 'devices' ? [watched] : ['sensors', watched]
    const own = Object.fromEntries(Object.entries(fields).filter(([, { onlyFor }]) => onlyFor !== undefined && traits.includes(onlyFor)))
    const interval = { name: 'interval', optional: true, type: 'seconds', text: inRow([translate(eventProperties.interval.help), defaultText(String(WATCH_INTERVALS[watched]), translate)]) }
    const title = source?.choices?.find(({ value }) => value === watched)?.label ?? watched
    return fold(escapeHtml(translate(title)), [...watchHelp[watched].map((text) => paragraph(translate(text))), sampleOf(WATCH_SAMPLES[watched]), list([...fieldProperties(own, translate), interval])])
  })
  return [...(source ? [list(fieldProperties({ source }, translate))] : []), ...folds]
}

/** In the package's repository, at its newest version. */
function errorsDocument(): string {
  return `${homepage.split('#', 1).join()}/blob/HEAD/docs/errors.md`
}

function references(vendors: readonly Vendor[], translate: Translate): string {
  const items = vendors.map(({ docs, title }) => {
    const text = fill(translate('__vendor__: API documentation'), { vendor: translate(title) })
    return link(docs, text)
  })
  const links = [link(errorsDocument(), translate('Error codes and what to do')), ...items]
  return `${heading('References', translate)}\n<ul>\n${links.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>`
}

const WINDOWS: readonly (readonly [ms: number, text: string])[] = [
  [1000, 'a second'],
  [60_000, 'a minute'],
  [3_600_000, 'an hour'],
]

function limitText({ limit, window, scope }: Budget, translate: Translate): string {
  const every = typeof window === 'string' ? `a ${window}` : (WINDOWS.find(([ms]) => ms === window)?.[1] ?? 'in __window__ ms')
  const text = translate(`__limit__ ${every}${scope === 'device' ? ' and device' : ''}`)
  return fill(text, { limit: String(limit), window: String(window) })
}

/** The limits of an account whose optional settings are empty. */
function limits(vendor: Vendor, translate: Translate): string[] {
  const budgets = vendor.budgets({}).map((budget) => limitText(budget, translate))
  if (budgets.length === 0) return []
  const all = budgets.reduce((first, second) => fill(translate('__first__ and __second__'), { first, second }))
  return [fill(translate('Requests are held back to keep within __limits__.'), { limits: all })]
}

function helpOfAccount(set: AccountSet, translate: Translate): string {
  const { vendor } = set
  const credentials = Object.entries(vendor.credentials).map(([name, { label, help }]) => ({
    name,
    type: credentialType(vendor, name) === 'text' ? 'string' : 'password',
    text: inRow([sentence(label, translate), sentence(help, translate)]),
  }))
  const own = [...fieldProperties(propertiesOf(set), translate), ...accountHelp.references.map((entry) => propertyIn(entry, translate))]
  const { sharing, secrets, test, environment, routes, sample } = accountHelp
  const table = editableRoutes(vendor).length > 0 ? [propertyIn(routes, translate)] : []
  const summary = fill(translate(accountHelp.summary), { vendor: escapeHtml(translate(vendor.title)) })
  return [
    paragraph(summary),
    ...(vendor.unverified === undefined ? [] : [paragraph(unverifiedText(vendor.unverified, translate))]),
    paragraph(translate(sample)),
    sampleOf(accountSample(vendor)),
    heading('Properties', translate),
    list([...fieldProperties(vendor.settings, translate), ...credentials, ...own, ...table]),
    heading('Details', translate),
    ...[...limits(vendor, translate), ...[sharing, secrets, test, environment].map(translate)].map(paragraph),
    references([vendor], translate),
  ].join('\n') + '\n'
}

const helpOfStore = (set: StoreSet, translate: Translate): string =>
  [
    ...introduction(storeHelp, STORE_SAMPLE, translate),
    heading('Properties', translate),
    list([...fieldProperties(propertiesOf(set), translate), ...storeHelp.credentials.map((entry) => propertyIn(entry, translate))]),
    ...details(storeHelp.details, undefined, translate),
    references([], translate),
  ].join('\n') + '\n'
