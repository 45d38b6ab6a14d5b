/** Two processes with one outbox in Redis, of which one dies for good, again and again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '../lib/fake-clock'
import { startSimulator, type Simulator } from '../simulator'
import { RedisServer } from '../lib/store/redis-server'
import { pause, until } from '../until'
import { bundle, changeWeather, Child, LONGEST_LIFE } from './kill'

export interface TwoOptions {
  /** Processes that die, each with a folder of its own to which nobody comes back while the other one lives. */
  kills: number
  seed: number
  /** Whether Redis is away when one dies, so that its last readings are in its own folder alone. */
  redisAway?: boolean
}

export interface TwoResult {
  /** Readings that a process said it had. */
  accepted: number
  /** Accepted, but not at the cloud when the process that lives had nothing left to send. */
  left: number[]
  /** Accepted, but not at the cloud when processes with the folders of the dead had run again. */
  lost: number[]
  /** Readings that had been accepted by those that died, and were still to be sent when they did. */
  inherited: number
  /** Whether the cloud got what one process was fed with in the order of its acceptance, apart from repetitions. */
  ordered: boolean
  complaints: string
}

/** ms after the latest reading within which another one comes, if any will. */
const PATIENCE = 30_000
/** The same when the process that lives has sent its own: it looks at the queue of the others every 5 s. */
const QUIET = 12_000
/** Numbers of one process; the one that lives has the first. */
export const RANGE = 1_000_000

export async function killOneOfTwo(options: TwoOptions): Promise<TwoResult> {
  const folder = await mkdtemp(join(tmpdir(), 'sensor-clouds-two-'))
  const simulator = await startSimulator({ logSize: 1_000_000, limits: { sensocanPerMinute: 1_000_000 } })
  const redis = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always')
  const pair = new Pair(folder, simulator, redis)
  try {
    await bundle(pair.script, `import { openShared } from ${JSON.stringify(join(__dirname, 'shared-store'))}`, 'openShared')
    return await pair.run(options)
  } finally {
    await pair.end()
    await simulator.close()
    await redis.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Fed {
  child: Child
  numbers: { next: number }
  feeding: Promise<void>
}

class Pair {
  readonly script: string
  readonly #folder: string
  readonly #simulator: Simulator
  readonly #redis: RedisServer
  /** By the number of its folder; a life ends before the next one with the folder begins. */
  readonly #lives: Fed[] = []

  constructor(folder: string, simulator: Simulator, redis: RedisServer) {
    this.script = join(folder, 'child.cjs')
    this.#folder = folder
    this.#simulator = simulator
    this.#redis = redis
  }

  async run({ kills, redisAway = false, seed }: TwoOptions): Promise<TwoResult> {
    const random = seededRandom(seed)
    const survivor = await this.#start(0)
    let inherited = 0
    for (let kill = 1; kill <= kills; kill += 1) {
      this.#simulator.faults.clear()
      changeWeather(this.#simulator, random)
      const victim = await this.#start(kill, Infinity)
      survivor.feeding = survivor.feeding.then(() => survivor.child.feed(survivor.numbers))
      await pause(random() * LONGEST_LIFE)
      if (redisAway) await this.#awayWith(victim)
      else if (kill === kills) await this.#heldUpWith(victim)
      await end(victim)
      inherited += victim.child.accepted.filter((value) => !this.#stored.has(value)).length
      if (redisAway) await this.#redis.restart()
    }
    this.#simulator.faults.clear()
    await survivor.feeding
    const left = await this.#undelivered()
    for (let kill = 1; left.length > 0 && kill <= kills; kill += 1) await this.#start(kill, 0)
    const lost = left.length > 0 ? await this.#undelivered() : left
    await this.end()
    const complaints = this.#lives.map(({ child }) => child.complaints).join('')
    return { accepted: this.#accepted.length, left, lost, inherited, ordered: this.#ordered, complaints }
  }

  /** Redis dies, and the process accepts something after that. */
  async #awayWith({ child, numbers }: Fed): Promise<void> {
    await this.#redis.kill()
    const known = numbers.next
    await until(() => child.accepted.some((value) => value > known), 'a reading is accepted without Redis')
  }

  /** The cloud is away, and the process accepts something that can no longer be sent. */
  async #heldUpWith({ child, numbers }: Fed): Promise<void> {
    this.#simulator.faults.clear()
    this.#simulator.faults.always({ status: 503 })
    const known = numbers.next
    await until(() => child.accepted.some((value) => value > known), 'a reading is accepted without the cloud')
  }

  async end(): Promise<void> {
    for (const life of this.#lives) await end(life)
  }

  /** @param rounds of readings that it is fed with */
  async #start(number: number, rounds = 100): Promise<Fed> {
    const { accessToken, deviceUuid } = this.#simulator.credentials.sensocan
    const settings = { folder: join(this.#folder, String(number)), baseUrl: this.#simulator.urls.sensocan, deviceUuid, accessToken, redis: this.#redis.url }
    const child = new Child(this.script, settings)
    const life: Fed = { child, numbers: { next: number * RANGE }, feeding: Promise.resolve() }
    this.#lives.push(life)
    await child.ready
    if (rounds > 0) life.feeding = child.feed(life.numbers, rounds)
    return life
  }

  get #accepted(): number[] {
    return this.#lives.flatMap(({ child }) => child.accepted)
  }

  get #stored(): Set<number> {
    return new Set(this.#simulator.state.sensocan.readings.map(({ value }) => value))
  }

  get #ordered(): boolean {
    const last = new Map<number, number>()
    for (const value of this.#stored) {
      const range = Math.floor(value / RANGE)
      if (value < (last.get(range) ?? 0)) return false
      last.set(range, value)
    }
    return true
  }

  /** What is missing when nothing has come for a while. */
  async #undelivered(): Promise<number[]> {
    let [known, cameAt] = [-1, Date.now()]
    for (;;) {
      const stored = this.#stored
      if (stored.size !== known) [known, cameAt] = [stored.size, Date.now()]
      const missing = this.#accepted.filter((value) => !stored.has(value))
      const complete = this.#lives.every(hasAccepted)
      if (complete && missing.length === 0) return []
      const own = complete && missing.every((value) => value > RANGE)
      if (Date.now() > cameAt + (own ? QUIET : PATIENCE)) return missing
      await pause(50)
    }
  }
}

/** Whether nothing that it was fed with is still to be accepted. */
const hasAccepted = ({ child, numbers }: Fed): boolean => !child.alive || numbers.next % RANGE === 0 || child.accepted.at(-1) === numbers.next

async function end({ child, feeding }: Fed): Promise<void> {
  if (child.alive) await child.kill()
  await feeding
}
