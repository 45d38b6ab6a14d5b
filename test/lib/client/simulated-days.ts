/** An account on the simulator, with real sockets, whose days pass as fast as the simulator answers. */
import { setMaxListeners } from 'node:events'
import { ApiError } from '../../../src/lib/base/api-error'
import { Account } from '../../../src/lib/client/account'
import { Call } from '../../../src/lib/client/call'
import { ClientPool } from '../../../src/lib/client/pool'
import { vendors } from '../../../src/lib/vendors'
import { startSimulator, type Simulator } from '../../simulator'
import { FakeClock, settle } from '../fake-clock'

const [MINUTE, DAY] = [60_000, 86_400_000]
/** Devices of the simulator. */
export const [DEVICE, OTHER_DEVICE] = ['JDA54E19F', 'SIMHOST02']
/** Days begin at midnight UTC, as the daily limit does. */
export const MIDNIGHT = '2026-03-10T00:00:00Z'

export class SimulatedDays {
  readonly #signal = new AbortController().signal

  private constructor(readonly simulator: Simulator, readonly clock: FakeClock, readonly account: Account) {
    setMaxListeners(0, this.#signal)
  }

  static async start(): Promise<SimulatedDays> {
    const clock = new FakeClock(MIDNIGHT)
    const simulator = await startSimulator({ now: () => clock.now() })
    const settings = { baseUrl: simulator.urls.senquip, hostedDevices: '1' }
    const account = new Account({ vendor: vendors.senquip, settings, credentials: { ...simulator.credentials.senquip } }, new ClientPool(clock))
    return new SimulatedDays(simulator, clock, account)
  }

  async stop(): Promise<void> {
    await this.account.close()
    await this.simulator.close()
  }

  /** Reads the latest data of a device. Gives `ok`, or the code and sentence of the error. */
  read(device = DEVICE): Promise<string> {
    return this.#run(new Call(this.account, 'device-data', vendors.senquip.operations['device-data'], { signal: this.#signal }).pages({ deviceId: device }).next())
  }

  list(): Promise<string> {
    return this.#run(new Call(this.account, 'list-devices', vendors.senquip.operations['list-devices'], { signal: this.#signal }).pages({}).next())
  }

  /** Adds a user to a device. Two of the same request do not leave the state of one. */
  write(device = DEVICE): Promise<string> {
    const call = new Call(this.account, 'add-user-to-device', vendors.senquip.operations['add-user-to-device'], { signal: this.#signal })
    return this.#run(call.write({ deviceId: device, password: '' }, false))
  }

  /** Lets time pass until the call has ended. */
  async #run(call: Promise<unknown>): Promise<string> {
    let outcome: string | undefined
    call.then(
      () => (outcome = 'ok'),
      (error: unknown) => (outcome = error instanceof ApiError ? `${error.code} ${error.message}` : String(error)),
    )
    for (;;) {
      await settle()
      // Without a pause: thousands of responses are awaited.
      while (this.account.client.limiter.running > 0) await settle()
      await settle()
      if (outcome !== undefined) return outcome
      await this.clock.advance(this.clock.untilNext ?? 1)
    }
  }

  /**
   * Reads every two minutes for so long. Gives the outcomes that are no `ok`.
   * @param each called before each read, with its number from 0
   */
  async poll(duration = DAY, each: (index: number) => string | undefined = () => undefined, every = 2 * MINUTE): Promise<{ reads: number; failed: string[] }> {
    const failed: string[] = []
    const begin = this.clock.monotonic()
    let reads = 0
    for (; reads * every < duration; reads += 1) {
      await this.clock.advance(Math.max(0, begin + reads * every - this.clock.monotonic()))
      const outcome = await this.read(each(reads))
      if (outcome !== 'ok') failed.push(outcome)
    }
    await this.clock.advance(Math.max(0, begin + duration - this.clock.monotonic()))
    return { reads, failed }
  }
}
