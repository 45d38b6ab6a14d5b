/** What is attacked of each vendor: an account, an operation, and an ordinary answer to it. */
import { type Reply, sayJson } from './hostile-server'
import { SINK, type VendorId } from './victim-nodes'

export interface Target {
  name: string
  vendor: VendorId
  verb: 'get-data' | 'send-reading' | 'send-command'
  operation: string
  params: Readonly<Record<string, { type: string; value: string }>>
  /** Other properties of the node. */
  node?: Readonly<Record<string, unknown>>
  /** What the message brings. */
  message: Readonly<Record<string, unknown>>
  /** What the vendor would say. */
  ordinary: unknown
  /** Requests before the one that is attacked, with the vendor's answer. */
  before?(path: string): unknown
}

const text = (value: string): { type: string; value: string } => ({ type: 'str', value })

const DEVICE = '11111111-2222-4333-8444-555555555555'
const INVENTORY = { code: 200, max_age: 0, gateways: [{ id: 1, title: 'G', devices: [{ id: 2, title: 'S', devices: [{ id: 220200, title: 'T', type: { name: 'temp', unit: { name: '°C' } } }] }] }] }

export const TARGETS: readonly Target[] = [
  {
    name: 'senquip device-data', vendor: 'senquip', verb: 'get-data', operation: 'device-data', params: { deviceId: text('JDA54E19F') }, message: {},
    ordinary: [{ deviceid: 'JDA54E19F', ts: 1_700_000_000.1, vin: 12.1 }],
  },
  {
    name: 'senquip-v1 device-data', vendor: 'senquip-v1', verb: 'get-data', operation: 'device-data', params: { deviceId: text('JDA54E19F') }, message: {},
    ordinary: [{ deviceid: 'JDA54E19F', ts: 1_700_000_000.1, vin: 12.1 }],
  },
  {
    name: 'sensocan auto', vendor: 'sensocan', verb: 'send-reading', operation: 'auto', params: {}, node: { outbox: false },
    message: { payload: { sensorSlug: 'temp_01', value: 21 } }, ordinary: { message: 'ok' },
  },
  {
    name: 'thingsee messages', vendor: 'thingsee', verb: 'get-data', operation: 'messages', params: { tuid: text('T1') }, message: {},
    ordinary: { data: [{ tsmId: 12100, tsmTs: 1_700_000_000, tsmTuid: 'T1', temp: 21 }] },
  },
  {
    name: 'sensorist measurements', vendor: 'sensorist', verb: 'get-data', operation: 'measurements-latest', params: { dataSources: text('220200') }, message: {},
    before: (path) => (path.startsWith('gateways') ? INVENTORY : undefined),
    ordinary: { code: 200, measurements: { 220200: { date: '2026-01-01T00:00:00+0000', value: 21, seq: 1 } } },
  },
]

const TOKEN = { data: { token: 'token-of-the-vendor' }, access_token: 'token-of-the-vendor', expires_in: 3600 }
export const isTokenRequest = (path: string): boolean => /^(auth\/client-token|token)$/.test(path)

/** Tokens, and what else has to be asked before, are answered as usual; the rest by `hostile`. */
export const after =
  ({ before }: Pick<Target, 'before'>, hostile: Reply): Reply =>
  (request, response, path) => {
    const usual = isTokenRequest(path) ? TOKEN : before?.(path)
    ;(usual === undefined ? hostile : sayJson(usual))(request, response, path)
  }

/** Secrets of each account: none may be seen anywhere. */
export const SECRETS: Readonly<Record<VendorId, Readonly<Record<string, string>>>> = {
  senquip: { apiKey: 'secret-key-of-senquip' },
  'senquip-v1': { clientId: 'secret-id-of-senquip-one', clientSecret: 'secret-secret-of-senquip-one' },
  sensocan: { accessToken: 'secret-token-of-sensocan' },
  thingsee: { clientId: 'secret-id-of-thingsee', clientSecret: 'secret-secret-of-thingsee' },
  sensorist: { email: 'secret-user@example.test', password: 'secret-password-of-sensorist' },
}

export function settingsAt(vendor: VendorId, url: string): Record<string, unknown> {
  if (vendor === 'senquip-v1') return { tokenUrl: `${url}token`, endpointUrl: url, authorization: 'bearer', requestsPerSecond: '1000' }
  const own = { senquip: { hostedDevices: '1000' }, sensocan: { deviceUuid: DEVICE }, thingsee: { requestsPerSecond: '1000' }, sensorist: { requestsPerSecond: '1000' } }
  return { baseUrl: url, ...own[vendor] }
}

const ACCOUNT_TYPES: Readonly<Record<VendorId, string>> = {
  senquip: 'senquip-account', 'senquip-v1': 'senquip-v1-account', sensocan: 'sensocan-device', thingsee: 'thingsee-account', sensorist: 'sensorist-account',
}

/** Ms; slow answers must not make the suite slow. */
const TIMEOUT = '1500'

export const account = (id: string, vendor: VendorId, url: string, more: Readonly<Record<string, unknown>> = {}): object => ({
  id, type: ACCOUNT_TYPES[vendor], name: 'Test', ...settingsAt(vendor, url), timeout: TIMEOUT, ...more, credentials: SECRETS[vendor],
})

export const accountProperty = (vendor: VendorId): string =>
  ({ senquip: 'accountSenquip', 'senquip-v1': 'accountSenquipV1', sensocan: 'accountSensocan', thingsee: 'accountThingsee', sensorist: 'accountSensorist' })[vendor]

const sink = (id: string, of: string, exit: string): object => ({ id, z: 'tab', type: SINK, of, exit, x: 0, y: 0, wires: [] })

/** A node with where its messages, errors and completions end. */
export const observed = (node: { id: string } & Readonly<Record<string, unknown>>): object[] => [
  { z: 'tab', x: 0, y: 0, ...node, wires: [[`${node.id}-sent`]] },
  sink(`${node.id}-sent`, node.id, 'sent'),
  { id: `${node.id}-catch`, z: 'tab', type: 'catch', scope: [node.id], x: 0, y: 0, wires: [[`${node.id}-caught`]] },
  sink(`${node.id}-caught`, node.id, 'caught'),
  { id: `${node.id}-complete`, z: 'tab', type: 'complete', scope: [node.id], x: 0, y: 0, wires: [[`${node.id}-completed`]] },
  sink(`${node.id}-completed`, node.id, 'completed'),
]

export const TAB = { id: 'tab', type: 'tab', label: 'hostile' }

/**
 * Account and node of a target at a base URL; the node has the id that is given.
 * @param more properties of the account
 */
export function flowOf(target: Target, id: string, url: string, more: Readonly<Record<string, unknown>> = {}): object[] {
  const { vendor, verb, operation, params, node } = target
  const own = { id, type: `sensor-cloud-${verb}`, vendor, [accountProperty(vendor)]: `${id}-account`, operation, params, output: 'readings', emit: 'array', ...node }
  return [account(`${id}-account`, vendor, url, more), ...observed(own)]
}
