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
      ...['calendar-window', 'circuit-breaker', 'in-flight-requests', 'limiter', 'period-counts', 'window-registry'].map((name) => `test/lib/limiter/${name}.test.ts`),
      ...['calendar-window', 'limiter'].map((name) => `test/properties/${name}.test.ts`),
    ],
  },
  incremental: {
    folder: 'src/lib/incremental',
    tests: ['test/lib/incremental/*.test.ts', 'test/properties/cursor.test.ts'],
  },
  client: {
    folder: 'src/lib/client',
    tests: ['call', 'device-allowance', 'device-names', 'fresh-read', 'read-and-write', 'request-journal'].map((name) => `test/lib/client/${name}.test.ts`),
  },
  store: {
    folder: 'src/lib/store/embedded',
    tests: ['disk-full', 'embedded-store', 'power-cut'].map((name) => `test/lib/store/${name}.test.ts`),
  },
  outbox: {
    folder: 'src/lib/outbox',
    tests: ['closing', 'delivery', 'delivery-round', 'delivery-state', 'item', 'lost', 'outbox', 'pending-messages', 'quarantine', 'quarantine-rules', 'reading-times', 'saved-moments'].map((name) => `test/lib/outbox/${name}.test.ts`),
  },
}
