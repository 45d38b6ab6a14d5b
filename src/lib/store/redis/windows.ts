/** Budgets that all processes on one Redis charge together. */
import type { Clock } from '../../base/clock'
import { sentence } from '../../base/sentence'
import { StoreError, type Reservation, type SharedRequest, type SharedWindow, type SharedWindows } from '../store'
import type { Connection } from './connection'
import { CANCEL, LOWER, PAUSE, REDATE, RESERVE } from './window-scripts'

const MICROSECONDS = 1000

/** What `cancel` and `redate` must know, as it stands in the id of a reservation. */
interface Charged {
  member: string
  /** Microseconds, as text. */
  start: string
  /** Key and length of each window. */
  windows: [key: string, length: string][]
}

/** Never shorter than it is. */
const microseconds = (ms: number): string => Math.ceil(ms * MICROSECONDS).toFixed(0)
const lengthOf = ({ length }: SharedWindow): string => (typeof length === 'number' ? microseconds(length) : length)

export class RedisWindows implements SharedWindows {
  readonly #connection: Connection
  readonly #prefix: string
  readonly #process: string
  readonly #clock: Clock | undefined
  #members = 0

  /**
   * @param prefix of all keys
   * @param process unique among the processes on this Redis
   * @param clock instead of that of Redis
   */
  constructor(connection: Connection, prefix: string, process: string, clock?: Clock) {
    this.#connection = connection
    this.#prefix = prefix
    this.#process = process
    this.#clock = clock
  }

  async reserve(account: string, windows: readonly SharedWindow[], { hold, told, urgent = false }: SharedRequest): Promise<Reservation> {
    const member = told ? (JSON.parse(told.id) as Charged).member : this.#member()
    const keys = windows.map((window) => this.#window(account, window))
    const answer = await this.#connection.run(
      RESERVE,
      [this.#key(account, 'pause'), ...keys],
      [this.#time(), member, microseconds(hold), urgent ? 1 : 0, ...windows.flatMap((window) => [window.limit, lengthOf(window), window.reserve ?? 0])],
    )
    const [wait, at, due, ...used] = readAnswer(answer, this.#connection.place)
    const charged: Charged = { member, start: String(at), windows: windows.map((window, index) => [keys[index] ?? '', lengthOf(window)]) }
    const held = windows[Number(due) - 1]
    return {
      id: JSON.stringify(charged),
      at: Number(at) / MICROSECONDS,
      wait: Number(wait) < 0 ? Infinity : Number(wait) / MICROSECONDS,
      ...(held ? { window: held } : {}),
      used: used.map(Number),
    }
  }

  async cancel(_account: string, { id, wait }: Reservation): Promise<void> {
    const { member, start, windows } = JSON.parse(id) as Charged
    const keys = windows.map(([key]) => key)
    await this.#connection.run(CANCEL, keys, [start, member, wait === 0 ? 1 : 0, ...windows.map(([, length]) => length)])
  }

  async redate(_account: string, { id }: Reservation, late: number): Promise<void> {
    const { member, start, windows } = JSON.parse(id) as Charged
    const sliding = windows.flatMap(([key, length]) => (Number.isNaN(Number(length)) ? [] : [key]))
    if (sliding.length > 0) await this.#connection.run(REDATE, sliding, [member, (Number(start) + Number(microseconds(late))).toFixed(0)])
  }

  async pause(account: string, duration: number): Promise<void> {
    await this.#connection.run(PAUSE, [this.#key(account, 'pause')], [this.#time(), Math.ceil(duration * MICROSECONDS)])
  }

  async lower(account: string, window: SharedWindow, remaining: number): Promise<void> {
    await this.#connection.run(
      LOWER,
      [this.#window(account, window)],
      [this.#time(), this.#member(), window.limit, lengthOf(window), Math.max(0, remaining)],
    )
  }

  #window(account: string, { name, device, length }: SharedWindow): string {
    return this.#key(account, typeof length === 'number' ? 'window' : length, device, name)
  }

  /** All of an account in one slot of a cluster, whatever its name. */
  #key(account: string, kind: string, device = '', name = ''): string {
    return `${this.#prefix}{${encodeURIComponent(account)}}:${[kind, device, name].map(encodeURIComponent).join(':')}`
  }

  #member(): string {
    this.#members += 1
    return `${this.#process}-${this.#members.toString(36)}`
  }

  #time(): number | '' {
    return this.#clock ? Math.round(this.#clock.now() * MICROSECONDS) : ''
  }
}

function readAnswer(answer: unknown, place: string): unknown[] {
  if (Array.isArray(answer) && answer.length >= 3) return answer
  throw new StoreError('UNUSABLE', sentence`the Redis store at ${place} gave an answer that cannot be understood; check that it is Redis or Valkey`)
}
