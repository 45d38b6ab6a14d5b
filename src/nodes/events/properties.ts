/** The properties of the event node. */
import type { Vendor } from '../../lib/vocabulary/vendor'
import { accountReferences, UNVERSIONED, propertyDefaults, type NodeProperties } from '../runtime/node-property'
import type { Config } from '../runtime/migrations/migrate'
import { knownVendors } from '../runtime/node-types'

/**
 * By `onlyFor`, the kind of the vendor's events (`callback` or `poll`), or what is watched: `silence`, `battery` or
 * `devices`. `sensors` is the first two of these; `interval` is for all that is read at intervals. A new one is declared
 * here, and nowhere else. The interval has the range and default of the vendor, or of what is watched.
 */
export const eventProperties = {
  source: {
    kind: 'choice',
    label: 'Watch',
    help: 'What is watched.',
    default: 'vendor',
    choices: [
      { value: 'vendor', label: 'events of the vendor' },
      { value: 'silence', label: 'sensors that fall silent' },
      { value: 'battery', label: 'batteries that run low' },
      { value: 'devices', label: 'devices that are gone' },
    ],
  },
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
    onlyFor: 'interval',
  },
  devices: {
    kind: 'list',
    label: 'Devices',
    help: 'Ids of the devices or sensors to watch, comma-separated. Empty: all of the account.',
    onlyFor: 'sensors',
  },
  intervals: {
    kind: 'number',
    label: 'Missed intervals',
    help: 'A sensor is silent after so many usual intervals without a reading.',
    default: 3,
    min: 1.5,
    onlyFor: 'silence',
  },
  usualInterval: {
    kind: 'number',
    label: 'Usual interval (s)',
    help: 'Time between two readings of a sensor. Empty: learned for each sensor.',
    min: 1,
    onlyFor: 'silence',
  },
  silentAfter: {
    kind: 'number',
    label: 'Silent after (s)',
    help: 'Fixed time without a reading, for sensors without a regular interval. Empty: missed intervals count.',
    min: 1,
    onlyFor: 'silence',
  },
  batteryBelow: {
    kind: 'number',
    label: 'Battery below (%)',
    help: 'A battery below this level is low. It has recovered 5 points above it.',
    default: 20,
    min: 0,
    max: 100,
    onlyFor: 'battery',
  },
  voltageBelow: {
    kind: 'number',
    label: 'Voltage below (V)',
    help: 'A voltage below this value is low. It has recovered 0.1 V above it. Empty: voltages are not watched.',
    min: 0,
    onlyFor: 'battery',
  },
  reportUnread: {
    kind: 'boolean',
    label: 'Report unread devices',
    help: 'Reports devices of the list that no node reads, too.',
    default: false,
    onlyFor: 'devices',
  },
} as const satisfies NodeProperties

const { publicUrl, path, ...otherDefaults } = propertyDefaults(eventProperties)

/** In the order of the registration. */
export const eventDefaults = (vendors: readonly Vendor[] = knownVendors): Config => ({
  name: '',
  vendor: '',
  ...accountReferences(vendors),
  publicUrl,
  path,
  events: [],
  params: {},
  ...otherDefaults,
  ...UNVERSIONED,
})
