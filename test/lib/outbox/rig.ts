/** An outbox on the simulator's SensoCAN, with a store that survives it and time that passes when told to. */
import assert from 'node:assert/strict'
import { Account } from '../../../src/lib/client/account'
import { ClientPool } from '../../../src/lib/client/pool'
import { ApiError } from '../../../src/lib/base/api-error'
import type { Item } from '../../../src/lib/outbox/item'
import type { Acknowledgement } from '../../../src/lib/outbox/pending-messages'
import { Outbox } from '../../../src/lib/outbox/outbox'
import type { StoreLease } from '../../../src/lib/store/store'
import { checkedReading, type OutgoingReading } from '../../../src/lib/vocabulary/operation'
import type { Vendor } from '../../../src/lib/vocabulary/vendor'
import { vendors } from '../../../src/lib/vendors'
import { startSimulator, type Simulator } from '../../simulator'
import { SimpleStore, type SimpleQueue } from '../store/simple-store'
import { FakeClock, settle } from '../fake-clock'
import { pause, until } from '../../until'

export const START = Date.UTC(2026, 2, 10, 12)

export class OutboxRig {
  readonly clock = new FakeClock(START)
  readonly store = new SimpleStore()
  readonly refused: { item: Item; error: ApiError }[] = []
  readonly log: string[] = []
  readonly #closers: (() => unknown)[] = []
  readonly #accounts: Account[] = []

  private constructor(readonly simulator: Simulator) {}

  static async start(): Promise<OutboxRig> {
    return new OutboxRig(await startSimulator())
  }

  async stop(): Promise<void> {
    for (const close of this.#closers) await close()
    await this.simulator.close()
  }

  /** @param largest instead of the vendor's own; @param store instead of the rig's; @param budgets instead of the vendor's own */
  outbox(largest = 500, store: StoreLease = this.store.lease(), budgets: Vendor['budgets'] = vendors.sensocan.budgets): Outbox {
    const { urls, credentials } = this.simulator
    const { accessToken, deviceUuid } = credentials.sensocan
    const sensocan = { ...vendors.sensocan, budgets }
    const account = new Account(
      { vendor: sensocan, settings: { baseUrl: urls.sensocan, deviceUuid }, credentials: { accessToken } },
      new ClientPool(this.clock),
    )
    this.#accounts.push(account)
    const outbox = new Outbox({
      name: 'account',
      vendor: sensocan,
      delivery: { ...sensocan.delivery, largest },
      store,
      account: () => Promise.resolve(account),
      onRefused: (item, error) => this.refused.push({ item, error }),
      log: (level, sentence) => this.log.push(`${level}: ${String(sentence)}`),
      clock: this.clock,
    })
    this.#closers.push(() => Promise.all([outbox.close(), this.pass(2_000)]), () => account.close())
    return outbox
  }

  get queue(): SimpleQueue {
    return this.store.queueOf('account')
  }

  /** Values that the cloud has, in the order in which it got them. */
  get stored(): number[] {
    return this.simulator.state.sensocan.readings.map(({ value }) => value)
  }

  /** Readings in each request that arrived. */
  get sizes(): number[] {
    return this.simulator.requests.map(({ body }) => [(JSON.parse(body) as { data: unknown }).data].flat().length)
  }

  /** Lets `ms` of the clock pass; at every step the wire takes as long as it needs, while the clock stands still. */
  async pass(ms: number, steps = 20): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      await this.clock.advance(ms / steps)
      await this.#wire()
    }
  }

  /** Lets time pass until the next timer fires, for `most` ms at most, once the cloud has answered. */
  async step(most: number): Promise<void> {
    await settle()
    while (this.#inFlight > 0) await settle()
    for (let turn = 0; turn < 4; turn += 1) await settle()
    await this.clock.advance(Math.min(most, this.clock.untilNext ?? most))
  }

  get #inFlight(): number {
    return this.#accounts.reduce((count, { client }) => count + client.limiter.running, 0)
  }

  /** Until all requests that left are answered, but for those that the cloud is told to answer late. */
  async #wire(): Promise<void> {
    const inFlight = (): number => this.#inFlight
    const late = (): number => this.simulator.requests.filter(({ fault, status }) => status === 0 && fault?.delay !== undefined).length
    for (let quiet = 0; quiet < 3; quiet += 1) {
      await settle()
      if (inFlight() === 0) continue
      await until(() => inFlight() <= late(), 'the cloud answers')
      if (inFlight() === 0) quiet = -1
      else await pause(5)
    }
  }

  /** Lets time pass until it is true; at most an hour. */
  async until(isTrue: () => boolean): Promise<void> {
    for (let second = 0; second < 3_600; second += 1) {
      if (isTrue()) return
      await this.pass(1_000, 1)
    }
    throw new Error(`it was not so within an hour: ${String(isTrue)}`)
  }
}

export const reading = (value: number, more: object = {}): OutgoingReading => checkedReading({ sensorSlug: 'temp_01', value, timestamp: START + value, ...more })
export const readings = (from: number, count: number): OutgoingReading[] => Array.from({ length: count }, (_none, index) => reading(from + index))

export const hand = (outbox: Outbox, given: readonly OutgoingReading[], { limit = 100_000, window = 250 } = {}): Promise<Acknowledgement> =>
  outbox.accept({ node: 'node', operation: 'auto', readings: given, limit, window })

export const failure = (promise: Promise<unknown>): Promise<ApiError> =>
  promise.then(
    () => assert.fail('it did not fail'),
    (error: unknown) => {
      assert.ok(error instanceof ApiError)
      return error
    },
  )

/** What the sender of lost readings is told. */
export const LOST = /the readings are no longer in the store, and it is not known whether they were sent; .* Send them again$/

/** Values from 0 on. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_none, index) => index)
