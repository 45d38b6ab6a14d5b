/** The table of docs/conformance.md: what shows that each operation, event and limit is right. */
import type { Evidence, Operation } from '../src/lib/vocabulary/operation'
import type { Vendor } from '../src/lib/vocabulary/vendor'
import { sentence, table } from './markdown'

const MARKS: Readonly<Record<keyof Evidence, string>> = { documented: 'documented', seen: 'seen', unverified: '⚠ assumed' }

function evidenceText(evidence: Evidence): string {
  const found = Object.entries(MARKS).flatMap(([kind, mark]) => {
    const text = evidence[kind as keyof Evidence]
    return text === undefined ? [] : [`**${mark}**: ${sentence(text)}`]
  })
  return found.join(' ')
}

interface Row {
  what: string
  evidence: Evidence
}

function rowsOf({ operations, events, budgets }: Vendor): Row[] {
  const calls = Object.entries<Operation>(operations).map(([file, operation]) => ({ what: `\`${operation.id ?? file}\` (${operation.verb}): \`${operation.route}\``, evidence: operation }))
  const limits = budgets({}).map((budget) => ({ what: `limit: ${budget.limit} ${budget.name}`, evidence: budget.evidence ?? {} }))
  return [...calls, ...(events ? [{ what: 'events', evidence: events }] : []), ...limits]
}

/** Vendor by vendor: what there is, and what shows it. */
export const conformanceTables = (known: readonly Vendor[]): string =>
  known
    .map((vendor) => {
      const rows = rowsOf(vendor).map(({ what, evidence }) => [what, evidenceText(evidence)])
      const sources = Object.entries(vendor.sources ?? {}).map(([key, text]) => `- ${key}: ${text}`)
      return [`## ${vendor.title}`, table(['what', 'evidence'], rows), ...(sources.length > 0 ? [`Sources:\n\n${sources.join('\n')}`] : [])].join('\n\n')
    })
    .join('\n\n')

/** What has no evidence at all, a line each. */
export const withoutEvidence = (known: readonly Vendor[]): string[] =>
  known.flatMap((vendor) =>
    rowsOf(vendor).flatMap(({ what, evidence }) => (evidenceText(evidence) === '' ? [`${vendor.title}, ${what}: say where it is documented or seen, or mark it unverified`] : [])),
  )
