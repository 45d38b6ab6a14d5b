/** `npm run docs`: writes the tables of README and docs from the vocabulary. A test fails when they differ from it. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { QUANTITIES } from '../src/lib/vocabulary/reading'
import { carriesReadings, type Field, type Operation, type Verb } from '../src/lib/vocabulary/operation'
import { operationsOf, type Vendor } from '../src/lib/vocabulary/vendor'
import type { Budget } from '../src/lib/vocabulary/budget'
import { ROOMS } from './check/rooms'
import { PLACEHOLDERS } from './check/placeholders'
import { conformanceTables, isCaution } from './conformance'
import { deviceTables } from './devices'
import { exampleList } from './example-list'
import { sentence, table } from './markdown'
import { outputSamples } from './output-samples'
import { actionType, EVENT_TYPE, knownVendors } from '../src/nodes/runtime/node-types'

const ROOT = join(__dirname, '..')

/** Documents for readers, from the package's root. */
export const documents = (root: string = ROOT): string[] => [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`),
].sort()

const optional = ([name, field]: [string, Field]): string => (field.required && field.default === undefined ? `\`${name}\`` : `[\`${name}\`]`)

/** What each action does, in the order of the palette. */
const ACTIONS: Readonly<Record<Verb, string>> = {
  'get-data': 'reads measurements, devices, alarms and whatever else a cloud tells',
  'send-reading': 'sends readings to a cloud',
  'send-command': 'sends commands and settings to devices',
  'set-alarm': 'sets and removes alarms, thresholds and callbacks',
  'register-device': 'registers devices and users, and arranges them in groups',
}

const hasVerb = (vendor: Vendor, verb: Verb): boolean => Object.keys(operationsOf(vendor, verb)).length > 0

/** The actions that there are, and for which vendors. */
function actionTable(known: readonly Vendor[]): string {
  const rows = Object.entries(ACTIONS).map(([verb, what]) => {
    const titles = known.filter((vendor) => hasVerb(vendor, verb as Verb)).map(({ title }) => title)
    return [`**${verb.replaceAll('-', ' ')}**`, `\`${actionType(verb as Verb)}\``, what, titles.join(', ')]
  })
  const telling = known.filter(({ events }) => events).map(({ title }) => title)
  const event = ['**on event**', `\`${EVENT_TYPE}\``, 'makes messages of alarms, alerts and other events of a cloud; has no input', telling.join(', ')]
  return table(['action', 'node', 'what it does', 'for'], [...rows, event].filter((cells) => cells.at(-1) !== ''))
}

const eventTable = (known: readonly Vendor[]): string =>
  table(
    ['vendor', 'how', 'properties', 'what comes'],
    known.flatMap(({ title, events }) => {
      if (!events) return []
      const mark = events.unverified === undefined ? '' : ' ⚠'
      if (events.kind === 'callback') return [[`${title}${mark}`, 'the vendor posts', '`publicUrl`, `path`, [`events`]', events.help]]
      const properties = [...Object.entries<Field>(events.fields), ['interval', events.interval] as [string, Field]].map(optional)
      return [[`${title}${mark}`, `asked every ${String(events.interval.default)} s`, properties.join(', '), events.help]]
    }),
  )

function operationRow([id, operation]: [string, Operation]): string[] {
  const params = Object.entries<Field>(operation.fields).map(optional).join(', ')
  const mark = operation.unverified === undefined ? '' : ' ⚠'
  return [`\`${id}\`${mark}`, params, sentence(operation.help ?? operation.title), `${carriesReadings(operation) ? 'readings' : 'data'}${operation.since ? ', since last' : ''}`]
}

/** Vendor by vendor: operations, params, what comes. */
function operationTables(known: readonly Vendor[]): string {
  return known
    .filter(({ operations }) => Object.keys(operations).length > 0)
    .map((vendor) => {
      const verbs = [...new Set(Object.values(vendor.operations).map(({ verb }) => verb))].sort()
      const tables = verbs.map((verb) => {
        const rows = Object.entries(operationsOf(vendor, verb)).map(operationRow)
        return `In \`${actionType(verb)}\`:\n\n${table(['operation', 'params', 'what it does', 'gives'], rows)}`
      })
      const doubts = unverified(vendor)
      return `### ${vendor.title}\n\n${tables.join('\n\n')}${doubts === '' ? '' : `\n\n${doubts}`}`
    })
    .join('\n\n')
}

/** What the vendor has not published, each sentence once. */
function unverified(vendor: Vendor): string {
  const operations = Object.values<Operation>(vendor.operations)
  const doubts = new Set([vendor.unverified, ...operations.map((operation) => operation.unverified)])
  return [...doubts].flatMap((doubt) => (doubt === undefined ? [] : [`⚠ ${sentence(doubt)}`])).join('\n\n')
}

const accountTable = (known: readonly Vendor[]): string =>
  table(
    ['account', 'node', 'settings', 'credentials'],
    known.map((vendor) => [
      `[${vendor.title}](${vendor.docs})`,
      `\`${vendor.accountType}\``,
      Object.entries<Field>(vendor.settings).map(optional).join(', '),
      Object.keys(vendor.credentials).map((name) => `\`${name}\``).join(', '),
    ]),
  )

function budgetText(budget: Budget): string {
  const { limit, window, scope } = budget
  const span = typeof window === 'string' ? window : window === 1000 ? 'second' : window === 60_000 ? 'minute' : `${window / 1000} s`
  return `${limit} a ${span}${scope === 'device' ? ' and device' : ''}${isCaution(budget) ? ' (*caution*)' : ''}`
}

/** With settings left empty. */
const limitTable = (known: readonly Vendor[]): string =>
  table(
    ['account', 'requests'],
    known.map((vendor) => [vendor.title, vendor.budgets({}).map(budgetText).join('; ') || 'none documented']),
  )

function quantityList(): string {
  const texts = Object.entries<string | null>(QUANTITIES).map(([name, unit]) => `\`${name}\`${unit === null ? ' (a count)' : ` ${unit}`}`)
  return `${texts.join(' · ')}.`
}

const NIGHTLY_EXPORT = join(ROOT, 'test', 'package', 'consumers', 'nightly-export.mjs')

/** The very program that a test runs. */
const nightlyExport = (): string => `\`\`\`js\n${readFileSync(NIGHTLY_EXPORT, 'utf8').trim()}\n\`\`\``

const roomTable = (): string => table(['room', 'what happens in it'], ROOMS.map(({ folder, purpose }) => [`\`${folder}\``, purpose]))

const placeholderTable = (): string => table(['file', 'what to fill in'], PLACEHOLDERS.map(({ file, what }) => [`\`${file}\``, what]))

const TABLES: Readonly<Record<string, (known: readonly Vendor[]) => string>> = {
  actions: actionTable,
  accounts: accountTable,
  conformance: conformanceTables,
  devices: deviceTables,
  events: eventTable,
  operations: operationTables,
  limits: limitTable,
  examples: exampleList,
  quantities: quantityList,
  nightlyExport,
  rooms: roomTable,
  placeholders: placeholderTable,
  ...outputSamples,
}

const PLACE = /<!-- generated: (\w+) -->[^]*?<!-- end of \1 -->/g

/**
 * A document with its tables as the vocabulary has them now.
 * @throws Error for a place whose table is unknown
 */
export const withTables = (document: string, known: readonly Vendor[] = knownVendors): string =>
  document.replace(PLACE, (_place, name: string) => {
    const table = TABLES[name]
    if (!table) throw new Error(`there is no table "${name}"`)
    return `<!-- generated: ${name} -->\n\n${table(known)}\n\n<!-- end of ${name} -->`
  })

/** Tables that no document shows. */
export const missingTables = (texts: readonly string[]): string[] =>
  Object.keys(TABLES).filter((name) => !texts.some((text) => text.includes(`<!-- generated: ${name} -->`)))

/** Writes the tables of all documents anew. */
export function writeTables(): void {
  for (const file of documents()) {
    const path = join(ROOT, file)
    const text = readFileSync(path, 'utf8')
    const written = withTables(text)
    if (written !== text) writeFileSync(path, written)
  }
}

if (require.main === module) writeTables()
