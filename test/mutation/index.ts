/**
 * `npm run mutation -- incremental limiter/queue`: changes the code of a room, or of one of its files, in many small ways,
 * and counts the changes that the room's fast tests notice. Stryker is installed into .tmp/ on first use.
 */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOMS, type Room } from './rooms'

const ROOT = join(__dirname, '..', '..')
const TOOLS = join(ROOT, '.tmp', 'mutation')

/** Each mutant meets the same histories of a model, and few of them; a failed one is not shrunk, since it is not shown. */
const MODELS = { SEED: '1', HISTORIES: '25', SHRINK: 'no' }

const run = (command: string, args: readonly string[], cwd: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...MODELS } })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })

async function install(): Promise<void> {
  if (existsSync(join(TOOLS, 'node_modules', '.package-lock.json'))) return
  mkdirSync(TOOLS, { recursive: true })
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(__dirname, name), join(TOOLS, name))
  if ((await run('npm', ['ci'], TOOLS)) !== 0) throw new Error('npm could not install Stryker; check the network')
}

/** The options of Stryker for a room. @param file one of its files, or * */
const optionsOf = (name: string, { folder, tests }: Room, file: string): object => ({
  mutate: [`${folder}/${file}.ts`],
  testRunner: 'mocha',
  plugins: ['@stryker-mutator/mocha-runner'],
  mochaOptions: { 'no-config': true, require: ['tsx/cjs', './test/mutation/time-limit.ts'], spec: tests },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  timeoutMS: 3000,
  tempDirName: '.tmp/stryker',
  ignorePatterns: ['.tmp', 'dist', 'resources', 'coverage', 'docs', 'locales', 'examples'],
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `.tmp/mutation/${name}.json` },
  // Texts are for users: their words are tested where they are shown.
  mutator: { excludedMutations: ['StringLiteral'] },
  allowEmpty: false,
})

async function main(): Promise<void> {
  const given = process.argv.slice(2)
  await install()
  for (const name of given.length > 0 ? given : Object.keys(ROOMS)) {
    const [roomName = '', file = '*'] = name.split('/')
    const room = ROOMS[roomName]
    if (!room) throw new Error(`there is no room ${roomName}; the rooms are ${Object.keys(ROOMS).join(', ')}`)
    const report = name.replace('/', '-')
    const config = join(TOOLS, `${report}.config.json`)
    writeFileSync(config, JSON.stringify(optionsOf(report, room, file), undefined, 2))
    console.log(`${name}:`)
    const stryker = join(TOOLS, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js')
    if ((await run(process.execPath, [stryker, 'run', config], ROOT)) !== 0) process.exitCode = 1
  }
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
