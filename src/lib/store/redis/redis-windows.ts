/** Budgets that all processes on one Redis charge together. */
import * as v from 'valibot'
import type { Clock } from '../../base/clock'
import { ASK_AGAIN, type Reservation, type SharedRequest, type SharedWindow, type SharedWindows, storedRecord } from '../store'
import type { Connection } from './connection'
import { misunderstood } from './failure'

const MICROSECONDS = 1000

/** The id of a reservation holds what `cancel` and `redate` must know. */
const chargeSchema = v.object({
  member: v.string(),
  /** Microseconds, as text. */
  start: v.string(),
  /** Key and length of each window. */
  windows: v.array(v.tuple([v.string(), v.string()])),
})

const readCharge = storedRecord(chargeSchema)

function chargeOf({ id }: Reservation): v.InferOutput<typeof chargeSchema> {
  const charge = readCharge(id)
  if (!charge) throw new Error(`${id} is no reservation in Redis`)
  return charge
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

  async reserve(account: string, windows: readonly SharedWindow[], { hold, previous, urgent = false }: SharedRequest): Promise<Reservation> {
    const member = previous ? chargeOf(previous).member : this.#member()
    const keys = windows.map((window) => this.#window(account, window))
    const answer = await this.#connection.run(
      'windows-reserve',
      [this.#key(account, 'pause'), ...keys],
      [this.#time(), member, microseconds(hold), urgent ? 1 : 0, microseconds(ASK_AGAIN), ...windows.flatMap((window) => [window.limit, lengthOf(window), window.reserve ?? 0])],
    )
    const [wait, at, due, ...used] = readAnswer(answer, this.#connection.place)
    const charge: v.InferOutput<typeof chargeSchema> = { member, start: at.toFixed(0), windows: windows.map((window, index) => [keys[index] ?? '', lengthOf(window)]) }
    const held = windows[due - 1]
    return {
      id: JSON.stringify(charge),
      at: at / MICROSECONDS,
      wait: wait < 0 ? Infinity : wait / MICROSECONDS,
      ...(held ? { window: held } : {}),
      used,
    }
  }

  async cancel(_account: string, reservation: Reservation): Promise<void> {
    const { member, start, windows } = chargeOf(reservation)
    const keys = windows.map(([key]) => key)
    await this.#connection.run('windows-cancel', keys, [start, member, reservation.wait === 0 ? 1 : 0, ...windows.map(([, length]) => length)])
  }

  async redate(_account: string, reservation: Reservation, late: number): Promise<void> {
    const { member, start, windows } = chargeOf(reservation)
    const sliding = windows.flatMap(([key, length]) => (Number.isNaN(Number(length)) ? [] : [key]))
    if (sliding.length > 0) await this.#connection.run('windows-redate', sliding, [member, (Number(start) + Number(microseconds(late))).toFixed(0)])
  }

  async pause(account: string, duration: number): Promise<void> {
    await this.#connection.run('windows-pause', [this.#key(account, 'pause')], [this.#time(), Math.ceil(duration * MICROSECONDS)])
  }

  async lower(account: string, window: SharedWindow, remaining: number): Promise<void> {
    await this.#connection.run(
      'windows-lower',
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

/** Numbers, some of them as text, since Redis cuts the decimals of a number. A request would wait for ever for one that is none. */
function readAnswer(answer: unknown, place: string): [wait: number, at: number, due: number, ...used: number[]] {
  if (!Array.isArray(answer)) throw misunderstood(place)
  const [wait, at, due, ...used] = answer.map((item: unknown) => (typeof item === 'string' ? Number(item) : item))
  if (!isCount(wait) || !isCount(at) || !isCount(due) || !used.every(isCount)) throw misunderstood(place)
  return [wait, at, due, ...used]
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value)
