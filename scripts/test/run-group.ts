/** Runs one group of test files in a process of mocha, and keeps what it prints. */
import { spawn } from 'node:child_process'
import { ROOT, type Group } from './groups'

/** ms that a group may take: the longest takes two minutes on a quiet machine. */
const LONGEST_RUN = 900_000
/** ms from the last result to the end of the process. Mocha does not force an end, so that open handles are noticed. */
const LONGEST_END = 30_000
/** ms from the end of the process to the end of its output. */
const LAST_OUTPUT = 5_000

export interface Outcome {
  group: Group
  output: string
  passed: number
  pending: number
  failed: number
  /** What is wrong beside failed tests; undefined when nothing is. */
  problem: string | undefined
  /** Seconds. */
  took: number
  /** What failed beside other groups; the other properties are of a second run without them. */
  before?: Outcome
}

export interface RunOptions {
  /** Path of the program; the present Node.js unless given. */
  node?: string
  reporter?: string
  /** ms that the process may take to end after its last test. */
  longestEnd?: number
}

export function runGroup(group: Group, { node = process.execPath, reporter = 'spec', longestEnd = LONGEST_END }: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    // tsx is given to Node.js itself: with options for it, mocha would start a process of its own, which a signal does not end.
    const mocha = ['--import', 'tsx', require.resolve('mocha/bin/mocha.js'), '--no-config', '--require', './test/quick-keys.ts', '--timeout', '60000', '--reporter', reporter]
    const child = spawn(node, [...mocha, ...group.files], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let problem: string | undefined
    const giveUp = (reason: string) => (): void => {
      problem = reason
      child.kill('SIGKILL')
    }
    const longestRun = setTimeout(giveUp(`has not ended within ${LONGEST_RUN / 60_000} minutes`), LONGEST_RUN)
    let end: NodeJS.Timeout | undefined
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (total(output, 'passing') !== undefined)
          end ??= setTimeout(giveUp('has run all tests and does not end: a test leaves a timer, socket, server or process open'), longestEnd)
      })
    child.once('error', reject)
    // A process that a test has left behind may hold the streams open.
    child.once('exit', () => setTimeout(() => [child.stdout, child.stderr].forEach((stream) => stream.destroy()), LAST_OUTPUT).unref())
    child.once('close', (code, signal) => {
      clearTimeout(longestRun)
      clearTimeout(end)
      const [passed = 0, pending = 0, failed = 0] = [total(output, 'passing'), total(output, 'pending'), total(output, 'failing')]
      if (problem === undefined && code !== 0 && failed === 0) problem = `has ended with ${signal ?? `exit code ${String(code)}`}`
      resolve({ group, output, passed, pending, failed, problem, took: (performance.now() - started) / 1000 })
    })
  })
}

/** The number in mocha's line such as `  123 passing (4s)`; a test may print a line of the same form, so the last one counts. */
function total(output: string, what: string): number | undefined {
  const found = [...output.matchAll(new RegExp(`^ +(\\d+) ${what}( \\(.*\\))?$`, 'gm'))].at(-1)
  return found && Number(found[1])
}
