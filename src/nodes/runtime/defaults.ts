/** What each property of a node is unless its flow says otherwise: for registration, form and runtime alike. */
import { DEFAULT_TIMEOUT } from '../../lib/client/account'
import type { Verb } from '../../lib/vocabulary/operation'
import { accountProperty, type Vendor } from '../../lib/vocabulary/vendor'
import { editableRoutes } from '../accounts/editable-routes'
import { BATCH_WINDOW, OUTBOX_LIMIT } from '../actions/outbox-settings'
import type { Config } from './migrations/migrate'
import { knownVendors, type NodeSet } from './node-types'

/** Of the properties that only some verbs have; numbers are texts, as forms have them. */
export const OWN_DEFAULTS = {
  'get-data': { output: 'readings', emit: 'array', sinceLast: false },
  'send-reading': { outbox: true, outboxLimit: String(OUTBOX_LIMIT), batchWindow: String(BATCH_WINDOW) },
  'send-command': { ttl: '', awaitResult: false, awaitTimeout: '300' },
  'set-alarm': { ifAbsent: true },
  'register-device': {},
} as const satisfies Record<Verb, Config>

/**
 * Not the present version: where the editor places a flow that was suggested, it gives defaults to what lacks them,
 * and a node without a version would pass for one of this version. A node gets that when its dialog is saved.
 */
const VERSION = { version: 0 }

const actionDefaults = (verb: Verb, vendors: readonly Vendor[]): Config => ({
  name: '',
  vendor: '',
  ...Object.fromEntries(vendors.map(({ id }) => [accountProperty(id), ''])),
  operation: '',
  params: {},
  ...OWN_DEFAULTS[verb],
})

const accountDefaults = (vendor: Vendor): Config => ({
  name: '',
  ...Object.fromEntries(Object.entries(vendor.settings).map(([name, field]) => [name, typeof field.default === 'boolean' ? field.default : String(field.default ?? '')])),
  store: '',
  tls: '',
  proxy: '',
  timeout: String(DEFAULT_TIMEOUT),
  ...(editableRoutes(vendor).length > 0 ? { routes: {} } : {}),
})

const eventDefaults = (vendors: readonly Vendor[]): Config => ({
  name: '',
  vendor: '',
  ...Object.fromEntries(vendors.map(({ id }) => [accountProperty(id), ''])),
  publicUrl: '',
  path: '',
  events: [],
  params: {},
  interval: '',
})

const storeDefaults: Config = { name: '', kind: 'embedded', url: '' }

function ownDefaults(set: NodeSet, vendors: readonly Vendor[]): Config {
  if (set.kind === 'action') return actionDefaults(set.verb, vendors)
  if (set.kind === 'event') return eventDefaults(vendors)
  return set.kind === 'account' ? accountDefaults(set.vendor) : storeDefaults
}

/** In the order of the registration. */
export const defaultsOf = (set: NodeSet, vendors: readonly Vendor[] = knownVendors): Config => ({ ...ownDefaults(set, vendors), ...VERSION })
