/** What is wrong with an account, one sentence each: what happened, and what to do next. */
import { meaningOf, type ErrorCode } from '../../lib/base/api-error'
import { plural, sentence, verbatim, type Sentence } from '../../lib/base/sentence'
import { localTime } from '../../lib/base/time'
import type { Account } from '../../lib/client/account'
import type { OutboxDiagnostics } from '../../lib/client/diagnostics'
import { quotaNearlySpent, WARN_AT } from '../../lib/quota/account-event'
import { isCalendar, limitPhrase } from '../../lib/vocabulary/budget'
import type { AccountNode } from '../accounts/account-node'
import type { AccountState } from '../runtime/overview'
import { checkFailure, settingsOf } from './deploy-check'

/** What is known of an account without asking anybody. */
export interface AccountView {
  node: AccountNode
  /** Absent as long as nothing has used it. */
  account: Account | undefined
  activity: ReturnType<Account['activity']> | undefined
  outbox: OutboxDiagnostics | undefined
  /** Another account with the same credentials and other settings. */
  twin: AccountNode | undefined
}

export interface AccountProblem {
  level: 'error' | 'warning'
  sentence: Sentence
}

const error = (text: Sentence): AccountProblem => ({ level: 'error', sentence: text })
const warning = (text: Sentence): AccountProblem => ({ level: 'warning', sentence: text })

/** The gravest first. */
export function problemsOfAccount(view: AccountView): AccountProblem[] {
  const incomplete = view.node.inspect().error
  if (incomplete) return [error(incomplete.sentence)]
  return [...connectionProblems(view), ...limitProblems(view), ...outboxProblems(view), ...twinProblem(view)]
}

/** Why the check at the deploy failed; undefined once a request has worked, which shows that the account works. */
export function failedCheck({ node, activity }: AccountView): ReturnType<typeof checkFailure> {
  const found = checkFailure(node)
  return found && found.at >= (activity?.health.workedAt ?? 0) ? found : undefined
}

function connectionProblems(view: AccountView): AccountProblem[] {
  const { account, activity } = view
  const { health } = activity ?? {}
  const check = failedCheck(view)
  if (check) return [error(check.error.sentence)]
  if (health?.failing) {
    const { since, cause } = health.failing
    return [error(sentence`the cloud has been unreachable since ${localTime(since)} (${cause}); check the network and the address in the account`)]
  }
  if (!account || !health?.isRejected) return []
  const { what, remedy } = account.vendor.refusals?.[401] ?? meaningOf(401)
  return [error(sentence`${what} (401); ${remedy}`)]
}

/** Limits of a day or a month: a shorter one is soon free again. */
function limitProblems({ account, activity }: AccountView): AccountProblem[] {
  const budgets = account?.budgets().filter((budget) => isCalendar(budget) && budget.scope === 'account') ?? []
  return budgets.flatMap((budget) => {
    const state = activity?.budgets.find(({ name }) => name === budget.name)
    if (!state || state.used < budget.limit * WARN_AT) return []
    if (state.remaining >= 1) return [warning(quotaNearlySpent(budget, state).text)]
    return [error(sentence`${limitPhrase(budget)} is used up; requests fail until ${localTime(state.resetsAt)}. Trigger the nodes of this account less often`)]
  })
}

function outboxProblems({ outbox }: AccountView): AccountProblem[] {
  const { depth = 0, failure, quarantined = 0 } = outbox ?? {}
  return [
    ...(failure && depth > 0 ? [error(sentence`readings wait in the outbox until they can be sent: ${verbatim(failure.message)}`)] : []),
    ...(quarantined > 0 ? [error(quarantineText(quarantined))] : []),
  ]
}

const quarantineText = (count: number): Sentence =>
  plural(
    count,
    sentence`1 reading is quarantined, because the server fails on it (5xx); drop it, or wait until the server takes it`,
    sentence`${count} readings are quarantined, because the server fails on each of them (5xx); drop them, or wait until the server takes them`,
  )

const twinProblem = ({ twin }: AccountView): AccountProblem[] =>
  twin ? [warning(sentence`the account "${twin.name ?? twin.id}" has the same credentials, but other settings; both share one limit, so give them the same settings, or use one account`)] : []

/** By id, another account that shares the client and has other settings. */
export function sharedClients(nodes: readonly AccountNode[]): Map<string, AccountNode> {
  const byClient = new Map<string, AccountNode[]>()
  for (const node of nodes) {
    const inspection = node.inspect()
    if (inspection.error) continue
    byClient.set(inspection.clientKey, [...(byClient.get(inspection.clientKey) ?? []), node])
  }
  const found = new Map<string, AccountNode>()
  for (const group of byClient.values()) {
    if (group.length < 2) continue
    const settings = new Map(group.map((node) => [node, settingsOf(node)]))
    for (const node of group) {
      const other = group.find((candidate) => settings.get(candidate) !== settings.get(node))
      if (other) found.set(node.id, other)
    }
  }
  return found
}

/** The state of an account from which a failure of its nodes follows; it is said once, at the account. */
const IMPLIED: Readonly<Partial<Record<ErrorCode, AccountState>>> = { AUTH: 'rejected', NETWORK: 'away', CONFIG: 'incomplete' }

export const isImplied = (code: ErrorCode | undefined, state: AccountState | undefined): boolean =>
  code !== undefined && state !== undefined && IMPLIED[code] === state
