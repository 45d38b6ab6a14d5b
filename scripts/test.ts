/**
 * Runs the tests, several groups at the same time: `npm test`.
 * `npm test -- nodes` runs the groups of one kind, `npm test -- test/lib/http` the files of a folder, and
 * `npm run test:fast` all that needs no browser, no Redis, no packed package, and no processes that are harmed or killed.
 * With CI=true, groups that failed run once more by themselves, since such a machine may be busy with something else.
 */
import { groupsOf, isFast, testFiles } from './test/groups'
import { isFailed, repeatFailed, runGroups, summary } from './test/run-groups'

async function main(): Promise<void> {
  const given = process.argv.slice(2)
  const wanted = given.filter((argument) => argument !== '--fast')
  const files = testFiles().filter((file) => !given.includes('--fast') || isFast(file))
  const paths = wanted.filter((argument) => argument.startsWith('test/'))
  const chosen = paths.length === 0 ? files : files.filter((file) => paths.some((path) => file.startsWith(path)))
  const names = wanted.filter((argument) => !argument.startsWith('test/'))
  const groups = groupsOf(chosen).filter(({ name, kind }) => names.length === 0 || names.includes(name) || names.includes(kind))
  if (groups.length === 0) throw new Error(`there are no tests in ${wanted.join(' ')}`)
  const first = await runGroups(groups)
  const outcomes = process.env.CI === 'true' ? await repeatFailed(first) : first
  console.log(`\n${summary(outcomes)}`)
  process.exitCode = outcomes.some(isFailed) ? 1 : 0
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
