/**
 * Runs the tests of the library and the nodes on other versions of Node.js: `npm run test:node -- 22 24`. Each version
 * comes from npm and is kept in .tmp/ for the next run.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { groupsOf, isFast, ROOT, testFiles } from './test/groups'
import { isFailed, repeatFailed, runGroups, summary } from './test/run-groups'

/** Redis and killed processes are of no concern here, and what takes long without depending on the version of Node.js is left to `npm test`. */
const LEFT_OUT = [
  'test/lib/vocabulary/types.test.ts',
  'test/lib/client/failing-cloud.test.ts',
  'test/lib/outbox/request-cost.test.ts',
  'test/nodes/writes.test.ts',
  'test/nodes/since-last.test.ts',
  'test/nodes/secrets.test.ts',
]
const isWanted = (file: string): boolean => isFast(file) && /^test\/(lib|nodes|simulator)\//.test(file) && !LEFT_OUT.includes(file)

/** ms */
const DOWNLOAD = 120_000

/** @returns the exit code; 1 when it was ended after `timeout` ms */
const run = (command: string, args: readonly string[], timeout: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', timeout, killSignal: 'SIGTERM' })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })

/** Path of the program. */
async function download(version: string): Promise<string> {
  const folder = join(ROOT, '.tmp', `node-${version}`)
  const program = join(folder, 'node_modules', 'node', 'bin', 'node')
  if (existsSync(program)) return program
  await mkdir(folder, { recursive: true })
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `node@${version}`], DOWNLOAD)
  if (!existsSync(program)) throw new Error(`npm could not install Node.js ${version}; check the network, and that install scripts are on`)
  return program
}

async function test(version: string): Promise<boolean> {
  try {
    const program = await download(version)
    console.log(`Node.js ${version}:`)
    const options = { node: program, reporter: 'dot' }
    const outcomes = await repeatFailed(await runGroups(groupsOf(testFiles().filter(isWanted)), options), options)
    console.log(`\n${summary(outcomes)}`)
    return !outcomes.some(isFailed)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return false
  }
}

async function main(): Promise<void> {
  const versions = process.argv.slice(2)
  if (versions.length === 0 || versions.some((version) => !/^\d+(\.\d+){0,2}$/.test(version)))
    throw new Error('give versions of Node.js, such as: npm run test:node -- 22 24')
  for (const version of versions) if (!(await test(version))) process.exitCode = 1
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
