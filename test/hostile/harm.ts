/** What code that fails its users does to a process: each is something that the suite must notice. */
import type { Harm } from './protocol'

const BLOCK = 400

/** @param ms of the processor, whatever else runs on the machine */
function computeFor(ms: number): void {
  const before = process.cpuUsage()
  for (;;) {
    const { user, system } = process.cpuUsage(before)
    if (user + system >= ms * 1000) return
  }
}

/** Without using the processor, as a blocking read of a device does. */
const waitFor = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/** More than the process may have. */
function fillMemory(): void {
  const kept: number[][] = []
  for (;;) kept.push(new Array<number>(10_000_000).fill(kept.length))
}

const HARMS: Readonly<Record<Harm, () => void>> = {
  block: () => computeFor(BLOCK),
  wait: () => waitFor(2_200),
  reject: () => void Promise.reject(new Error('on purpose')),
  throw: () => {
    throw new Error('on purpose')
  },
  exit: () => process.exit(3),
  memory: fillMemory,
  hang: () => computeFor(60_000),
}

/** The answer to the command leaves before. */
export function harm(how: Harm): void {
  setTimeout(HARMS[how], 10)
}
