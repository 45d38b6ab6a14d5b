/** The traced process of the bench of writes: one flow in a Node-RED, whose clock may run faster than real time. */
import helper from 'node-red-node-test-helper'
import type { NodeAPI } from 'node-red'
import { systemClock } from '../../src/lib/base/clock'
import type { Verb } from '../../src/lib/vocabulary/operation'
import { leaseAccountStore } from '../../src/nodes/stores/account-store'
import { load, unload, type Flow, type VendorId } from '../nodes/harness'
import type { Simulator } from '../simulator'
import { pause, until } from '../until'

export interface ChildFlow {
  verb: Verb
  vendor: VendorId
  operation: string
  params?: Record<string, unknown>
  node?: Record<string, unknown>
  /** Ms of its clock between two messages; none come when it is 0. */
  every: number
  /** How many times as fast as real time its clock runs. */
  speed: number
}

export interface ChildSettings extends ChildFlow {
  userDir: string
  /** Real ms. */
  duration: number
  simulator: Pick<Simulator, 'urls' | 'credentials'>
}

/** What came of it; times are real epoch ms. */
export interface ChildResult {
  begin: number
  end: number
  messages: number
  errors: number
}

const realNow = Date.now

function hurry(speed: number): void {
  const { bootTime, clearTimeout, setTimeout } = systemClock
  const start = realNow()
  Date.now = () => Math.floor(start + (realNow() - start) * speed)
  Object.assign(systemClock, {
    monotonic: () => performance.now() * speed,
    bootTime: () => {
      const { boot, running, uptime } = bootTime()
      return { boot, running: running * speed, uptime: uptime * speed }
    },
    setTimeout: (callback: () => void, ms: number) => setTimeout(callback, ms / speed),
    clearTimeout,
  })
}

/** Sends messages at the times of their clock, without waiting for their ends. */
async function feed(flow: Flow, { every, speed, duration }: ChildSettings, from: number): Promise<number> {
  const interval = every / speed
  const count = every === 0 ? 0 : Math.floor(duration / interval)
  for (let index = 0; index < count; index += 1) {
    await pause(from + index * interval - realNow())
    flow.node.receive({ payload: { sensorSlug: 'temp_01', value: index } })
  }
  await pause(from + duration - realNow())
  return count
}

async function run(settings: ChildSettings): Promise<ChildResult> {
  const { userDir, simulator, speed, every, ...setup } = settings
  helper.init(require.resolve('node-red'))
  const setUserDir = (RED: NodeAPI): void => void (RED.settings.userDir = userDir)
  // Ms of its clock, so that a slow moment of this machine is no timeout.
  const account = { timeout: String(10_000 * speed) }
  hurry(speed)
  const flow = await load({ ...setup, simulator: simulator as Simulator, account, stores: leaseAccountStore, nodes: [setUserDir] })
  const ended = { out: 0, caught: 0 }
  helper.getNode('out').on('input', () => void (ended.out += 1))
  helper.getNode('caught').on('input', () => void (ended.caught += 1))
  if (every > 0) {
    // The first message makes what later ones only use: folders, a token, a count.
    flow.node.receive({ payload: { sensorSlug: 'temp_01', value: 0 } })
    await until(() => ended.out + ended.caught > 0, 'the first message ends')
  }
  // What the start and the first message have written is synced then.
  await pause(Math.max(1000, 12_000 / speed))
  const begin = realNow()
  const messages = await feed(flow, settings, begin)
  const end = realNow()
  await unload()
  return { begin, end, messages, errors: ended.caught }
}

async function main(): Promise<void> {
  const result = await run(JSON.parse(process.argv[2] ?? '{}') as ChildSettings)
  process.stdout.write(`\n${JSON.stringify(result)}\n`)
}

void main()
