/**
 * Runs a model and its subject through many random histories. `SEED=1 HISTORIES=500` repeats a run or makes it longer.
 * A history that fails is shrunk, and shown with its seed.
 */
import * as fc from 'fast-check'

/** Steps of a history. */
export const STEPS = 80

const numberFrom = (text: string | undefined, otherwise: number): number => (text === undefined || text === '' ? otherwise : Number(text))

const SEED = numberFrom(process.env.SEED, Math.floor(Math.random() * 2 ** 31))
/** Histories of each model. */
const HISTORIES = numberFrom(process.env.HISTORIES, 120)

/** Lists of exactly `STEPS` items. fast-check shortens a list only down to its least length, so a shorter one shrinks it. */
class Steps<T> extends fc.Arbitrary<T[]> {
  readonly #whole: fc.Arbitrary<T[]>
  readonly #shorter: fc.Arbitrary<T[]>

  constructor(step: fc.Arbitrary<T>) {
    super()
    this.#whole = fc.array(step, { minLength: STEPS, maxLength: STEPS })
    this.#shorter = fc.array(step, { minLength: 1, maxLength: STEPS, size: 'max' })
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<T[]> {
    return this.#whole.generate(random, biasFactor)
  }

  override canShrinkWithoutContext(value: unknown): value is T[] {
    return this.#shorter.canShrinkWithoutContext(value)
  }

  override shrink(value: T[], context: unknown): fc.Stream<fc.Value<T[]>> {
    return this.#shorter.shrink(value, context)
  }
}

/**
 * @param setting what stays the same in a history
 * @param run throws where the subject differs from its model
 * @param share part of the usual number of histories, where each takes long
 */
export async function checkHistories<S, T>(setting: fc.Arbitrary<S>, step: fc.Arbitrary<T>, run: (setting: S, steps: readonly T[]) => Promise<void> | void, share = 1): Promise<void> {
  const property = fc.asyncProperty(setting, new Steps(step), async (chosen, steps) => run(chosen, steps))
  // Shrinking a history of real requests may take long; the seed shows it again.
  await fc.assert(property, { seed: SEED, numRuns: Math.ceil(HISTORIES * share), interruptAfterTimeLimit: 240_000, markInterruptAsFailure: false, endOnFailure: process.env.SHRINK === 'no', reporter: report })
}

function report<T>(details: fc.RunDetails<T>): void {
  if (!details.failed) return
  const { counterexample, errorInstance, numShrinks, seed } = details
  const shown = counterexample === null ? 'none' : fc.stringify(counterexample)
  const reason = errorInstance instanceof Error ? errorInstance : new Error(String(errorInstance))
  throw new Error(`Repeat it with SEED=${seed}. After ${numShrinks} shrinks, setting and steps are ${shown}\n${reason.message}`, { cause: reason })
}
