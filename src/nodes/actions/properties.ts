/** The properties of the action nodes, by verb. A new one is declared here, and nowhere else. */
import type { Verb } from '../../lib/vocabulary/operation'
import type { Vendor } from '../../lib/vocabulary/vendor'
import { accountReferences, UNVERSIONED, propertyDefaults, type NodeProperties } from '../runtime/node-property'
import type { Config } from '../runtime/migrations/migrate'
import { knownVendors } from '../runtime/node-types'

/** One millisecond: a time in seconds must be above 0. */
const LEAST_SECONDS = 0.001

export const actionProperties = {
  'get-data': {
    output: {
      kind: 'choice',
      label: 'Output',
      help: 'What msg.payload holds.',
      default: 'readings',
      onlyFor: 'readings',
      choices: [
        { value: 'readings', label: 'readings, in one shape for all vendors' },
        { value: 'body', label: "the vendor's data" },
      ],
    },
    emit: {
      kind: 'choice',
      label: 'Send',
      help: 'Several messages carry msg.parts, so that a Join node puts them together.',
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
    outbox: {
      kind: 'boolean',
      label: 'Outbox',
      help: 'Keeps readings on disk until the cloud has them, also during an outage, a restart or a crash. Without it, a failure goes to Catch at once.',
      default: true,
    },
    outboxLimit: {
      kind: 'number',
      label: 'Holds at most',
      help: 'Number of readings. When the outbox of the account is full, new readings fail with OUTBOX_FULL.',
      default: 100_000,
      integer: true,
      min: 1,
      needs: 'outbox',
    },
    batchWindow: {
      kind: 'number',
      label: 'Batch window',
      help: 'Milliseconds. Readings of one device that arrive within this time are sent together.',
      default: 250,
      integer: true,
      min: 0,
      needs: 'outbox',
    },
  },
  'send-command': {
    ttl: {
      kind: 'number',
      label: 'Time to live',
      help: 'Seconds that a command may wait for the limits of the account. After that it is not sent, and fails with EXPIRED. Empty: no limit.',
      min: LEAST_SECONDS,
    },
    awaitResult: {
      kind: 'boolean',
      label: 'Wait for result',
      help: 'Sends the message on when the command has been carried out, not when it has been accepted. If the cloud allows no poll within the time below, the message goes on at once with msg.response.nextLookAt.',
      default: false,
      onlyFor: 'follows',
    },
    awaitTimeout: {
      kind: 'number',
      label: 'Wait at most',
      help: 'Seconds to wait for the result. A command that takes longer fails with TIMEOUT, although it was accepted.',
      default: 300,
      min: LEAST_SECONDS,
      onlyFor: 'follows',
    },
  },
  'set-alarm': {
    ifAbsent: {
      kind: 'boolean',
      label: 'Only if absent',
      help: 'Creates only what does not exist yet, so that a flow can run again without making duplicates. What exists is left as it is, and the message goes on with it.',
      default: true,
      onlyFor: 'findsExisting',
    },
  },
  'register-device': {},
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
