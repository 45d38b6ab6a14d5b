/** The properties of the account nodes: the vendor's settings, and those that every account has. */
import { DEFAULT_TIMEOUT } from '../../lib/client/account'
import type { Field } from '../../lib/vocabulary/field'
import type { Vendor } from '../../lib/vocabulary/vendor'
import { UNVERSIONED, propertyDefaults, type NodeProperties } from '../runtime/node-property'
import { editableRoutes } from '../../lib/http/route'
import type { Config } from '../runtime/migrations/migrate'

/** Of every vendor's account. A new one is declared here, and nowhere else. */
export const accountProperties = {
  timeout: {
    kind: 'number',
    label: 'Timeout (ms)',
    help: 'How long to wait for a response.',
    default: DEFAULT_TIMEOUT,
    min: 1,
  },
} as const satisfies NodeProperties

const settingDefault = ({ default: given }: Field): string | boolean => (typeof given === 'boolean' ? given : String(given ?? ''))

/** In the order of the registration. */
export const accountDefaults = (vendor: Vendor): Config => ({
  name: '',
  ...Object.fromEntries(Object.entries(vendor.settings).map(([name, field]) => [name, settingDefault(field)])),
  store: '',
  tls: '',
  proxy: '',
  ...propertyDefaults(accountProperties),
  ...(editableRoutes(vendor).length > 0 ? { routes: {} } : {}),
  ...UNVERSIONED,
})
