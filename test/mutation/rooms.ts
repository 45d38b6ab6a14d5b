/** The rooms whose tests are tried by mutation, and their fast tests. A slow test would run for hundreds of mutants. */

export interface Room {
  /** Patterns from the package's root; one with `!` is left out. */
  files: readonly string[]
  tests: readonly string[]
}

export const ROOMS: Readonly<Record<string, Room>> = {
  limiter: {
    files: ['src/lib/limiter/*.ts'],
    tests: ['calendar-window', 'circuit-breaker', 'in-flight-requests', 'limiter', 'window-registry'].map((name) => `test/lib/limiter/${name}.test.ts`),
  },
  incremental: {
    files: ['src/lib/incremental/*.ts'],
    tests: ['test/lib/incremental/*.test.ts'],
  },
  client: {
    files: ['src/lib/client/*.ts'],
    tests: ['call', 'device-allowance', 'device-names', 'fresh-read', 'read-and-write', 'request-journal'].map((name) => `test/lib/client/${name}.test.ts`),
  },
  store: {
    files: ['src/lib/store/embedded/*.ts', 'src/lib/store/store.ts'],
    tests: ['disk-full', 'embedded-store', 'power-cut'].map((name) => `test/lib/store/${name}.test.ts`),
  },
  outbox: {
    files: ['src/lib/outbox/*.ts'],
    tests: ['delivery-state', 'lost', 'outbox', 'quarantine', 'reading-times'].map((name) => `test/lib/outbox/${name}.test.ts`),
  },
}
