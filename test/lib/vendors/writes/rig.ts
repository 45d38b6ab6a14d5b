/** A vendor's account on a simulator, and what the simulator saw of its writes. */
import assert from 'node:assert/strict'
import { Account } from '../../../../src/lib/client/account'
import { Call, type Written } from '../../../../src/lib/client/call'
import { ApiError } from '../../../../src/lib/base/api-error'
import { ClientPool } from '../../../../src/lib/client/pool'
import type { Caller, Fields, Params, SingleOperation, Verb } from '../../../../src/lib/vocabulary/operation'
import { operationsOf } from '../../../../src/lib/vocabulary/vendor'
import { vendors } from '../../../../src/lib/vendors'
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../simulator'

export type VendorId = 'thingsee' | 'senquip' | 'sensorist'
export type Values = Readonly<Record<string, unknown>>

export const JSON_TYPE = 'application/json'
export const FORM = 'application/x-www-form-urlencoded'

/** So high limits that no test waits for them. */
const QUICK: Record<VendorId, Values> = { senquip: { hostedDevices: 100 }, sensorist: { requestsPerSecond: 1000 }, thingsee: { requestsPerSecond: 1000 } }

export class Rig {
  readonly simulator: Simulator
  readonly #vendor: VendorId
  readonly #accounts: Account[] = []

  private constructor(vendor: VendorId, simulator: Simulator) {
    this.#vendor = vendor
    this.simulator = simulator
  }

  static async start(vendor: VendorId, options: SimulatorOptions = {}): Promise<Rig> {
    return new Rig(vendor, await startSimulator(options))
  }

  async stop(): Promise<void> {
    for (const account of this.#accounts) await account.close()
    await this.simulator.close()
  }

  account(routes: Values = {}, settings: Values = {}): Account {
    const { urls, credentials } = this.simulator
    const account = new Account(
      { vendor: vendors[this.#vendor], settings: { baseUrl: urls[this.#vendor], ...QUICK[this.#vendor], ...settings }, credentials: credentials[this.#vendor], routes },
      new ClientPool(),
    )
    this.#accounts.push(account)
    return account
  }

  /** Method, path, body and content type of the latest request. */
  latest(): [method: string, path: string, body: unknown, type: unknown] {
    const seen = this.simulator.requests.at(-1)
    assert.ok(seen)
    const type = seen.headers['content-type']
    return [seen.method, seen.path, parsed(seen.body, type), type]
  }

  /** Fails before anything is sent, with a sentence that says so. */
  async invalid(account: Account, verb: Verb, id: string, values: Values, words: RegExp): Promise<void> {
    const before = this.simulator.requests.length
    await assert.rejects(write(account, verb, id, values), (error: unknown) => {
      assert.ok(error instanceof ApiError)
      assert.equal(error.code, 'INVALID')
      assert.match(error.message, words)
      return true
    })
    assert.equal(this.simulator.requests.length, before)
  }
}

function parsed(body: string, type: string | undefined): unknown {
  if (type === JSON_TYPE) return JSON.parse(body)
  return type === FORM ? Object.fromEntries(new URLSearchParams(body)) : body
}

function callOf(account: Account, verb: Verb, id: string): Call {
  const operation = operationsOf(account.vendor, verb)[id]
  assert.ok(operation, `${account.vendor.id} has no ${id}`)
  return new Call(account, id, operation, { signal: new AbortController().signal })
}

export const write = (account: Account, verb: Verb, id: string, values: Values = {}, ifAbsent = false): Promise<Written> =>
  callOf(account, verb, id).write(values, ifAbsent)

export async function read(account: Account, id: string, values: Values = {}): Promise<unknown> {
  for await (const { data } of callOf(account, 'get-data', id).pages(values)) return data
  return undefined
}

/** A caller whose every read is answered with this unwrapped body; `asked` has the params of the latest. */
export function answering(body: unknown): { caller: Caller<never>; asked: () => Values } {
  let asked: Values = {}
  const caller: Caller<never> = {
    send: () => Promise.reject(new Error('only reads are answered')),
    call: <F extends Fields, B>(operation: SingleOperation<F, B>, given: Params<F>) => {
      asked = given
      return Promise.resolve(operation.decode(body))
    },
    signal: new AbortController().signal,
    progress: () => undefined,
  }
  return { caller, asked: () => asked }
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
