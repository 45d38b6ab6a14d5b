/** The table of docs/conformance.md: what shows that each operation, event and limit is right. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Budget } from '../src/lib/vocabulary/budget'
import type { Evidence, Operation } from '../src/lib/vocabulary/operation'
import type { Vendor } from '../src/lib/vocabulary/vendor'
import { sentence, table } from './markdown'

export const SEEN_LIVE = join(__dirname, '..', 'docs', 'seen-live.json')

const seenLiveSchema = v.record(v.string(), v.record(v.string(), v.pipe(v.string(), v.isoDate())))

/** Days on which users reported that something works on the live cloud: by vendor, then by operation file or `events`. */
export type SeenLive = v.InferOutput<typeof seenLiveSchema>

/** @throws ValiError for a text that is not of this form, such as one with a date that is none */
export const parseSeenLive = (text: string): SeenLive => v.parse(seenLiveSchema, JSON.parse(text))

export const readSeenLive = (): SeenLive => parseSeenLive(readFileSync(SEEN_LIVE, 'utf8'))

export interface EvidenceRow {
  what: string
  /** By which it can be reported as seen live. */
  key?: string
  evidence: Evidence
}

/** Some device that has a limit of its own. */
const DEVICE = 'device'

const isRaw = (operation: Operation): boolean => 'raw' in operation

function operationRow([file, operation]: [string, Operation]): EvidenceRow {
  const name = `\`${operation.id ?? file}\``
  // Its id and route say nothing: each verb has one, and the path is the user's.
  const what = isRaw(operation) ? `${name} in \`${operation.verb}\`: any path` : `${name}: \`${operation.route}\``
  return { what, key: file, evidence: operation }
}

const budgetRow = ({ limit, name, scope, evidence = {} }: Budget): EvidenceRow => ({
  what: `limit: ${limit} ${name}${scope === 'device' ? ' for one device' : ''}`,
  evidence,
})

/** All that needs evidence: the account, operations, events, and limits with those of a device. */
export const evidenceRows = (vendor: Vendor): EvidenceRow[] => [
  { what: 'account: address and sign-in', key: 'account', evidence: vendor },
  ...Object.entries<Operation>(vendor.operations).map(operationRow),
  ...(vendor.events ? [{ what: 'events', key: 'events', evidence: vendor.events }] : []),
  ...vendor.budgets({}, { limited: [DEVICE] }, DEVICE).map(budgetRow),
]

/** A limit that is ours and not the vendor's. */
export const isCaution = ({ evidence }: Budget): boolean => evidence?.documented === undefined && evidence?.seen === undefined

/** Rows in which the same assumption makes it a note below the table. */
const REPEATED = 3

const assumptions = ({ unverified }: Evidence): string[] => (unverified === undefined ? [] : sentence(unverified).split(/(?<=[.!?]) (?=[A-Z])/))

/** Assumptions that many rows share, in the order in which they appear. */
function notesOf(rows: readonly EvidenceRow[]): string[] {
  const all = rows.flatMap(({ evidence }) => assumptions(evidence))
  return [...new Set(all)].filter((text) => all.filter((other) => other === text).length >= REPEATED)
}

/** `DELETE /alarms/<id>` is no tag. */
const plain = (text: string): string => text.replaceAll('<', '&lt;')

function evidenceCell(evidence: Evidence, notes: readonly string[], day: string | undefined): string {
  const assumed = assumptions(evidence).map((text) => (notes.includes(text) ? `note ${notes.indexOf(text) + 1}.` : text))
  const lines = [
    ...(day === undefined ? [] : [`**seen live** on ${day}, by a user's report.`]),
    ...(evidence.documented === undefined ? [] : [`**documented**: ${sentence(plain(evidence.documented))}`]),
    ...(evidence.seen === undefined ? [] : [`**seen**: ${sentence(plain(evidence.seen))}`]),
    ...(assumed.length === 0 ? [] : [`**⚠ assumed**: ${plain(assumed.join(' '))}`]),
  ]
  return lines.join('<br>')
}

function vendorSection(vendor: Vendor, days: Readonly<Record<string, string>>): string {
  const rows = evidenceRows(vendor)
  const notes = notesOf(rows)
  const cells = rows.map(({ what, key, evidence }) => [what, evidenceCell(evidence, notes, key === undefined ? undefined : days[key])])
  const sources = Object.entries(vendor.sources ?? {}).map(([key, { title, address }]) => `- **${key}**: [${title}](${address})`)
  return [
    `## ${vendor.title}`,
    table(['what', 'evidence'], cells),
    ...notes.map((text, index) => `Note ${index + 1}: ⚠ ${plain(text)}`),
    ...(sources.length > 0 ? [`Sources:\n\n${sources.join('\n')}`] : []),
  ].join('\n\n')
}

/** Vendor by vendor: what there is, what shows it, and the sources that are cited. */
export const conformanceTables = (known: readonly Vendor[], seenLive: SeenLive = readSeenLive()): string =>
  known.map((vendor) => vendorSection(vendor, seenLive[vendor.id] ?? {})).join('\n\n')
