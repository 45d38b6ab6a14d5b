/** A site under test: three accounts and an outbox on the simulator, with a store on disk, whose time passes when told to. */
import { setMaxListeners } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Account } from '../../src/lib/client/account'
import { Call } from '../../src/lib/client/call'
import { ClientPool } from '../../src/lib/client/pool'
import { Outbox } from '../../src/lib/outbox/outbox'
import { openEmbedded } from '../../src/lib/store/embedded/embedded-store'
import type { Store, StoreLease } from '../../src/lib/store/store'
import { vendors } from '../../src/lib/vendors'
import { checkedReading } from '../../src/lib/vocabulary/operation'
import { FakeClock, settle } from '../lib/fake-clock'
import { startSimulator, type Simulator } from '../simulator'

/** Epoch ms of the beginning, at midnight UTC. */
export const START = Date.UTC(2026, 2, 1)

/** What a deploy closes and opens again. */
interface Deployed {
  store: Store
  senquip: Account
  sensocan: Account
  thingsee: Account
  outbox: Outbox
}

export class Site {
  readonly folder = mkdtempSync(join(tmpdir(), 'sensor-clouds-soak-'))
  #pool: ClientPool
  #deployed: Deployed | undefined
  readonly #signal = new AbortController().signal

  private constructor(readonly clock: FakeClock, readonly simulator: Simulator) {
    setMaxListeners(0, this.#signal)
    this.#pool = new ClientPool(clock)
  }

  static async start(seed: number): Promise<Site> {
    const clock = new FakeClock(START, seed)
    // The clouds' own clock is right, whatever happens to the calendar of this computer.
    const simulator = await startSimulator({ now: () => Math.floor(START + clock.monotonic()), logSize: 200 })
    const site = new Site(clock, simulator)
    await site.open()
    return site
  }

  async stop(): Promise<void> {
    await this.close()
    await this.simulator.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  get #now(): Deployed {
    if (!this.#deployed) throw new Error('the site is closed')
    return this.#deployed
  }

  async open(): Promise<void> {
    const { clock, simulator } = this
    const { credentials, urls } = simulator
    const store = await openEmbedded(this.folder, { clock })
    const sensocan = new Account(
      { vendor: vendors.sensocan, settings: { baseUrl: urls.sensocan, deviceUuid: credentials.sensocan.deviceUuid }, credentials: { accessToken: credentials.sensocan.accessToken }, store },
      this.#pool,
    )
    const senquip = new Account({ vendor: vendors.senquip, settings: { baseUrl: urls.senquip, hostedDevices: '1' }, credentials: { ...credentials.senquip }, store }, this.#pool)
    const thingsee = new Account({ vendor: vendors.thingsee, settings: { baseUrl: urls.thingsee }, credentials: { ...credentials.thingsee }, store }, this.#pool)
    const lease: StoreLease = { open: () => Promise.resolve(store), release: () => Promise.resolve() }
    const { delivery } = vendors.sensocan
    const outbox = new Outbox({ name: 'soak', vendor: vendors.sensocan, delivery, store: lease, account: () => Promise.resolve(sensocan), onRefused: () => undefined, log: () => undefined, clock })
    outbox.start()
    this.#deployed = { store, senquip, sensocan, thingsee, outbox }
  }

  /** @param restart whether the process ends too, so that only the store remembers */
  async close(restart = true): Promise<void> {
    const { outbox, senquip, sensocan, store, thingsee } = this.#now
    await this.ended(outbox.close())
    await this.ended(Promise.all([senquip, sensocan, thingsee].map((account) => account.close())))
    this.#deployed = undefined
    if (restart) this.#pool = new ClientPool(this.clock)
    await store.close()
  }

  readSenquip(): Promise<unknown> {
    return this.ended(new Call(this.#now.senquip, 'device-data', vendors.senquip.operations['device-data'], { signal: this.#signal }).pages({ deviceId: 'JDA54E19F' }).next())
  }

  /** Every second read needs a new token, since tokens live for 15 minutes. */
  readThingsee(): Promise<unknown> {
    const { groups } = vendors.thingsee.operations
    if (!groups) throw new Error('Thingsee has no operation "groups"')
    return this.ended(new Call(this.#now.thingsee, 'groups', groups, { signal: this.#signal }).pages({}).next())
  }

  /** Resolves when the outbox has the reading. */
  async send(value: number): Promise<void> {
    const reading = checkedReading({ sensorSlug: 'temp_01', value, timestamp: START + value * 1000 })
    const acknowledgement = await this.#now.outbox.accept({ node: 'node', operation: 'auto', readings: [reading], limit: 100_000, window: 250 })
    // After a deploy nobody waits for it any more.
    acknowledgement.settled.catch(() => undefined)
  }

  async depth(): Promise<number> {
    return (await this.#now.outbox.state()).depth
  }

  get #running(): number {
    const { senquip, sensocan, thingsee } = this.#deployed ?? {}
    return [senquip, sensocan, thingsee].reduce((sum, account) => sum + (account?.client.limiter.running ?? 0), 0)
  }

  /** Lets the sockets and the disk go on while the clock stands still. */
  async #wire(): Promise<void> {
    for (let turn = 0; turn < 6; turn += 1) await settle()
    while (this.#running > 0) await settle()
    for (let turn = 0; turn < 3; turn += 1) await settle()
  }

  /** Lets time pass until it has ended. */
  async ended<T>(promise: Promise<T>): Promise<T> {
    const state = { isOver: false }
    const end = (): void => void (state.isOver = true)
    promise.then(end, end)
    for (;;) {
      await this.#wire()
      if (state.isOver) return promise
      await this.clock.advance(Math.min(1_000, this.clock.untilNext ?? 1))
    }
  }

  /** Lets time pass until so many monotonic ms. */
  async passUntil(end: number): Promise<void> {
    while (this.clock.monotonic() < end) {
      await this.#wire()
      await this.clock.advance(Math.min(end - this.clock.monotonic(), this.clock.untilNext ?? Infinity))
    }
    await this.#wire()
  }

  /** Files below the folder of the store. */
  get files(): number {
    return readdirSync(this.folder, { recursive: true }).length
  }
}
