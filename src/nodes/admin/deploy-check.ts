/** Checks new and changed accounts when flows start, so that a wrong key shows at the deploy. One request each at most. */
import { createHash } from 'node:crypto'
import type { NodeAPI } from 'node-red'
import { ApiError } from '../../lib/base/api-error'
import { isRecord } from '../../lib/base/foreign'
import { sentence } from '../../lib/base/sentence'
import { checkCredentials } from '../../lib/client/probe'
import type { AccountNode } from '../accounts/account-node'
import { showAccountFailure } from '../actions/status'
import { localize } from '../runtime/language'
import { hear, onceForEach, within } from './admin-route'
import { accountNodes } from './diagnostics-report'

/** ms for one check. */
const DEADLINE = 30_000
/** Accounts that are checked at the same time. */
const CONCURRENCY = 4
/** ms for which an account counts as checked after a restart: a year. */
const LIFETIME = 31_536_000_000

interface Check {
  /** Of settings and credentials. Only in memory: a fast digest of a weak password can be guessed. */
  digest: string
  failure?: CheckFailure
}

export interface CheckFailure {
  error: ApiError
  /** Epoch ms. */
  at: number
}

/** By id of the account. Of the whole runtime, since a deploy makes the nodes anew. */
const checks = new Map<string, Check>()

/** Why the vendor did not accept an account when it was deployed. */
export function checkFailure(node: AccountNode): CheckFailure | undefined {
  const check = checks.get(node.id)
  // The node may be a later one with other settings.
  return check?.failure && check.digest === digestOf(node) ? check.failure : undefined
}

const isOff = (RED: NodeAPI): boolean => {
  const { sensorClouds } = RED.settings as { sensorClouds?: unknown }
  return isRecord(sensorClouds) && sensorClouds.checkAtDeploy === false
}

export const checkAtDeploy = onceForEach((RED) => {
  hear(RED, 'flows:started', () => {
    // A rejection that nobody handles would end Node-RED.
    if (!isOff(RED)) void checkChanged(RED).catch(() => undefined)
  })
})

async function checkChanged(RED: NodeAPI): Promise<void> {
  const nodes = accountNodes(RED)
  const ids = new Set(nodes.map(({ id }) => id))
  for (const id of checks.keys()) if (!ids.has(id)) checks.delete(id)
  const changed = nodes.filter((node) => {
    const digest = digestOf(node)
    const isNew = digest !== undefined && checks.get(node.id)?.digest !== digest
    if (isNew) checks.set(node.id, { digest })
    return isNew
  })
  const next = async (): Promise<void> => {
    for (let node = changed.shift(); node; node = changed.shift()) await check(RED, node)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, next))
}

/** Undefined for an account that is not complete: what it lacks is shown without a request. */
function digestOf(node: AccountNode): string | undefined {
  const inspection = node.inspect()
  return inspection.error ? undefined : digest(inspection.clientKey, settingsOf(node))
}

const digest = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/** What tells accounts of one identity apart, beside their ids and names. */
export function settingsOf({ deployed }: AccountNode): string {
  const { id: _id, name: _name, ...settings } = deployed
  return JSON.stringify(Object.entries(settings).filter(([, value]) => value !== '').sort(([one], [other]) => (one < other ? -1 : 1)))
}

async function check(RED: NodeAPI, node: AccountNode): Promise<void> {
  const mine = checks.get(node.id)
  try {
    const account = await node.account()
    const wanted = digest(await account.client.fingerprint(), settingsOf(node))
    const store = await node.store().catch(() => undefined)
    const key = `checked:${node.id}`
    if ((await store?.get(key).catch(() => undefined)) === wanted) return
    await within(DEADLINE, () => sentence`no response within ${DEADLINE / 1000} s; check the address, the proxy and the network`, (signal) =>
      checkCredentials(account, { title: sentence`check at deploy`, signal: AbortSignal.any([signal, account.signal]) }))
    // A store that fails costs one more request after a restart, no more.
    await store?.set(key, wanted, LIFETIME).catch(() => undefined)
  } catch (error) {
    if (error instanceof ApiError && mine === checks.get(node.id)) fail(RED, node, error, mine)
  }
}

/** What says nothing of the account: a deploy has closed it, or its limits leave no request. */
const SILENT: ReadonlySet<string> = new Set(['CLOSED', 'QUOTA', 'RATE_LIMITED'])

function fail(RED: NodeAPI, node: AccountNode, error: ApiError, mine: Check | undefined): void {
  if (!mine || SILENT.has(error.code)) return
  mine.failure = { error, at: Date.now() }
  node.warn(localize(RED, error.sentence))
  showAccountFailure(node.id, error)
}
