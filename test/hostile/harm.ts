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

/** The answer to the command has left before. */
export function harm(how: Harm): void {
  setTimeout(() => {
    switch (how) {
      case 'block':
        return computeFor(BLOCK)
      case 'wait':
        return waitFor(2_500)
      case 'reject':
        return void Promise.reject(new Error('on purpose'))
      case 'throw':
        throw new Error('on purpose')
      case 'exit':
        return process.exit(3)
      case 'memory':
        return fillMemory()
      case 'hang':
        return computeFor(60_000)
    }
  }, 10)
}
