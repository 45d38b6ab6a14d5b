/** Account nodes on the simulator, and requests to their admin routes as the editor sends them. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import type { NodeAPI } from 'node-red'
import { vendors } from '../../src/lib/vendors'
import type { Simulator } from '../simulator'
import { accountsOn, NODES, type VendorId } from './harness'

const proxyNode = require('@node-red/nodes/core/network/06-httpproxy.js') as (RED: NodeAPI) => void

export const PERMISSIONS: string[] = []

/** Notes what every route asks for. */
function watchPermissions(RED: NodeAPI): void {
  RED.auth.needsPermission = (permission) => {
    PERMISSIONS.push(permission)
    return (_request, _response, next) => next()
  }
}

export interface Deployed {
  id: string
  vendor: VendorId
  settings?: object
  credentials?: object
}

/** Deploys accounts; each has what the simulator wants unless told otherwise. */
export async function deploy(simulator: Simulator, accounts: readonly Deployed[], more: readonly object[] = []): Promise<void> {
  PERMISSIONS.length = 0
  const nodes = accounts.map(({ id, vendor, settings }) => ({ id, type: vendors[vendor].accountType, name: `Account ${id}`, ...accountsOn(simulator)[vendor].settings, ...settings }))
  const credentials = Object.fromEntries(accounts.map(({ id, vendor, credentials }) => [id, credentials ?? accountsOn(simulator)[vendor].credentials]))
  await helper.load([watchPermissions, proxyNode, ...NODES], [...nodes, ...more], credentials)
}

export interface Typed {
  id?: string
  vendor: VendorId
  settings?: object
  credentials?: object
}

/** The account of a request, as a dialog with all fields filled in sends it. */
export function typed(simulator: Simulator, { id = 'new', vendor, settings, credentials }: Typed): object {
  const wanted = accountsOn(simulator)[vendor]
  return { id, type: vendors[vendor].accountType, settings: { ...wanted.settings, ...settings }, credentials: credentials ?? wanted.credentials }
}

export interface Reply {
  status: number
  text: string
  /** Parsed; null where there is none. */
  json: Record<string, unknown> | null
}

export async function post(path: string, body: unknown): Promise<Reply> {
  const { status, text } = await helper.request().post(`/sensor-clouds/${path}`).send(body as object)
  return { status, text, json: parsed(text) }
}

export async function get(path: string): Promise<Reply> {
  const { status, text } = await helper.request().get(`/sensor-clouds/${path}`)
  return { status, text, json: parsed(text) }
}

function parsed(text: string): Reply['json'] {
  try {
    return JSON.parse(text) as Reply['json']
  } catch {
    return null
  }
}

/** Fails when a secret of the account stands in a text, in whatever form. */
export function assertNoSecret(text: string, credentials: object): void {
  const secrets = Object.values(credentials) as string[]
  for (const secret of [...secrets, secrets.join(':')].flatMap((one) => [one, encodeURIComponent(one), Buffer.from(one).toString('base64')]))
    assert.equal(text.includes(secret), false, `${secret} stands in ${text}`)
}
