/** Send reading on a real store: when readings are synced to the disk. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import type { NodeAPI } from 'node-red'
import sinon from 'sinon'
import { openEmbedded } from '../../src/lib/store/embedded/embedded-store'
import { leaseAccountStore } from '../../src/nodes/stores/account-store'
import { handlePrototype, SyncWatch } from '../lib/store/power-cuts'
import { startSimulator, type Simulator } from '../simulator'
import { until } from '../until'
import { load, unload, type Flow, type FlowMessage } from './harness'

helper.init(require.resolve('node-red'))

const QUEUE = join('queues', 'account')

describe('send reading with a sync window', () => {
  let prototype: FileHandle
  let userDir: string
  let simulator: Simulator
  let watch: SyncWatch
  before(async () => {
    prototype = await handlePrototype()
  })
  beforeEach(async () => {
    userDir = await mkdtemp(join(tmpdir(), 'sync-window-'))
    simulator = await startSimulator()
    watch = new SyncWatch(prototype, join(userDir, 'sensor-clouds', QUEUE), join(userDir, 'links'))
  })
  afterEach(async () => {
    sinon.restore()
    await unload()
    await simulator.close()
    await rm(userDir, { recursive: true })
  })

  const start = (node: object): Promise<Flow> => {
    const setUserDir = (RED: NodeAPI): void => void (RED.settings.userDir = userDir)
    return load({ simulator, vendor: 'sensocan', verb: 'send-reading', operation: 'auto', stores: leaseAccountStore, node: { batchWindow: '0', ...node }, nodes: [setUserDir] })
  }
  const stored = (): number[] => simulator.state.sensocan.readings.map(({ value }) => value)
  /** Sends readings one after another. */
  async function send(flow: Flow, values: readonly number[]): Promise<void> {
    const out: FlowMessage[] = []
    helper.getNode('out').on('input', (message) => void out.push(message as FlowMessage))
    for (const [index, value] of values.entries()) {
      flow.node.receive({ payload: { sensorSlug: 'temp_01', value } })
      await until(() => out.length > index, `reading ${value} is sent`)
    }
  }
  /** What the next process finds after a power cut that leaves nothing but what was synced. */
  async function afterPowerCut(): Promise<unknown[]> {
    const folder = join(userDir, 'next')
    watch.cutTo(join(folder, QUEUE), () => 0)
    sinon.restore()
    const store = await openEmbedded(folder)
    const entries = await (await store.queue('account')).take(100)
    await store.close()
    return entries.map(({ text }) => (JSON.parse(text) as { reading: { value: number } }).reading.value)
  }

  it('of 0, as by default, has each reading on the disk before it is sent', async () => {
    const flow = await start({})
    await send(flow, [1, 2, 3])
    assert.equal(watch.syncs, 3)
  })

  it('sends readings before they are synced', async () => {
    const flow = await start({ syncWindow: '3600' })
    await send(flow, [1, 2, 3])
    assert.deepEqual(stored(), [1, 2, 3])
    assert.equal(watch.syncs, 0)
  })

  it('has what waits on the disk when Node-RED has closed', async () => {
    const end = simulator.faults.always({ status: 503 })
    const flow = await start({ syncWindow: '3600' })
    flow.node.receive({ payload: { sensorSlug: 'temp_01', value: 7 } })
    await until(() => simulator.requests.length > 0, 'it is tried')
    assert.equal(watch.syncs, 0)
    await unload()
    end()
    assert.deepEqual(await afterPowerCut(), [7])
  })

  it('syncs within the window', async () => {
    simulator.faults.always({ status: 503 })
    const flow = await start({ syncWindow: '0.2' })
    for (const value of [7, 8]) flow.node.receive({ payload: { sensorSlug: 'temp_01', value } })
    await until(() => watch.syncs > 0, 'it syncs')
    await watch.ended()
    assert.deepEqual(await afterPowerCut(), [7, 8])
  })
})
