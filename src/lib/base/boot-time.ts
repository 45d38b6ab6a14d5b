/** Time since the boot of this computer. Setting the wall clock does not change it. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'

export interface BootTime {
  /** Names the boot. Times of two boots cannot be compared. */
  boot: string
  /** ms for which the computer has run, without suspend: CLOCK_MONOTONIC of Linux, which all processes share. */
  running: number
  /** ms since the boot, with suspend. In some containers it begins anew with the container. */
  uptime: number
}

const BOOT_ID = '/proc/sys/kernel/random/boot_id'

let boot: string | undefined

/** Whole ms. */
export const systemBootTime = (): BootTime => ({
  boot: (boot ??= bootId()),
  running: Number(process.hrtime.bigint() / 1_000_000n),
  uptime: Math.round(uptime() * 1000),
})

/** Systems without a boot id get one for this process: what another process noted cannot be compared there. */
function bootId(): string {
  try {
    const id = process.platform === 'linux' ? readFileSync(BOOT_ID, 'utf8').trim() : ''
    if (id !== '') return id
  } catch {
    // A sandbox may hide it.
  }
  return `process ${randomUUID()}`
}

/** ms by which the uptime is longer after suspend. A smaller difference is its resolution, such as 10 ms on Linux. */
const SHORTEST_SUSPEND = 1_000

/**
 * ms from one time to another of the same boot; negative when `to` is the earlier one. The longer difference is right:
 * `running` stands still during suspend, and `uptime` may have begun anew.
 */
export function elapsedBetween(from: BootTime, to: BootTime): number {
  const running = to.running - from.running
  const uptimes = to.uptime - from.uptime
  const suspended = running < 0 ? running - uptimes : uptimes - running
  return suspended > SHORTEST_SUSPEND ? uptimes : running
}

/** A moment by the time since the boot and by the wall clock. */
export interface Moment extends BootTime {
  /** Epoch ms. */
  epoch: number
}

/** ms by which the wall clock was set forward between two moments of one boot; negative when it was set back. */
export const stepBetween = (from: Moment, to: Moment): number => to.epoch - from.epoch - elapsedBetween(from, to)

/** ms. A smaller difference is rounding, a leap second or a busy process. */
const LEAST_STEP = 2_000

export const isStep = (ms: number): boolean => Math.abs(ms) > LEAST_STEP
