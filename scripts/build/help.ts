/** The help of each node, in the order of Node-RED's style guide. */
import { carriesReadings, type Field, type Fields, type Operation, type Verb } from '../../src/lib/spec'
import type { Vendor } from '../../src/lib/vendor'
import type { NodeSet } from '../../src/nodes/types'
import { editableRoutes } from '../../src/nodes/accounts/editable-routes'
import { operationsOf } from './descriptors'
import { accountHelp, actionHelp, storeHelp } from './help-texts'
import { escapeHtml } from './markup'

export function helpOf(set: NodeSet, vendors: readonly Vendor[]): string {
  if (set.kind === 'action') return helpOfAction(set.verb, vendors)
  return set.kind === 'store' ? helpOfStore() : helpOfAccount(set.vendor)
}

/** A sentence with its full stop. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
const paragraph = (text: string): string => `<p>${text}</p>`
const link = (href: string, text: string): string => `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer">${escapeHtml(text)}</a>`

interface Property {
  name: string
  optional?: boolean
  type: string
  text: string
}

/** @param texts html */
function properties(entries: readonly Property[]): string {
  const items = entries.map(
    ({ name, optional, type, text }) =>
      `<dt${optional ? ' class="optional"' : ''}>${escapeHtml(name)} <span class="property-type">${escapeHtml(type)}</span></dt>\n<dd>${text}</dd>`,
  )
  return `<dl class="message-properties">\n${items.join('\n')}\n</dl>`
}

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

function fieldText(field: Field): string {
  const rules = [
    field.choices ? `One of ${field.choices.map(({ value }) => `<code>${escapeHtml(value)}</code>`).join(', ')}.` : '',
    field.fromPayload ? 'Default: <code>msg.payload</code>.' : '',
    field.default === undefined ? '' : `Default: <code>${escapeHtml(String(field.default))}</code>.`,
  ]
  return [`${escapeHtml(field.label)}.`, field.help ? escapeHtml(sentence(field.help)) : '', ...rules].filter(Boolean).join(' ')
}

const fieldList = (fields: Fields): string =>
  properties(
    Object.entries(fields).map(([name, field]) => ({
      name,
      optional: !field.required || field.default !== undefined,
      type: TYPES[field.kind],
      text: fieldText(field),
    })),
  )

function operationHelp(verb: Verb, id: string, operation: Operation): string {
  const gives = verb === 'get-data' && carriesReadings(operation) ? ' Gives readings.' : ''
  const since = operation.since ? ' Can be read since last.' : ''
  const about = operation.help ? `: ${escapeHtml(sentence(operation.help))}` : '.'
  const warnings = [
    operation.destructive ? ` <em>Warning: ${escapeHtml(sentence(operation.destructive))}</em>` : '',
    operation.unverified ? ` <em>Unverified: ${escapeHtml(sentence(operation.unverified))}</em>` : '',
  ].join('')
  const text = paragraph(`<b>${escapeHtml(operation.title)}</b> (<code>${escapeHtml(id)}</code>)${about}${gives}${since}${warnings}`)
  return Object.keys(operation.fields).length > 0 ? `${text}\n${fieldList(operation.fields)}` : text
}

function helpOfAction(verb: Verb, vendors: readonly Vendor[]): string {
  const texts = actionHelp[verb]
  const able = vendors.filter((vendor) => operationsOf(vendor, verb).length > 0)
  const operations = able.map((vendor) => {
    const list = operationsOf(vendor, verb).map(([id, operation]) => operationHelp(verb, id, operation))
    return `<h4>${escapeHtml(vendor.title)}</h4>\n${list.join('\n')}`
  })
  return [
    paragraph(texts.summary),
    '<h3>Inputs</h3>',
    paragraph(actionHelp.inputs),
    ...operations,
    '<h3>Outputs</h3>',
    properties([...texts.outputs, ...actionHelp.outputs]),
    ...(texts.properties ? ['<h3>Properties</h3>', properties(texts.properties)] : []),
    '<h3>Details</h3>',
    ...texts.details.map(paragraph),
    paragraph(actionHelp.errors),
    properties([...actionHelp.codes, ...(texts.codes ?? [])]),
    references(able),
  ].join('\n') + '\n'
}

const references = (vendors: readonly Vendor[]): string =>
  `<h3>References</h3>\n<ul>\n${vendors.map(({ docs, title }) => `<li>${link(docs, `${title}: API documentation`)}</li>`).join('\n')}\n</ul>`

const WINDOWS: readonly (readonly [ms: number, text: string])[] = [
  [1000, 'a second'],
  [60_000, 'a minute'],
  [3_600_000, 'an hour'],
]

/** The limits of an account whose optional settings are empty. */
function limits(vendor: Vendor): string {
  const budgets = vendor.budgets({}).map(({ limit, window, scope }) => {
    const every = typeof window === 'string' ? `a ${window}` : (WINDOWS.find(([ms]) => ms === window)?.[1] ?? `in ${window} ms`)
    return `${limit} ${every}${scope === 'device' ? ' and device' : ''}`
  })
  return budgets.length > 0 ? `Requests are held back to keep within ${budgets.join(' and ')}.` : ''
}

function helpOfAccount(vendor: Vendor): string {
  const settings = Object.entries(vendor.settings).map(([name, field]) => ({
    name,
    optional: !field.required || field.default !== undefined,
    type: TYPES[field.kind],
    text: fieldText(field),
  }))
  const credentials = Object.entries(vendor.credentials).map(([name, { label, help }]) => ({
    name,
    type: 'password',
    text: `${escapeHtml(label)}. ${escapeHtml(sentence(help))}`,
  }))
  const routes = editableRoutes(vendor).length > 0 ? [paragraph(accountHelp.routes)] : []
  return [
    paragraph(`An account of ${escapeHtml(vendor.title)}: its address, its credentials and how to connect.`),
    ...(vendor.unverified ? [paragraph(`<em>Unverified: ${escapeHtml(sentence(vendor.unverified))}</em>`)] : []),
    '<h3>Properties</h3>',
    properties([...settings, ...credentials, ...accountHelp.properties]),
    '<h3>Details</h3>',
    ...[limits(vendor), accountHelp.sharing, accountHelp.secrets, accountHelp.test, accountHelp.environment].filter(Boolean).map(paragraph),
    ...routes,
    references([vendor]),
  ].join('\n') + '\n'
}

const helpOfStore = (): string =>
  [
    paragraph(storeHelp.summary),
    '<h3>Properties</h3>',
    properties(storeHelp.properties),
    '<h3>Details</h3>',
    ...storeHelp.details.map(paragraph),
  ].join('\n') + '\n'
