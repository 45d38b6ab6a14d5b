/**
 * `npm run coverage`: which lines of src/lib the tests of library, nodes and models run. Each group of tests has a
 * process of its own, since V8's exact counts take much memory in a long one.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(__dirname, '..')
const RAW = join(ROOT, '.tmp', 'coverage')
/** Ms for one group. */
const LONGEST = 600_000
/** Histories of each model: fewer than usual reach the same lines. */
const HISTORIES = '20'

/** Each folder of test/lib, the nodes, and the models. */
const groups = (): string[] => [
  ...readdirSync(join(ROOT, 'test', 'lib'), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [`test/lib/${entry.name}`] : [])),
  'test/nodes',
  'test/properties',
]

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', timeout: LONGEST, env: { ...process.env, ...env } })
  return status === 0
}

function main(): void {
  rmSync(RAW, { recursive: true, force: true })
  mkdirSync(RAW, { recursive: true })
  const mocha = ['--import', 'tsx', require.resolve('mocha/bin/mocha.js'), '--no-config', '--timeout', '120000', '--reporter', 'dot']
  const failed = groups().filter((group) => {
    console.log(`${group}:`)
    return !run([...mocha, `${group}/**/*.test.ts`], { NODE_V8_COVERAGE: RAW, HISTORIES })
  })
  const isEnough = run([require.resolve('c8/bin/c8.js'), 'report'])
  if (failed.length > 0) console.error(`tests failed in ${failed.join(', ')}`)
  if (failed.length > 0 || !isEnough) process.exitCode = 1
}

main()
