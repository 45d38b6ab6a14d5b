/** Clients of two processes on one key, a real Redis between them, and a vendor that counts what arrives. */
import assert from 'node:assert/strict'
import { setMaxListeners } from 'node:events'
import type { Budget } from '../../src/lib/client/budget'
import { Client } from '../../src/lib/client/client'
import type { Clock, Timer } from '../../src/lib/client/clock'
import type { SharedWindows, Store } from '../../src/lib/store/store'
import { answer, rigOf, vendorWith } from '../lib/client/rig'
import { FakeClock, settle } from '../lib/fake-clock'
import { RedisRig } from './redis-rig'

const LIMIT = 9
const perSecond: Budget = { name: 'per second', limit: LIMIT, window: 1000, scope: 'account' }

/** Counts the calls that Redis has not answered. */
class Calls {
  open = 0

  /** Those windows, whose answers and timers come only when the process is not held up. */
  through(windows: SharedWindows, process: HeldUp, delay: number): SharedWindows {
    const call = async <T>(work: () => Promise<T>): Promise<T> => {
      await process.sleep(delay)
      this.open += 1
      const result = await work().finally(() => (this.open -= 1))
      await process.sleep(delay)
      return result
    }
    return {
      reserve: (...given) => call(() => windows.reserve(...given)),
      cancel: (...given) => call(() => windows.cancel(...given)),
      redate: (...given) => call(() => windows.redate(...given)),
      pause: (...given) => call(() => windows.pause(...given)),
      lower: (...given) => call(() => windows.lower(...given)),
    }
  }

  /** Resolves when nothing more happens without time passing. */
  async rest(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      await settle()
      if (this.open > 0) quiet = -1
    }
  }
}

/** The clock of a process whose event loop may be held up: its timers come late then. */
class HeldUp implements Clock {
  #until = 0

  constructor(private readonly clock: FakeClock) {}

  now = (): number => this.clock.now()
  monotonic = (): number => this.clock.monotonic()
  random = (): number => this.clock.random()
  clearTimeout = (timer: Timer): void => this.clock.clearTimeout(timer)

  hold(ms: number): void {
    this.#until = this.clock.monotonic() + ms
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const ring = (): void => {
      const late = this.#until - this.clock.monotonic()
      if (late > 0) this.clock.setTimeout(ring, late)
      else callback()
    }
    return this.clock.setTimeout(ring, ms)
  }

  /** What happens to the process so many ms later, or when it is free. */
  async sleep(ms: number): Promise<void> {
    if (ms > 0 || this.#until > this.clock.monotonic()) await new Promise<void>((resolve) => this.setTimeout(resolve, ms))
  }
}
