/** A test that waits for ever fails soon. Without this limit Stryker would end and restart the whole process for each such mutant. */
import type { Context, RootHookObject } from 'mocha'

/** ms; the slowest test of a room that is tried takes less than half of it. */
const LONGEST_TEST = 2_000

export const mochaHooks: RootHookObject = {
  beforeEach(this: Context) {
    this.currentTest?.timeout(LONGEST_TEST)
  },
}
