/** The diagnostics of all accounts in Prometheus' text format, version 0.0.4. */
import type { Diagnostics } from '../../lib/client/diagnostics'
import { LATENCY_BOUNDS, type Latencies } from '../../lib/client/request-journal'

export interface Measured {
  id: string
  name: string
  diagnostics: Diagnostics
}

type Labels = Readonly<Record<string, string>>
interface Sample {
  value: number
  /** `_bucket`, `_sum` or `_count` of a histogram. */
  suffix?: string
  labels?: Labels
}

interface Metric {
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  samples(diagnostics: Diagnostics): readonly Sample[]
}

const one = (value: number | undefined): Sample[] => (value === undefined ? [] : [{ value }])
const count = (name: string, help: string, of: (diagnostics: Diagnostics) => number): Metric => ({ name: `${name}_total`, help, type: 'counter', samples: (given) => one(of(given)) })
const gauge = (name: string, help: string, samples: Metric['samples']): Metric => ({ name, help, type: 'gauge', samples })
const ofBudgets = (name: string, help: string, of: (budget: Diagnostics['budgets'][number]) => number | undefined): Metric =>
  gauge(name, help, ({ budgets }) => budgets.flatMap((budget) => one(of(budget)).map(({ value }) => ({ value, labels: { budget: budget.name } }))))
/** Prometheus has a bucket for each bound and one for all, `+Inf`. */
const histogram = (name: string, help: string, of: (diagnostics: Diagnostics) => readonly Latencies[]): Metric => ({
  name, help, type: 'histogram',
  samples: (given) => of(given).flatMap(({ count: all, counts, operation, sum }) => [
    ...LATENCY_BOUNDS.map((bound, index) => ({ suffix: '_bucket', value: counts[index] ?? 0, labels: { operation, le: String(bound) } })),
    { suffix: '_bucket', value: all, labels: { operation, le: '+Inf' } },
    { suffix: '_sum', value: sum / 1000, labels: { operation } },
    { suffix: '_count', value: all, labels: { operation } },
  ]),
})
const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000)

/** Base units, as Prometheus asks for: seconds, and Unix time in seconds. */
const METRICS: readonly Metric[] = [
  count('requests', 'Requests that were sent to the vendor.', ({ requests }) => requests),
  count('failures', 'Responses that were no success, and requests without a response.', ({ failures }) => failures),
  count('retries', 'Attempts beyond the first of a request.', ({ retries }) => retries),
  count('rate_limited', 'Responses with status 429.', ({ rateLimited }) => rateLimited),
  count('cache_hits', 'Reads that needed no request of their own.', ({ cacheHits }) => cacheHits),
  count('waits', 'Requests that had to wait for a budget.', ({ waits }) => waits),
  count('wait_seconds', 'Time that requests waited for a budget.', ({ waited }) => waited / 1000),
  histogram('request_duration_seconds', 'Time from sending a request to its whole response or its failure, each attempt by itself.', ({ latencies }) => latencies),
  gauge('queued', 'Requests that wait now.', ({ queued }) => one(queued)),
  gauge('running', 'Requests in flight.', ({ running }) => one(running)),
  gauge('up', 'Whether the vendor answers: 0 while it is away.', ({ outage }) => one(outage ? 0 : 1)),
  ofBudgets('budget_limit', 'Requests of a budget.', ({ limit }) => limit),
  ofBudgets('budget_used', 'Requests of a budget that are used.', ({ used }) => used),
  ofBudgets('budget_reset_timestamp_seconds', 'When the whole budget is available again.', ({ resetsAt }) => seconds(resetsAt)),
  ofBudgets('budget_empty_timestamp_seconds', 'When a budget will be used up at this rate; absent when it lasts.', ({ emptyAt }) => seconds(emptyAt)),
  gauge('outbox_readings', 'Readings that wait in the outbox.', ({ outbox }) => one(outbox?.depth)),
  gauge('outbox_quarantined_readings', 'Quarantined readings of the outbox: the server fails on each of them (5xx).', ({ outbox }) => one(outbox?.quarantined)),
  gauge('outbox_oldest_timestamp_seconds', 'When the oldest reading of the outbox came.', ({ outbox }) => one(seconds(outbox?.oldest))),
]

const PREFIX = 'sensor_clouds_'

/** Backslash, quote and line feed are all that a label's value escapes. */
const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
const labelText = (labels: Labels): string =>
  Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`).join(',')

/** A metric that no account has is left out. Accounts of the same credentials share their counts. */
export function metricsText(accounts: readonly Measured[]): string {
  return METRICS.flatMap(({ name, help, type, samples }) => {
    const lines = accounts.flatMap(({ id, name: account, diagnostics }) =>
      samples(diagnostics).map(({ value, labels, suffix = '' }) => `${PREFIX}${name}${suffix}{${labelText({ vendor: diagnostics.vendor, account, id, ...labels })}} ${value}`),
    )
    return lines.length === 0 ? [] : [`# HELP ${PREFIX}${name} ${help}`, `# TYPE ${PREFIX}${name} ${type}`, ...lines]
  })
    .map((line) => `${line}\n`)
    .join('')
}
