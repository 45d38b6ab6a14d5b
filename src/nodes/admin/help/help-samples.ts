/** The samples of the help: short parts of messages that flows on the simulator give. */
import type { Budget, BudgetState } from '../../../lib/vocabulary/budget'
import type { Verb } from '../../../lib/vocabulary/operation'
import type { Vendor } from '../../../lib/vocabulary/vendor'
import type { WatchedSource } from '../../runtime/shared-with-forms'

const EPOCH_MS = 1_789_300_519_000

/** Of the message that the node sends; of its payload, where the caption says so. Send reading shows what it takes. */
export const ACTION_SAMPLES: Readonly<Record<Verb, object>> = {
  'get-data': {
    vendor: 'sensorist',
    device: '7325',
    sensor: '57951',
    label: 'Cellar, Rack left',
    quantity: 'temperature',
    channel: 'temp',
    value: 21.22,
    unit: '°C',
    timestamp: EPOCH_MS,
  },
  'send-reading': [{ sensorSlug: 'temp_01', value: 21.22 }],
  'send-command': {
    payload: { id: 90001, operation: 'reboot', state: 'pending' },
    response: { vendor: 'sensorist', operation: 'gateway-command', statusCode: 200 },
  },
  'set-alarm': {
    payload: { id: 90002, value: -5, direction: 'below' },
    response: { vendor: 'sensorist', operation: 'create-alarm', existing: true },
  },
  'register-device': [
    { index: 0, ok: true, result: { serial: '10000009' } },
    { index: 1, ok: false, error: { message: '…', code: 'CONFLICT' } },
  ],
}

/** A payload without the vendor's own data. */
export const EVENT_SAMPLE = {
  vendor: 'thingsee',
  device: 'TSPD04SIM00000001',
  sensor: null,
  label: 'Office',
  event: 'heartbeat missed',
  timestamp: EPOCH_MS,
}

/** Messages of what the node watches itself; the reading of a battery in part. */
export const WATCH_SAMPLES: Readonly<Record<WatchedSource, object>> = {
  silence: {
    topic: 'silent',
    payload: {
      vendor: 'sensorist', device: '7325', sensor: '57951', label: 'Cellar, Rack left', event: 'silent',
      lastSeen: EPOCH_MS, interval: 600, timestamp: EPOCH_MS + 1_800_000, data: { silentFor: 1800, limit: 1800 },
    },
  },
  battery: {
    topic: 'low',
    payload: {
      vendor: 'thingsee', device: 'TSPD04SIM00000001', sensor: null, label: 'Office', event: 'low', timestamp: EPOCH_MS,
      data: { quantity: 'battery', value: 19, unit: '%' },
    },
  },
  devices: {
    topic: 'gone',
    payload: { vendor: 'senquip', device: 'JDA54E19F', sensor: null, label: 'Cold room', event: 'gone', timestamp: EPOCH_MS, data: null },
  },
}

/** One request of the limit is used. */
const stateOf = ({ name, limit, window }: Budget): BudgetState => ({
  name,
  limit,
  remaining: limit - 1,
  resetsAt: typeof window === 'number' ? EPOCH_MS + window : Date.UTC(2026, 8, 14),
})

/** What nodes of an account tell of its strictest limit. */
export const accountSample = (vendor: Vendor): object => ({ vendor: vendor.id, budgets: vendor.budgets({}).slice(0, 1).map(stateOf) })

export const STORE_SAMPLE = 'rediss://user@host:6379/1'
