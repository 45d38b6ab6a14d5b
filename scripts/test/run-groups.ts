/** Runs several groups at the same time, and says what came of each. */
import { availableParallelism } from 'node:os'
import type { Group } from './groups'
import { runGroup, type Outcome, type RunOptions } from './run-group'

/** Groups may keep a little more busy than there is, since their averages hardly ever meet at once. */
const CORES = availableParallelism() + 0.5

/**
 * Starts groups in their order, as many at a time as keep the cores busy. Prints the output of a group when the group
 * has ended, so that the lines of two groups do not mix.
 */
export async function runGroups(groups: readonly Group[], options: RunOptions = {}, cores = CORES): Promise<Outcome[]> {
  const waiting = [...groups]
  const running = new Map<Group, Promise<void>>()
  const outcomes: Outcome[] = []
  const run = async (group: Group): Promise<void> => {
    const outcome = await runGroup(group, options)
    running.delete(group)
    outcomes.push(outcome)
    console.log(`\n=== ${group.name}: ${group.files.length} files\n${outcome.output.trimEnd()}`)
    if (outcome.problem !== undefined) console.log(`\n  The group ${group.name} ${outcome.problem}.`)
  }
  while (waiting.length > 0) {
    const free = cores - [...running.keys()].reduce((sum, group) => sum + group.cores, 0)
    const next = waiting.findIndex((group) => group.cores <= free || running.size === 0)
    const [group] = next === -1 ? [] : waiting.splice(next, 1)
    if (group) running.set(group, run(group))
    else await Promise.race(running.values())
  }
  await Promise.all(running.values())
  return outcomes
}

/** More than these are not tried again: then it is not the machine that was too busy. */
const MOST_REPEATED = 3

/** Runs the groups that failed again, one at a time: a failure that comes only beside other groups is told as such. */
export async function repeatFailed(outcomes: readonly Outcome[], options: RunOptions = {}): Promise<Outcome[]> {
  const failed = outcomes.filter(isFailed)
  if (failed.length > MOST_REPEATED) return [...outcomes]
  const repeated: Outcome[] = []
  for (const before of failed) {
    console.log(`\n${before.group.name} has failed beside other groups, and is run once more by itself.`)
    const [again] = await runGroups([before.group], options)
    if (again) repeated.push({ ...again, before })
  }
  return outcomes.map((outcome) => repeated.find(({ before }) => before === outcome) ?? outcome)
}

/** The times, what was skipped and why, and how to repeat what failed. */
export function summary(outcomes: readonly Outcome[]): string {
  const sum = (of: 'passed' | 'pending' | 'failed'): number => outcomes.reduce((total, outcome) => total + outcome[of], 0)
  const skips = outcomes.flatMap(({ group, output }) => skipsIn(output).map((line) => `${group.name}: ${line}`))
  const failures = outcomes.filter(isFailed).map(({ group, failed, problem }) => `FAILED ${group.name}: ${problem ?? `${failed} tests`}; repeat it with: npm test -- '${group.name}'`)
  const unsteady = outcomes.flatMap((outcome) => (outcome.before && !isFailed(outcome) ? [`UNSTEADY ${outcome.group.name}: ${outcome.before.problem ?? `${outcome.before.failed} tests`} failed beside other groups, and passed alone`] : []))
  return [
    ...outcomes.map(({ group, passed, took }) => `${group.name}: ${passed} passed in ${took.toFixed(0)} s`),
    ...skips,
    ...unsteady,
    ...failures,
    `All groups: ${sum('passed')} passed, ${sum('pending')} skipped, ${sum('failed')} failed`,
  ].join('\n')
}

export const isFailed = ({ failed, problem }: Outcome): boolean => failed > 0 || problem !== undefined

/** What tests print when they are left out, each line once. */
function skipsIn(output: string): string[] {
  const lines = output.split('\n').map((line) => line.trim()).filter((line) => /^skipped[,:]/i.test(line))
  return [...new Set(lines)]
}
