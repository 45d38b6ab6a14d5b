/** The rooms whose tests are tried by mutation, with their fast tests and models. A slow test would run for hundreds of mutants. */

export interface Room {
  /** From the package's root. */
  folder: string
  tests: readonly string[]
}

export const ROOMS: Readonly<Record<string, Room>> = {
  limiter: {
    folder: 'src/lib/limiter',
    tests: [
      ...['calendar-window', 'circuit-breaker', 'device-queues', 'in-flight-requests', 'limiter', 'limiter-error', 'outage', 'period-counts', 'sliding-window', 'wait-estimates', 'window-registry'].map(
        (name) => `test/lib/limiter/${name}.test.ts`,
      ),
      ...['calendar-window', 'limiter'].map((name) => `test/properties/${name}.test.ts`),
    ],
  },
  incremental: {
    folder: 'src/lib/incremental',
    tests: ['test/lib/incremental/*.test.ts', 'test/properties/cursor.test.ts'],
  },
  client: {
    folder: 'src/lib/client',
    tests: [
      ...['account', 'pool', 'attempts', 'call-report', 'probe', 'client', 'call', 'call-reads', 'call-writes', 'diagnostics', 'request-journal', 'read-and-write', 'outage', 'device-allowance', 'webhook-registrations', 'known-names', 'fresh-read', 'device-names', 'restart'].map((name) => `test/lib/client/${name}.test.ts`),
      ...['auth/authorizer', 'quota/device-count', 'vendors/sensorist-reads', 'vendors/senquip-periods'].map((name) => `test/lib/${name}.test.ts`),
    ],
  },
  store: {
    folder: 'src/lib/store/embedded',
    tests: [
      ...['queue-files', 'entries', 'values', 'record-file', 'record-scan', 'read-write-lock', 'folder-lock', 'embedded-open', 'embedded-faults', 'embedded-store', 'embedded-damage', 'power-cut'].map((name) => `test/lib/store/${name}.test.ts`),
      ...['embedded-queue', 'embedded-values'].map((name) => `test/properties/${name}.test.ts`),
    ],
  },
  stores: {
    folder: 'src/lib/store',
    tests: ['shared-stores', 'store'].map((name) => `test/lib/store/${name}.test.ts`),
  },
  outbox: {
    folder: 'src/lib/outbox',
    tests: ['closing', 'delivery', 'delivery-round', 'delivery-state', 'item', 'lost', 'outbox', 'pending-messages', 'quarantine', 'quarantine-rules', 'reading-times', 'saved-moments'].map((name) => `test/lib/outbox/${name}.test.ts`),
  },
}
