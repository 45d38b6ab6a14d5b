/** Messages that chance makes, into a node of the process that this runs in. */
import fc from 'fast-check'
import { wrongIn } from './shape'
import type { FuzzLine, Outcome } from './protocol'
import { anyValue } from './fuzz-values'

/** No message may take longer, ms; some are tried again, or wait for a limit. */
const LONGEST_RUN = 15_000

type Run = (payload: unknown) => Promise<Outcome>

/** @param run sends a payload, and gives what became of it */
export async function fuzzMessages(node: string, ms: number, seed: number, run: Run): Promise<FuzzLine> {
  const property = fc.asyncProperty(anyValue, async (payload) => {
    const wrong = wrongIn(await inTime(run(payload)))
    if (wrong.length > 0) throw new Error(wrong.join('; '))
  })
  const result = await fc.check(property, { seed, numRuns: 1_000_000, interruptAfterTimeLimit: ms, markInterruptAsFailure: false })
  // One that was interrupted at once has failed without a value.
  if (!result.failed || result.counterexample === null) return { what: node, runs: result.numRuns }
  const failure = `seed ${result.seed}, path ${result.counterexamplePath}: ${fc.stringify(result.counterexample)} gives ${String(result.errorInstance)}`
  return { what: node, runs: result.numRuns, failure: failure.slice(0, 3_000) }
}

async function inTime(outcome: Promise<Outcome>): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the node has not answered for a message within ${LONGEST_RUN / 1000} s`)), LONGEST_RUN)
  })
  try {
    return await Promise.race([outcome, late])
  } finally {
    clearTimeout(timer)
  }
}
