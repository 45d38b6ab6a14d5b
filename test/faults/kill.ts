/** Kills a process with an outbox again and again, without warning, while the cloud comes and goes. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { copyLuaFiles } from '../../scripts/build/lua'
import { seededRandom, settle } from '../lib/fake-clock'
import { startSimulator, type Simulator } from '../simulator'
import type { Fault } from '../simulator/faults'
import { pause, until } from '../until'
import type { ChildSettings } from './kill-child'

export interface KillOptions {
  kills: number
  seed: number
  /** Where `(folder) => Promise<Store>` comes from. */
  store: { module: string; name: string }
}

export interface KillResult {
  /** Readings that the process said it had, in their order. */
  accepted: number[]
  /** Accepted, but not at the cloud at the end. */
  lost: number[]
  /** Sent again, although the process had an answer for them and time to note it. */
  doubled: number[]
  /** Sent again after a request without an answer, or one that ended as the process was killed. */
  repeated: number
  /** Whether the cloud got the readings in the order of their acceptance, apart from repetitions. */
  ordered: boolean
  requests: number
  /** What the processes complained of. */
  complaints: string
}

/** undefined: the cloud is up. */
const WEATHER: readonly (Fault | undefined)[] = [
  undefined,
  undefined,
  { status: 503 },
  { reset: 'after' },
  { reset: 'before' },
  { delay: 60 },
  { status: 429 },
]

/** For the next requests. */
export function changeWeather(simulator: Simulator, random: () => number): void {
  const weather = WEATHER[Math.floor(random() * WEATHER.length)]
  if (weather) simulator.faults.always({ ...weather, times: 1 + Math.floor(random() * 4) })
}

/** ms for which a process may live, and within which the last one has to deliver everything. */
export const LONGEST_LIFE = 500
/** Readings that every second process accepts at least, however slow the machine is; the others may die at once. */
const LEAST = 50
const LAST_LIFE = 60_000

export async function killAgainAndAgain({ kills, seed, store }: KillOptions): Promise<KillResult> {
  const folder = await mkdtemp(join(tmpdir(), 'sensor-clouds-kill-'))
  const simulator = await startSimulator({ logSize: 1_000_000, limits: { sensocanPerMinute: 1_000_000 } })
  try {
    const script = join(folder, 'child.cjs')
    await bundle(script, `import { ${store.name} } from ${JSON.stringify(store.module)}`, `({ folder }) => ${store.name}(folder)`)
    const { sensocan } = simulator.credentials
    const settings: ChildSettings = { folder: join(folder, 'store'), baseUrl: simulator.urls.sensocan, ...sensocan }
    return await run(simulator, kills, seededRandom(seed), () => new Child(script, settings))
  } finally {
    await simulator.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * One file of plain JavaScript starts five times faster than its sources.
 * @param imports what `open` needs
 * @param open gives the store, from the settings
 */
export async function bundle(outfile: string, imports: string, open: string): Promise<void> {
  const contents = `import { serve } from './kill-child'\n${imports}\nvoid serve(${open})`
  await build({ stdin: { contents, resolveDir: __dirname, loader: 'ts' }, outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20' })
  copyLuaFiles(dirname(outfile))
}

async function run(simulator: Simulator, kills: number, random: () => number, start: () => Child): Promise<KillResult> {
  const accepted: number[] = []
  /** The last request of each process, of which it may not have known the end. */
  const last = new Set<number>()
  const numbers = { next: 0 }
  let complaints = ''
  for (let life = 0; life <= kills; life += 1) {
    const child = start()
    simulator.faults.clear()
    if (life < kills) changeWeather(simulator, random)
    await child.ready
    const before = simulator.requests.length
    const feeding = child.feed(numbers)
    if (life < kills) {
      await pause(random() * LONGEST_LIFE)
      if (life % 2 === 0) await until(() => child.accepted.length >= LEAST && simulator.requests.length > before, 'it accepts and sends')
    } else {
      await feeding
      await delivered(simulator, () => [...accepted, ...child.accepted], numbers.next)
    }
    await child.kill()
    await feeding
    // What had left before the kill has been read when its connections have ended.
    await until(async () => (await simulator.connections()) === 0, 'all that left has arrived')
    await settle()
    last.add(simulator.requests.length - 1)
    accepted.push(...child.accepted)
    complaints += child.complaints
  }
  return { ...judged(simulator, accepted, last), complaints }
}

/**
 * Until the cloud has all that was accepted, or for a minute.
 * @param last the number that is accepted last: until then more may come
 */
async function delivered(simulator: Simulator, accepted: () => number[], last: number): Promise<void> {
  const end = Date.now() + LAST_LIFE
  while (Date.now() < end) {
    const stored = new Set(simulator.state.sensocan.readings.map(({ value }) => value))
    if (accepted().at(-1) === last && accepted().every((value) => stored.has(value))) return
    await pause(50)
  }
}

function judged(simulator: Simulator, accepted: number[], last: ReadonlySet<number>): Omit<KillResult, 'complaints'> {
  /** By reading, the requests of which the process knew that they had stored it. */
  const known = new Map<number, number>()
  const seen = new Set<number>()
  const doubled = new Set<number>()
  let repeated = 0
  for (const [index, { body, fault, status }] of simulator.requests.entries()) {
    const { data } = JSON.parse(body) as { data: { value: number } | { value: number }[] }
    for (const { value } of [data].flat()) {
      if (known.has(value)) doubled.add(value)
      else if (seen.has(value)) repeated += 1
      seen.add(value)
      if (status === 201 && !fault?.reset && !last.has(index)) known.set(value, index)
    }
  }
  const firsts = [...new Set(simulator.state.sensocan.readings.map(({ value }) => value))]
  return {
    accepted,
    lost: accepted.filter((value) => !firsts.includes(value)),
    doubled: [...doubled],
    repeated,
    ordered: firsts.every((value, index) => index === 0 || value > (firsts[index - 1] ?? 0)),
    requests: simulator.requests.length,
  }
}

export class Child {
  readonly accepted: number[] = []
  readonly ready: Promise<void>
  complaints = ''
  alive = true
  readonly #process: ChildProcess

  constructor(script: string, settings: ChildSettings) {
    this.#process = spawn(process.execPath, [script, JSON.stringify(settings)], { stdio: 'pipe' })
    const { stdin, stdout, stderr } = this.#process
    if (!stdin || !stdout || !stderr) throw new Error('the process has no pipes')
    // Lines that are written as the process dies are lost, which is the point.
    stdin.on('error', () => undefined)
    stderr.on('data', (text) => {
      this.complaints += String(text)
    })
    this.ready = new Promise((resolve, reject) => {
      this.#process.once('exit', () => {
        reject(new Error(`the process ended by itself: ${this.complaints}`))
      })
      createInterface({ input: stdout }).on('line', (line) => {
        if (line === 'ready') resolve()
        else this.accepted.push(Number(line))
      })
    })
  }

  /** A few readings every few ms, until it is killed. */
  async feed(numbers: { next: number }, rounds = 100): Promise<void> {
    for (let count = 0; this.alive && count < rounds; count += 1) {
      for (let index = 0; index < 5; index += 1) this.#process.stdin?.write(`${(numbers.next += 1)}\n`)
      await pause(4)
    }
  }

  async kill(): Promise<void> {
    this.alive = false
    this.#process.kill('SIGKILL')
    // All that it printed is read, too.
    await once(this.#process, 'close')
  }
}
