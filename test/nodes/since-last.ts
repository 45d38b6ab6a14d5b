/** Flows that read since last: a simulator whose clock stands still, a store that outlives the runtime, and restarts. */
import sinon from 'sinon'
import type { Reading } from '../../src/lib/vocabulary/reading'
import { startSimulator, type Simulator } from '../simulator'
import { SimpleStore } from '../lib/store/simple-store'
import { load, unload, type Flow, type FlowMessage, type Setup } from './harness'

export const THING = 'TSLK01SIM00000007'
export const OTHER = 'TSPD04SIM00000001'
export const MINUTE = 60_000

export interface Message extends Record<string, unknown> {
  tsmId: number
  temp: number
}

export const temperatures = (out: readonly FlowMessage[]): unknown[] =>
  out.flatMap(({ payload }) => payload as (Reading | Message)[]).flatMap((item) => ('quantity' in item ? (item.quantity === 'temperature' ? [item.value] : []) : [item.temp]))

export const values = (out: readonly FlowMessage[]): unknown[] => out.flatMap(({ payload }) => (payload as Reading[]).map(({ value }) => value))

/** All measurements of a data source. */
export const raw = (setup: Partial<Setup> = {}): Partial<Setup> => ({ vendor: 'sensorist', operation: 'measurements-raw', params: { dataSources: '220200' }, ...setup })

export class World {
  store = new SimpleStore()
  /** Epoch ms of everybody's clock. */
  now = Date.now()
  #simulator: Simulator | undefined

  async open(): Promise<void> {
    // Without a max-age each read asks the vendor, as it does minutes later.
    this.#simulator = await startSimulator({ maxAge: 0, now: () => this.now })
    sinon.stub(Date, 'now').callsFake(() => this.now)
    for (const thing of this.things.values()) Object.assign(thing, { generated: false, messages: [], commands: [], alerts: [] })
  }

  async close(): Promise<void> {
    await unload()
    sinon.restore()
    await this.#simulator?.close()
  }

  get simulator(): Simulator {
    if (!this.#simulator) throw new Error('the simulator is not running')
    return this.#simulator
  }

  get things(): Simulator['state']['thingsee']['things'] {
    return this.simulator.state.thingsee.things
  }

  deploy(setup: Partial<Setup> = {}): Promise<Flow> {
    return load({
      simulator: this.simulator, vendor: 'thingsee', operation: 'messages', params: { tuid: THING, limit: 100 },
      ...setup, store: this.store, node: { sinceLast: true, ...setup.node },
    })
  }

  /** As after a restart or a crash: a new runtime on what the store holds. */
  async restart(setup: Partial<Setup> = {}): Promise<Flow> {
    await unload()
    this.store = new SimpleStore(this.store.texts)
    return this.deploy(setup)
  }

  /** @param age ms */
  message(temp: number, age = 0, tuid = THING): void {
    const at = this.now - age
    const tsmTs = Math.floor(at / 1000)
    this.things.get(tuid)?.messages.push({ at, message: { tsmId: 12100, tsmEv: 10, tsmTs, tsmTuid: tuid, temp, humd: 40 } })
  }

  /** Measurements of a data source that counts them. @param step how many have one sequence number */
  measure(id: number, count: number, step = 1): void {
    const { measurements, silent } = this.simulator.state.sensorist
    const known = measurements.get(id) ?? []
    const begin = known.length
    for (let index = begin; index < begin + count; index += 1)
      known.push({ at: this.now - 3_600_000 + index * 1000, value: index, type: 1, seq: Math.floor(index / step) + 1 })
    measurements.set(id, known)
    silent.add(id)
  }

  /** Fails that write of a position from now on, once, as a loss of power does. */
  failWrite(number: number): void {
    let writes = 0
    this.store.onSet = (key) => {
      if (!key.startsWith('cursor:')) return
      writes += 1
      if (writes === number) throw new Error('the power failed')
    }
  }

  /** What the store holds of the node. */
  cursors(): string[] {
    return [...this.store.texts.keys()].filter((key) => key.startsWith('cursor:action'))
  }
}
