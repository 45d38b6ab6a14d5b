import type { BootTime } from '../../src/lib/base/boot-time'
import { LONGEST_TIMER, type Clock, type Timer } from '../../src/lib/base/clock'

interface Alarm {
  id: number
  at: number
  callback: () => void
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Lets everything that waits only for promises go on. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Time that passes only when told to. */
export class FakeClock implements Clock {
  readonly random: () => number
  /** Timers set since the beginning, to see that there are not too many. */
  timersSet = 0
  #epoch: number
  #elapsed = 0
  #alarms: Alarm[] = []
  #boots = 1
  /** The elapsed ms at which the computer was booted: three minutes before the clock was made. */
  #bootedAt = -180_000
  #suspended = 0

  /** @param start epoch ms, or a date */
  constructor(start: number | string = '2026-03-10T12:00:00Z', seed = 1) {
    this.#epoch = typeof start === 'string' ? Date.parse(start) : start
    this.random = seededRandom(seed)
  }

  now(): number {
    return Math.floor(this.#epoch + this.#elapsed)
  }

  monotonic(): number {
    return this.#elapsed
  }

  bootTime(): BootTime {
    const running = this.#elapsed - this.#bootedAt
    return { boot: `boot ${this.#boots}`, running, uptime: running + this.#suspended }
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const wait = ms >= 1 ? Math.min(ms, LONGEST_TIMER) : 1
    this.timersSet += 1
    const alarm = { id: this.timersSet, at: this.#elapsed + wait, callback }
    const later = this.#alarms.findIndex((other) => other.at > alarm.at)
    if (later === -1) this.#alarms.push(alarm)
    else this.#alarms.splice(later, 0, alarm)
    return alarm.id
  }

  clearTimeout(timer: Timer): void {
    this.#alarms = this.#alarms.filter((alarm) => alarm.id !== timer)
  }

  /** Timers that would still fire. */
  get pending(): number {
    return this.#alarms.length
  }

  /** Ms until the next timer fires; undefined when there is none. */
  get untilNext(): number | undefined {
    const next = this.#alarms[0]
    return next && Math.max(0, next.at - this.#elapsed)
  }

  /** Sets the calendar, as NTP does; monotonic time goes on as before. */
  setDate(date: string): void {
    this.#epoch = Date.parse(date) - this.#elapsed
  }

  /** Steps the calendar by so many ms, negative ones backwards; monotonic time goes on as before. */
  step(ms: number): void {
    this.#epoch += ms
  }

  /** The computer sleeps: only the calendar and the uptime go on. */
  suspend(ms: number): void {
    this.#epoch += ms
    this.#suspended += ms
  }

  /** The computer restarts: what its processes hold must be given up by the test. */
  reboot(): void {
    this.#boots += 1
    this.#bootedAt = this.#elapsed - 20_000
    this.#suspended = 0
  }

  /** Lets `ms` pass: fires timers in order, and lets promises settle before, between and after. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms
    await settle()
    for (let next = this.#alarms[0]; next && next.at <= end; next = this.#alarms[0]) {
      this.#alarms.shift()
      this.#elapsed = Math.max(this.#elapsed, next.at)
      next.callback()
      await settle()
    }
    this.#elapsed = end
  }
}
