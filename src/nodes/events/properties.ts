/** The properties of the event node. */
import type { Vendor } from '../../lib/vocabulary/vendor'
import { accountReferences, UNVERSIONED, propertyDefaults, type NodeProperties } from '../runtime/node-property'
import type { Config } from '../runtime/migrations/migrate'
import { knownVendors } from '../runtime/node-types'

/**
 * By `onlyFor`, the kind of the vendor's events: `callback` or `poll`. A new one is declared here, and nowhere else.
 * The interval has the range and default of the vendor.
 */
export const eventProperties = {
  publicUrl: {
    kind: 'text',
    label: 'Public URL',
    help: 'The https address at which the vendor reaches this Node-RED from the internet. Behind a proxy, give the address of the proxy.',
    placeholder: 'https://example.com',
    onlyFor: 'callback',
  },
  path: {
    kind: 'text',
    label: 'Path',
    help: 'The path that the vendor posts to. Anyone who knows it can send events, so it must be impossible to guess.',
    onlyFor: 'callback',
  },
  interval: {
    kind: 'number',
    label: 'Interval (s)',
    help: 'Time between two polls.',
    onlyFor: 'poll',
  },
} as const satisfies NodeProperties

const { interval, ...callbackDefaults } = propertyDefaults(eventProperties)

/** In the order of the registration. */
export const eventDefaults = (vendors: readonly Vendor[] = knownVendors): Config => ({
  name: '',
  vendor: '',
  ...accountReferences(vendors),
  ...callbackDefaults,
  events: [],
  params: {},
  interval,
  ...UNVERSIONED,
})
