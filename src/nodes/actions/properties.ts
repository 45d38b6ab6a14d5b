/** The properties of the action nodes, by verb. A new one is declared here, and nowhere else. */
import type { Verb } from '../../lib/vocabulary/operation'
import type { Vendor } from '../../lib/vocabulary/vendor'
import { accountReferences, UNVERSIONED, propertyDefaults, type NodeProperties } from '../runtime/node-property'
import type { Config } from '../runtime/migrations/migrate'
import { knownVendors } from '../runtime/node-types'
import { QUANTITIES } from '../../lib/vocabulary/reading'

/** One millisecond: a time in seconds must be above 0. */
const LEAST_SECONDS = 0.001

const confirmed = {
  kind: 'boolean',
  label: 'I mean all',
  help: 'Required, since each message deletes more than one thing.',
  default: false,
  onlyFor: 'deletesMany',
} as const

export const actionProperties = {
  'get-data': {
    output: {
      kind: 'choice',
      label: 'Output',
      help: 'The content of msg.payload.',
      default: 'readings',
      onlyFor: 'readings',
      choices: [
        { value: 'readings', label: 'readings, in one format for all vendors' },
        { value: 'values', label: 'values, one message each, for dashboards' },
        { value: 'object', label: 'an object of places and quantities' },
        { value: 'influx', label: 'points for InfluxDB' },
        { value: 'rows', label: 'flat rows for SQL and CSV' },
        { value: 'body', label: "the vendor's data" },
      ],
    },
    quantities: {
      kind: 'list',
      label: 'Quantities',
      help: "Only these quantities, such as temperature, humidity. The vendor's own names work too. Empty: all. Not for the vendor's data.",
      suggestions: Object.keys(QUANTITIES),
      onlyFor: 'readings',
    },
    decimals: {
      kind: 'number',
      label: 'Decimals',
      help: "Number of decimals to round numbers to. Empty: as they are. Not for the vendor's data.",
      integer: true,
      min: 0,
      max: 10,
      onlyFor: 'readings',
    },
    temperature: {
      kind: 'choice',
      label: 'Temperature',
      help: "Unit of temperatures. Not for the vendor's data.",
      default: '°C',
      onlyFor: 'readings',
      choices: [
        { value: '°C', label: '°C' },
        { value: '°F', label: '°F' },
      ],
    },
    emit: {
      kind: 'choice',
      label: 'Send',
      help: 'If there are several messages, each has msg.parts for a Join node.',
      default: 'array',
      choices: [
        { value: 'array', label: 'one message' },
        { value: 'each', label: 'one message for each item' },
        { value: 'page', label: 'one message for each page, as it arrives' },
      ],
    },
    sinceLast: {
      kind: 'boolean',
      label: 'Only new',
      help: 'Sends only what this node has not sent yet, also after a restart. Data that reaches the cloud more than an hour late is missed, unless the vendor numbers its measurements.',
      default: false,
      onlyFor: 'since',
    },
  },
  'send-reading': {
    mapping: {
      kind: 'json',
      shape: 'array',
      label: 'Mapping',
      help: 'Needed to send readings of a get data node. The first matching row names the sensor that a reading goes to. An empty cell matches anything. Without a sensor slug, the reading is left out. A reading that no row matches is an error.',
      columns: { device: 'Device', sensor: 'Sensor', quantity: 'Quantity', sensorSlug: 'Sensor slug' },
      onlyFor: 'mapped',
    },
    outbox: {
      kind: 'boolean',
      label: 'Outbox',
      help: 'Keeps readings on disk until they are sent, also during an outage, a restart or a crash. Without it, a failure goes to Catch at once.',
      default: true,
    },
    outboxLimit: {
      kind: 'number',
      label: 'Maximum readings',
      help: 'Number of readings. When the outbox of the account is full, new readings fail with OUTBOX_FULL.',
      default: 100_000,
      integer: true,
      min: 1,
      needs: 'outbox',
    },
    batchWindow: {
      kind: 'number',
      label: 'Batch window (ms)',
      help: 'Readings of one device that arrive within this time are sent together.',
      default: 250,
      integer: true,
      min: 0,
      needs: 'outbox',
    },
    syncWindow: {
      kind: 'number',
      label: 'Sync at most every (s)',
      help: 'Seconds. Readings that arrive within this time share one sync to disk, which makes an SD card last longer. A power failure can then lose the readings of this time. A crash or restart of Node-RED loses none. 0: each reading is synced at once. With a Redis store, this setting has no effect.',
      default: 0,
      min: 0,
      needs: 'outbox',
    },
  },
  'send-command': {
    ttl: {
      kind: 'number',
      label: 'Time to live (s)',
      help: 'How long a command may wait for the limits of the account. After that it is not sent, and fails with EXPIRED. Empty: no limit.',
      min: LEAST_SECONDS,
    },
    awaitResult: {
      kind: 'boolean',
      label: 'Wait for result',
      help: 'Sends the message on when the command has been executed, not only accepted. If the cloud allows no poll within the time below, the message is sent on at once with msg.response.nextLookAt.',
      default: false,
      onlyFor: 'follows',
    },
    awaitTimeout: {
      kind: 'number',
      label: 'Maximum wait (s)',
      help: 'How long to wait for the result. A command that takes longer fails with TIMEOUT, although it was accepted.',
      default: 300,
      min: LEAST_SECONDS,
      onlyFor: 'follows',
    },
  },
  'set-alarm': {
    ifAbsent: {
      kind: 'boolean',
      label: 'Only if absent',
      help: 'Creates an item only if it does not exist yet. A flow can then run again without creating duplicates. An existing item is not changed, and the message is sent on with it.',
      default: true,
      onlyFor: 'findsExisting',
    },
    confirmed,
  },
  'register-device': { confirmed },
} as const satisfies Record<Verb, NodeProperties>

/** In the order of the registration. */
export const actionDefaults = (verb: Verb, vendors: readonly Vendor[] = knownVendors): Config => ({
  name: '',
  vendor: '',
  ...accountReferences(vendors),
  operation: '',
  params: {},
  ...propertyDefaults(actionProperties[verb]),
  ...UNVERSIONED,
})
