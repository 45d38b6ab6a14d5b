/** The rows of the sidebar: every account, node and store with its state. Sends no request, and opens no account. */
import type { NodeAPI } from 'node-red'
import type { BudgetForecast } from '../../lib/client/diagnostics'
import type { AccountNode } from '../accounts/account-node'
import { nodeStates, type NodeState } from '../actions/status'
import { deployedNodes } from '../runtime/deployed'
import { localize } from '../runtime/language'
import { STORE_TYPE, knownVendors } from '../runtime/node-types'
import type { AccountRow, AccountState, NodeRow, OverviewRow, StoreRow } from '../runtime/overview'
import type { StoreNode } from '../stores/store-node'
import { accountNodes } from './diagnostics-report'
import { failedCheck, problemsOfAccount, sharedClients, isImplied, type AccountView } from './problems'

/** Problems first is up to the sidebar: the rows come in the order of the flows. */
export async function overviewRows(RED: NodeAPI, now = Date.now()): Promise<OverviewRow[]> {
  const nodes = accountNodes(RED)
  const twins = sharedClients(nodes)
  const views = await Promise.all(nodes.map((node) => viewOf(node, twins.get(node.id))))
  const accounts = views.map((view) => ({ view, row: accountRow(RED, view, now) }))
  const states = new Map(accounts.map(({ row }) => [row.id, row.state]))
  return [...accounts.map(({ row }) => row), ...nodeStates().map((state) => nodeRow(RED, state, states.get(state.account), now)), ...storeRows(RED)]
}

async function viewOf(node: AccountNode, twin: AccountNode | undefined): Promise<AccountView> {
  const account = node.opened()
  const outbox = await node.outboxState()
  return { node, account, activity: account?.activity(), outbox, twin }
}

function accountRow(RED: NodeAPI, view: AccountView, now: number): AccountRow {
  const { node, outbox } = view
  const found = problemsOfAccount(view)
  const hasError = found.some(({ level }) => level === 'error')
  return {
    kind: 'account',
    id: node.id,
    type: node.type,
    name: node.name ?? '',
    title: knownVendors.find(({ accountType }) => accountType === node.type)?.title ?? '',
    state: stateOf(view, hasError),
    problems: found.map(({ level, sentence }) => ({ level, text: localize(RED, sentence) })),
    ...(outbox ? { outbox } : {}),
    ...activityOf(view, now),
  }
}

/** Undefined activity: nothing has used the account yet. */
function activityOf({ activity }: AccountView, now: number): Pick<AccountRow, 'budgets' | 'queued' | 'running'> & Partial<AccountRow> {
  if (!activity) return { budgets: [], queued: 0, running: 0 }
  const { budgets, cacheHits, failures, health, paused, queued, requests, running } = activity
  return {
    budgets: budgets.map((budget) => steady(budget, now)),
    queued,
    running,
    requests,
    failures,
    cacheHits,
    ...(paused ? { pausedUntil: inSteps(now + paused.remaining, 1000) } : {}),
    ...(health.failing ? { awaySince: health.failing.since } : {}),
    ...(health.lastError ? { lastError: health.lastError } : {}),
  }
}

function stateOf(view: AccountView, hasError: boolean): AccountState {
  const { node, activity } = view
  if (node.problem()) return 'incomplete'
  if (!activity) return hasError ? 'problem' : 'unused'
  const { health, paused, queued } = activity
  const check = failedCheck(view)
  if (check?.error.code === 'AUTH') return 'rejected'
  if (health.failing) return 'away'
  if (health.isRejected) return 'rejected'
  if (paused) return 'paused'
  if (hasError) return 'problem'
  return queued > 0 ? 'waits' : 'ok'
}

/** Ms: a forecast moves with each second, which alone is no news. */
const FORECAST_STEP = 900_000

const inSteps = (time: number, step: number): number => Math.ceil(time / step) * step

function steady({ emptyAt, ...budget }: BudgetForecast, now: number): BudgetForecast {
  return emptyAt === undefined ? budget : { ...budget, emptyAt: emptyAt <= now ? emptyAt : inSteps(emptyAt, FORECAST_STEP) }
}

function nodeRow(RED: NodeAPI, { account, at, failure, node, status }: NodeState, state: AccountState | undefined, now: number): NodeRow {
  const { _alias: original } = node as { _alias?: string }
  const isShown = failure && !isImplied(failure.code, state)
  return {
    kind: 'node',
    id: node.id,
    shownId: original ?? node.id,
    type: node.type,
    name: node.name ?? '',
    account,
    ...(status.fill === undefined ? {} : { fill: status.fill }),
    ...(status.text === undefined || status.text === '' ? {} : { text: status.text }),
    at: Math.min(at, now),
    problems: isShown ? [{ level: 'error', text: localize(RED, failure.sentence) }] : [],
  }
}

const storeRows = (RED: NodeAPI): StoreRow[] =>
  deployedNodes(RED).flatMap(({ id, type, name = '' }) => {
    const node = type === STORE_TYPE ? (RED.nodes.getNode(id) as Partial<StoreNode> | null) : undefined
    if (typeof node?.outage !== 'function') return []
    const outage = node.outage()
    return [{ kind: 'store', id, type, name, problems: outage ? [{ level: 'error', text: localize(RED, outage) }] : [] }]
  })
