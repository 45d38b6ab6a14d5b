/** Chance against every read, and against every node. FUZZ_SECONDS is for both together, FUZZ_SEED repeats a run. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { HostileServer } from './hostile-server'
import { deployMessageNodes, MESSAGE_NODES } from './message-nodes'
import type { FuzzLine } from './protocol'
import { Victim } from './victim-process'

/** Both halves together: some thousand runs. */
const SECONDS = Math.min(Number(process.env.FUZZ_SECONDS ?? 10), 3_600)
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** Runs one of the processes; each line is what it found. It is ended when it takes much longer than it was given. */
async function linesOf(script: string, seconds: number): Promise<FuzzLine[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--max-old-space-size=512', join(__dirname, script), String(seconds), String(SEED)], {
    env: { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' }, stdio: ['ignore', 'pipe', 'pipe'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), (seconds + 60) * 1000)
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-2_000)))
  const lines: FuzzLine[] = []
  createInterface({ input: child.stdout }).on('line', (line) => void lines.push(JSON.parse(line) as FuzzLine))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  clearTimeout(timer)
  assert.equal(code, 0, `seed ${SEED}: the process ended with ${signal ?? `code ${String(code)}`}\n${complaints}`)
  return lines
}

/** @throws AssertionError with all that chance found */
function judge(lines: readonly FuzzLine[]): void {
  const failures = lines.flatMap(({ what, failure }) => (failure === undefined ? [] : [`${what}: ${failure.slice(0, 1_500)}`]))
  if (failures.length > 0) assert.fail(failures.join('\n'))
  const runs = lines.reduce((sum, line) => sum + line.runs, 0)
  assert.ok(runs > 100, `seed ${SEED}: there were only ${runs} runs`)
  console.log(`      ${runs} runs of ${lines.length} kinds, seed ${SEED}`)
}

describe('a hostile world: chance', function () {
  this.timeout((SECONDS + 120) * 1000)

  it('answers to every read', async () => judge(await linesOf('fuzz-answers.ts', SECONDS / 2)))

  it('messages to every node', async () => {
    const lines: FuzzLine[] = []
    const server = await HostileServer.start()
    const victim = new Victim((process) => deployMessageNodes(process, server))
    try {
      const ms = ((SECONDS / 2) * 1000) / MESSAGE_NODES.length
      for (const { id } of MESSAGE_NODES)
        await victim
          .attack(async (process) => void lines.push(await process.ask({ name: 'fuzz', node: id, ms, seed: SEED }, ms + 60_000)))
          .catch((error: unknown) => void lines.push({ what: id, runs: 0, failure: `seed ${SEED}: ${String(error)}` }))
    } finally {
      await victim.end()
      await server.close()
    }
    judge(lines)
  })
})
