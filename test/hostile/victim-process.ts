/** The Node-RED under attack as the suite sees it: started with little memory, asked, judged, ended. */
import { fork, type ChildProcess } from 'node:child_process'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LONGEST, type Blocks } from './loop-watch'
import type { Answers, Command, Ready, Response } from './protocol'

/** MB of the heap. */
const MEMORY = 512
const START_WITHIN = 120_000
/** Ms for one request of the suite, when a test does not say. A case that takes longer has blocked or forgotten a message. */
const ANSWER_WITHIN = 20_000
/** Ms in which a process answers a control request, whatever it is doing; other processes may have the processor for a while. */
const ALIVE_WITHIN = 10_000
const PING_EVERY = 500
/** Attacks, each with a block that is too long, until a case has failed. */
const ATTACKS = 3

interface Waiting {
  resolve(answer: unknown): void
  reject(error: Error): void
}

export class VictimProcess {
  readonly origin: string
  readonly folder: string
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  #count = 0

  private constructor(child: ChildProcess, folder: string, { origin }: Ready) {
    this.origin = origin
    this.folder = folder
    this.#child = child
    // Many requests may wait when it ends.
    child.setMaxListeners(0)
    child.on('message', (response) => this.#settle(response as Response))
  }

  static async start(): Promise<VictimProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'hostile-'))
    const child = fork(join(__dirname, 'victim.ts'), [folder], {
      execArgv: ['--import', 'tsx', `--max-old-space-size=${MEMORY}`],
      env: { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const printed = printedBy(child)
    const ended = new Promise<never>((_, reject) => {
      child.once('exit', (code, signal) => reject(new Error(`the process ended with ${signal ?? `code ${String(code)}`}\n${printed().slice(-1_500)}`)))
    })
    // Only who waits for an answer wants to know.
    ended.catch(() => undefined)
    try {
      const ready = await within(START_WITHIN, Promise.race([once(child, 'message'), ended]), 'Node-RED is not up')
      const victim = new VictimProcess(child, folder, ready[0] as Ready)
      ended.catch((error: unknown) => victim.#fail(error as Error))
      return victim
    } catch (error) {
      await kill(child)
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#child.connected
  }

  /** @throws Error when the process ends, fails, or gives no answer; it is then ended */
  async ask<N extends Command['name']>(command: Extract<Command, { name: N }>, ms = ANSWER_WITHIN): Promise<Answers[N]> {
    if (!this.alive) throw new Error('the process has ended')
    const id = (this.#count += 1)
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
    this.#child.send({ id, command })
    try {
      return await within(ms, answer, `no answer to ${command.name}`) as Answers[N]
    } catch (error) {
      // What hangs would spoil the next case.
      if (error instanceof LateError) await kill(this.#child)
      throw error
    } finally {
      this.#waiting.delete(id)
    }
  }

  /**
   * Whether Node-RED outlives the work: alive, without a fault that nobody handled, and ready to answer.
   * @param aliveWithin ms in which it answers a control request
   * @returns its longest blocks
   */
  async attacked(work: () => Promise<void>, aliveWithin: number): Promise<Blocks> {
    await this.ask({ name: 'watch' })
    const heart = this.#watchHeart(aliveWithin)
    try {
      await work()
    } finally {
      clearInterval(heart)
    }
    await this.ask({ name: 'ping' }, ALIVE_WITHIN)
    const { blocks, faults } = await this.ask({ name: 'report' })
    assert.deepEqual(faults, [])
    const { status } = await fetch(`${this.origin}/admin/settings`, { headers: { Connection: 'close' }, signal: AbortSignal.timeout(ALIVE_WITHIN) })
    assert.equal(status, 200, 'the admin API answers')
    return blocks
  }

  /** Ends a process that has stopped to answer, so that no case waits for it. */
  #watchHeart(aliveWithin: number): NodeJS.Timeout {
    let answered = performance.now()
    return setInterval(() => {
      const silence = performance.now() - answered
      if (silence > aliveWithin) {
        this.#fail(new LateError(`the process has answered no control request for ${Math.round(silence)} ms`))
        void kill(this.#child)
      } else if (this.alive) this.ask({ name: 'ping' }).then(() => (answered = performance.now()), () => undefined)
    }, PING_EVERY)
  }

  /** Removes its flow, and what the nodes have stored. */
  async clear(): Promise<void> {
    await this.ask({ name: 'deploy', flow: [] })
    rmSync(join(this.folder, 'sensor-clouds'), { recursive: true, force: true })
  }

  async end(): Promise<void> {
    await kill(this.#child)
    rmSync(this.folder, { recursive: true, force: true })
  }

  #settle(response: Response): void {
    const waiting = this.#waiting.get(response.id)
    if ('error' in response) waiting?.reject(new Error(response.error))
    else waiting?.resolve(response.answer)
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error)
  }
}

class LateError extends Error {}

/** @throws LateError */
async function within<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError(`${what} within ${ms / 1000} s`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function printedBy({ stdout, stderr }: ChildProcess): () => string {
  let printed = ''
  for (const stream of [stdout, stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-20_000)))
  return () => printed
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** The sentence about a block that is too long; undefined when it is not. */
function tooLong({ computing, waiting }: Blocks, most: number): string | undefined {
  // On a busy machine computing takes several times as long by the clock.
  const longest = Math.max(LONGEST.waiting, 5 * most)
  if (computing < most && waiting < longest) return undefined
  return `the event loop stood still: ${Math.round(computing)} ms computing (at most ${most}), ${Math.round(waiting)} ms by the clock (at most ${longest})`
}

/** A healthy process that no suite uses now. The next suite takes it, because a new one computes for seconds before it is ready. */
let unused: VictimProcess | undefined
after(() => unused?.end())

/** One Node-RED for the cases of a suite. After a crash the next case gets a new one. */
export class Victim {
  readonly #aliveWithin: number
  #process: VictimProcess | undefined
  /** Called with each new process, to warm it up. */
  readonly #warmUp: (victim: VictimProcess) => Promise<void>

  /** @param aliveWithin ms in which the process answers a control request */
  constructor(warmUp: (victim: VictimProcess) => Promise<void> = () => Promise.resolve(), aliveWithin = ALIVE_WITHIN) {
    this.#warmUp = warmUp
    this.#aliveWithin = aliveWithin
  }

  async get(): Promise<VictimProcess> {
    if (this.#process?.alive) return this.#process
    await this.#kill()
    const process = unused?.alive ? unused : await VictimProcess.start()
    unused = undefined
    this.#process = process
    await this.#warmUp(process)
    return process
  }

  /**
   * Attacks it. After a block that is too long it is attacked again, as another process may have had its cause: a cause
   * of our own comes again each time. Nothing else is given another chance.
   * @param work may be called several times
   * @param most ms that a block may compute
   */
  async attack(work: (victim: VictimProcess) => Promise<void>, most = LONGEST.computing): Promise<void> {
    const blocks: string[] = []
    while (blocks.length < ATTACKS) {
      const block = await this.#once(work, most)
      if (block === undefined) return
      blocks.push(block)
    }
    assert.fail(blocks.join('; again: '))
  }

  async #once(work: (victim: VictimProcess) => Promise<void>, most: number): Promise<string | undefined> {
    const victim = await this.get()
    try {
      const blocks = await victim.attacked(() => work(victim), this.#aliveWithin)
      if (process.env.HOSTILE_BLOCKS) console.log(`      longest block: ${Math.round(blocks.computing)} ms computing, ${Math.round(blocks.waiting)} ms by the clock`)
      return tooLong(blocks, most)
    } catch (error) {
      // What is left of it would spoil the next case.
      await this.#kill()
      throw error
    }
  }

  /** Leaves the process to the next suite. */
  async end(): Promise<void> {
    if (!this.#process?.alive) return this.#kill()
    await this.#process.clear()
    unused = this.#process
    this.#process = undefined
  }

  async #kill(): Promise<void> {
    await this.#process?.end()
    this.#process = undefined
  }
}
