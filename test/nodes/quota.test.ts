import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import sinon from 'sinon'
import { localTime } from '../../src/lib/base/time'
import { startSimulator, type Simulator } from '../simulator'
import { SimpleStore } from '../lib/store/simple-store'
import { until } from '../until'
import { load, unload } from './harness'

helper.init(require.resolve('node-red'))

/** When the tests look at it. */
const NOON = localTime(Date.UTC(2026, 2, 10, 12), Date.UTC(2026, 2, 10, 12))

describe('a day that is nearly spent', () => {
  let simulator: Simulator
  beforeEach(async () => {
    // A day does not end while it is looked at.
    sinon.useFakeTimers({ now: Date.UTC(2026, 2, 10, 12), toFake: ['Date'] })
    simulator = await startSimulator()
  })
  afterEach(async () => {
    await unload()
    await simulator.close()
    sinon.restore()
  })

  /** The last status after a read, when so many requests of the day were used before. */
  async function statusAfter(used: number): Promise<unknown> {
    const store = new SimpleStore()
    const setup = { simulator, vendor: 'senquip', operation: 'list-devices', store } as const
    await (await load(setup)).run()
    await unload()
    const [key] = [...store.texts.keys()].filter((name) => name.startsWith('counts:'))
    assert.ok(key)
    const [today] = JSON.parse(store.texts.get(key) ?? '') as { start: number; used: number }[]
    store.texts.set(key, JSON.stringify([{ ...today, used }]))
    const flow = await load(setup)
    await flow.run()
    await until(() => flow.statuses.at(-1)?.fill !== 'blue', 'the status of the end')
    return flow.statuses.at(-1)
  }

  it('is said in the status, beside what came', async () => {
    assert.deepEqual(await statusAfter(7199), { fill: 'yellow', shape: 'dot', text: `status.items · ${NOON} · daily limit 80 % used` })
  })

  it('is not before that', async () => {
    assert.deepEqual(await statusAfter(7000), { fill: 'green', shape: 'dot', text: `status.items · ${NOON}` })
  })
})
