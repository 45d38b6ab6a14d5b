/** Faults that are planted one at a time, each in the subject of a model. `npm run planted` shows that the model finds it. */

export interface Planted {
  /** What is wrong with it. */
  fault: string
  file: string
  find: string
  replace: string
  /** The test in this folder that must fail, without `.test.ts`. */
  test: string
}

export const PLANTED: readonly Planted[] = [
  {
    fault: 'a sliding window frees a place one request too early',
    file: 'src/lib/limiter/sliding-window.ts',
    find: 'if (this.#used < limit) return now',
    replace: 'if (this.#used <= limit) return now',
    test: 'limiter',
  },
  {
    fault: 'a read starts before a command that waits',
    file: 'src/lib/limiter/queue.ts',
    find: "this.#firstOf('command', now) ?? this.#firstOf('read', now)",
    replace: "this.#firstOf('read', now) ?? this.#firstOf('command', now)",
    test: 'limiter',
  },
  {
    fault: 'after a step of the clock, requests of the present day are forgotten',
    file: 'src/lib/limiter/calendar-window.ts',
    find: 'at >= start - (nearEnd ? CLOCK_DIFFERENCE : 0)',
    replace: 'at >= start + 3_600_000 - (nearEnd ? CLOCK_DIFFERENCE : 0)',
    test: 'calendar-window',
  },
  {
    fault: 'requests leave without a save, and the saved count does not hold them',
    file: 'src/lib/quota/saved-counts.ts',
    find: 'window.counts(now, saved - used)',
    replace: 'window.counts(now, 0)',
    test: 'saved-counts',
  },
  {
    fault: 'an append is confirmed before it is synced',
    file: 'src/lib/store/embedded/record-file.ts',
    find: 'if (syncsNow) await this.#sync()',
    replace: 'if (syncsNow && this.#hasSyncFailed) await this.#sync()',
    test: 'embedded-queue',
  },
  {
    fault: 'a new log of values takes the place of the old one before its name is synced',
    file: 'src/lib/store/embedded/values.ts',
    find: 'this.#renamed = true',
    replace: 'this.#renamed = false',
    test: 'embedded-values',
  },
  {
    fault: 'an entry in Redis that is released counts as done',
    file: 'src/lib/store/redis/redis-queue.ts',
    find: 'this.#pending.release.add(id)',
    replace: 'this.#pending.done.add(id)',
    test: 'redis-queue',
  },
  {
    fault: 'the second half of a refused request is dropped',
    file: 'src/lib/outbox/delivery-round.ts',
    find: 'await this.#settle(queue, items.slice(half), watcher)',
    replace: 'await queue.done(items.slice(half).map(({ id }) => id))',
    test: 'outbox',
  },
  {
    fault: 'keys that a gap brings again are forgotten',
    file: 'src/lib/incremental/steps.ts',
    find: 'at < overlap && at > gapEnd',
    replace: 'at < overlap',
    test: 'cursor',
  },
  {
    fault: 'a full answer counts as complete',
    file: 'src/lib/incremental/steps.ts',
    find: 'return !isFull(state, items) && (',
    replace: 'return (',
    test: 'cursor',
  },
  {
    fault: 'a slash in a path value is not encoded',
    file: 'src/lib/http/request.ts',
    find: 'return encoded(label, text)',
    replace: "return encoded(label, text).replaceAll('%2F', '/')",
    test: 'request-encoding',
  },
  {
    fault: 'a secret is not removed where its hex digits are repeated',
    file: 'src/lib/base/redaction.ts',
    find: "bytes.toString('base64'), bytes.toString('hex')]",
    replace: "bytes.toString('base64')]",
    test: 'redactor',
  },
  {
    fault: 'an empty text is no reading',
    file: 'src/lib/vocabulary/reading.ts',
    find: "typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {",
    replace: "typeof value === 'number' || (typeof value === 'string' && value !== '') || typeof value === 'boolean') {",
    test: 'readings',
  },
]
