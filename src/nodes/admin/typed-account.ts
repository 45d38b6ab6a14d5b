/** An account as it is in a dialog: typed settings and credentials. Credentials that were not changed are the deployed ones. */
import { isRecord } from '../../lib/base/foreign'
import type { Node, NodeAPI } from 'node-red'
import type { Account } from '../../lib/client/account'
import { baseAddress } from '../../lib/http/base-url'
import { ApiError } from '../../lib/base/api-error'
import { formText, joined, sentence, type Sentence } from '../../lib/base/sentence'
import { isAddress, type Credentials, type Vendor } from '../../lib/vocabulary/vendor'
import { openAccount, type AccountDef, type AccountNode } from '../accounts/account-node'
import { accountDefaults } from '../accounts/properties'
import { typedCredentials, isReference, variableName } from '../runtime/shared-with-forms'
import { deployedNodes } from '../runtime/deployed'
import { migrate } from '../runtime/migrations/migrate'
import { knownVendors } from '../runtime/node-types'
import { badRequest } from './admin-route'

export interface TypedAccount {
  id: string
  vendor: Vendor
  settings: Readonly<Record<string, unknown>>
  /** Without those that were left untouched. */
  credentials: Credentials
}

/** @throws Refusal */
export function readBody(body: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(body)) throw badRequest(sentence`the body must be a JSON object`)
  return body
}

/**
 * The `account` of a request: `{ id, type, settings, credentials }`.
 * @throws Refusal
 */
export function readAccount(RED: NodeAPI, body: Readonly<Record<string, unknown>>): TypedAccount {
  const { id, type, settings, credentials } = readBody(body.account)
  const vendor = knownVendors.find(({ accountType }) => accountType === type)
  if (typeof id !== 'string' || !vendor || !isRecord(settings) || !isRecord(credentials))
    throw badRequest(sentence`account must be { id, type, settings, credentials } with the type of an account`)
  const scope = deployedNode(RED, id, vendor) ?? anyGlobalNode(RED)
  return {
    id,
    vendor,
    settings: resolved(RED, settings, scope) as TypedAccount['settings'],
    credentials: resolved(RED, typedCredentials(credentials), scope) as Credentials,
  }
}

/**
 * Opens the account with the deployed credentials where none were typed; its caller closes it.
 * @param timeout ms of an attempt, at most
 * @throws ApiError CONFIG when something is missing or wrong, or a stored credential would go elsewhere
 */
export function openTyped(RED: NodeAPI, typed: TypedAccount, timeout: number): Account {
  const { id, vendor, credentials } = typed
  const settings: Readonly<Record<string, unknown>> = migrate(accountDefaults(vendor), typed.settings)
  for (const name of ['tls', 'proxy']) requireDeployed(RED, vendor, name, settings[name])
  const own = Number(settings.timeout === '' ? timeout : settings.timeout)
  const config = { ...settings, id, type: vendor.accountType, timeout: Math.min(own, timeout) } as unknown as AccountDef
  return openAccount(RED, vendor, config, withStored(RED, typed, credentials))
}

function withStored(RED: NodeAPI, { id, vendor, settings }: TypedAccount, credentials: Credentials): Record<string, string> {
  const untouched = Object.keys(vendor.credentials).filter((name) => credentials[name] === undefined)
  const node = deployedNode(RED, id, vendor)
  if (untouched.length === 0 || !node) return { ...credentials }
  const changed = changedTarget(vendor, settings, node.deployed)
  if (changed) {
    const labels = joined(untouched.map((name) => formText(vendor.credentials[name]?.label ?? name)))
    throw new ApiError('CONFIG', sentence`${vendor.title} account: ${changed}, so the stored credentials are not sent; enter ${labels} again to use it`)
  }
  // Node-RED leaves `credentials` undefined until something has been entered.
  const stored = (node.credentials as Credentials | undefined) ?? {}
  return { ...Object.fromEntries(untouched.flatMap((name) => (stored[name] ? [[name, stored[name]]] : []))), ...credentials }
}

const CHANGED = {
  proxy: sentence`the proxy is not the deployed one`,
  tls: sentence`the TLS configuration is not the deployed one`,
} as const

/** What decides where credentials go, and differs from the deployed account. Without proxy and TLS configuration nobody new can read them. */
function changedTarget(vendor: Vendor, settings: Readonly<Record<string, unknown>>, deployed: Readonly<Record<string, unknown>>): Sentence | undefined {
  const address = Object.keys(vendor.settings).find(
    (name) => isAddress(vendor, name) && addressOf(vendor, name, settings) !== addressOf(vendor, name, deployed),
  )
  if (address !== undefined) return sentence`${formText(vendor.settings[address]?.label ?? address)} is not the deployed one`
  const isNew = (name: keyof typeof CHANGED): boolean => typeof settings[name] === 'string' && settings[name] !== '' && settings[name] !== deployed[name]
  return isNew('proxy') ? CHANGED.proxy : isNew('tls') ? CHANGED.tls : undefined
}

/** In one form, so that a slash more or less makes no difference. */
function addressOf(vendor: Vendor, name: string, settings: Readonly<Record<string, unknown>>): string {
  const given = settings[name]
  const text = typeof given === 'string' && given !== '' ? given : String(vendor.settings[name]?.default ?? '')
  try {
    return baseAddress(text).href
  } catch {
    return text
  }
}

/** A config node that is chosen but not deployed cannot be used yet. */
function requireDeployed(RED: NodeAPI, vendor: Vendor, name: string, id: unknown): void {
  if (typeof id !== 'string' || id === '' || lookUp(RED.nodes, id)) return
  throw new ApiError('CONFIG', sentence`${vendor.title} account: the ${name === 'tls' ? sentence`TLS configuration` : sentence`proxy`} is not deployed yet; deploy it, then try again`)
}

/** The types of Node-RED leave out that there may be none. */
const lookUp = (nodes: { getNode(id: string): Node | null }, id: string): Node | undefined => nodes.getNode(id) ?? undefined

/** A node of another type has other credentials, whatever its id. */
export function deployedNode(RED: NodeAPI, id: string, vendor: Vendor): AccountNode | undefined {
  const node = lookUp(RED.nodes, id)
  return node?.type === vendor.accountType ? node as AccountNode : undefined
}

/** Only nodes know the variables of the flows; a node on no tab knows those that hold everywhere. */
function anyGlobalNode(RED: NodeAPI): Node | undefined {
  for (const { id, z } of deployedNodes(RED)) {
    const node = z ? undefined : lookUp(RED.nodes, id)
    if (node) return node
  }
  return undefined
}

/** Variables as Node-RED replaces them before a node starts: also within objects; unknown names stay. */
function resolved(RED: NodeAPI, value: unknown, scope: Node | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(RED, item, scope))
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(RED, item, scope)]))
  if (!isReference(value)) return value
  // Without a node Node-RED looks in the environment of the process.
  const found: unknown = scope ? RED.util.evaluateNodeProperty(variableName(value), 'env', scope, {}) : process.env[variableName(value)]
  return found === '' || found === undefined ? value : found
}
