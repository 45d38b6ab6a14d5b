/** Diagnostics as texts. Knows nothing of the page. */
import type { Diagnostics } from '../../../lib/client/diagnostics'
import { choiceKey } from '../../editor/descriptor'
import { optionalText, type Translate } from '../../editor/platform/red'

/** The server's reply about an account. */
export interface Report {
  versions: Readonly<Record<string, string>>
  diagnostics?: Diagnostics
  error?: { message: string }
}

/** In the user's own time zone; today's as a time alone. */
export function moment(at: number, now: number): string {
  const date = new Date(at)
  return date.toDateString() === new Date(now).toDateString() ? date.toLocaleTimeString() : date.toLocaleString()
}

/** A row for each limit: name, used, resets, forecast. */
export function usageRows({ budgets }: Pick<Diagnostics, 'budgets'>, translate: Translate, now = Date.now()): string[][] {
  return budgets.map(({ name, used, limit, resetsAt, emptyAt }) => [
    optionalText(translate, `budget.${choiceKey(name)}`) || name,
    translate('form.usage.usedOf', { used, limit }),
    used === 0 ? '' : moment(resetsAt, now),
    emptyAt === undefined ? translate('form.usage.lasts') : translate('form.usage.emptyAt', { time: moment(emptyAt, now) }),
  ])
}

/** The lines below the table, for what is going on now. */
export function usageLines({ queued, running, paused, outage, outbox }: Pick<Diagnostics, 'queued' | 'running' | 'paused' | 'outage' | 'outbox'>, translate: Translate, now = Date.now()): string[] {
  const lines: string[] = []
  if (queued > 0 || running > 0) lines.push(translate('form.usage.waiting', { queued, running }))
  if (paused) lines.push(translate('form.usage.paused', { seconds: Math.ceil(paused.remaining / 1000), reason: paused.reason }))
  if (outage) lines.push(translate('form.usage.outage', { time: moment(outage.since, now), cause: outage.cause }))
  if (outbox && outbox.depth > 0) {
    const { depth, failure, oldest, quarantined } = outbox
    lines.push(oldest === undefined ? translate('form.usage.outbox', { count: depth }) : translate('form.usage.outboxSince', { count: depth, time: moment(oldest, now) }))
    if (failure) lines.push(translate('form.usage.notSent', { problem: failure.message }))
    if (quarantined > 0) lines.push(translate('form.usage.quarantined', { count: quarantined }))
  }
  return lines
}

/** Requests that the dialog shows; the copied diagnostics contain all. */
const SHOWN_REQUESTS = 5

/** The latest requests, the newest first, below a title with the last error; undefined before the first request. */
export function requestLines({ journal }: Diagnostics, translate: Translate, now = Date.now()): { title: string; lines: string[] } | undefined {
  if (journal.length === 0) return undefined
  const failed = journal.findLast(({ error }) => error !== undefined)
  const count = journal.length
  const title = failed
    ? translate('form.usage.requestsFailed', { count, error: failed.error ?? '', time: moment(failed.time, now) })
    : translate('form.usage.requests', { count })
  const lines = journal.slice(-SHOWN_REQUESTS).reverse().map(({ error, latency, operation, status, time }) => {
    const result = [status, error].filter((part) => part !== undefined).join(' ')
    return [moment(time, now), operation, result, ...(latency === undefined ? [] : [`${latency} ms`])].join(' · ')
  })
  return { title, lines }
}
