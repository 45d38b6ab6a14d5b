/** A flow on a real file system that is full. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import type { NodeAPI } from 'node-red'
import type { AccountNode } from '../../../src/nodes/accounts/account-node'
import { leaseAccountStore } from '../../../src/nodes/stores/account-store'
import { load, unload, type Flow, type FlowMessage } from '../../nodes/harness'
import { startSimulator, type Simulator } from '../../simulator'
import { pause, until } from '../../until'

helper.init(require.resolve('node-red'))

const READINGS = 50
/** Bytes that are left of the disk: enough for some messages, not for all. */
const ROOM = 60_000
const MESSAGES = 30

/** Readings of one message; each value is another one. */
const readings = (message: number): object[] =>
  Array.from({ length: READINGS }, (_, index) => ({ sensorSlug: 'temp_01', value: message * READINGS + index }))
const valuesOf = (messages: readonly number[]): number[] => messages.flatMap((message) => Array.from({ length: READINGS }, (_, index) => message * READINGS + index))

describe('a flow on a full disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sensor-clouds-full-'))
  const filler = join(folder, 'filler')
  let mounted = false
  let simulator: Simulator

  before(function () {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
      mounted = true
    } catch {
      console.log('      skipped: this process may not mount a small file system; run it as root on Linux')
      this.skip()
    }
  })
  after(() => {
    if (mounted) execFileSync('umount', [folder])
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  const start = (): Promise<Flow> => {
    const setUserDir = (RED: NodeAPI): void => void (RED.settings.userDir = folder)
    return load({ simulator, vendor: 'sensocan', verb: 'send-reading', operation: 'auto', stores: leaseAccountStore, nodes: [setUserDir] })
  }
  /** Leaves so many bytes free. */
  const fill = (left: number): void => {
    const { bavail, bsize } = statfsSync(folder)
    writeFileSync(filler, Buffer.alloc(bavail * bsize - left))
  }
  /** Readings that wait. */
  const depth = async (): Promise<number> => (await (helper.getNode('account') as AccountNode).outbox()?.state())?.depth ?? NaN
  const stored = (): number[] => simulator.state.sensocan.readings.map(({ value }) => value)

  it('tells which readings were not kept and why, loses none of the others, and goes on when there is room', async () => {
    const end = simulator.faults.always({ status: 503 })
    const flow = await start()
    const [out, caught]: FlowMessage[][] = [[], []]
    helper.getNode('out').on('input', (message) => void out!.push(message as FlowMessage))
    helper.getNode('caught').on('input', (message) => void caught!.push(message as FlowMessage))
    flow.node.receive({ topic: '0', payload: readings(0) })
    await until(() => simulator.requests.length > 0, 'the first is kept, and the cloud is away')
    fill(ROOM)
    const ofDisk = Array.from({ length: MESSAGES - 2 }, (_, index) => index + 1)
    for (const message of ofDisk) flow.node.receive({ topic: String(message), payload: readings(message) })
    await until(async () => (await depth()) / READINGS + caught!.length === 1 + ofDisk.length, 'each is kept or refused')
    const refused = caught!.map(({ topic }) => Number(topic))
    assert.ok(refused.length < ofDisk.length, 'none was kept')
    for (const { error } of caught!) {
      assert.equal(error?.code, 'NETWORK')
      assert.match(error.message, /^SensoCAN, Readings \(automatic request\): the outbox cannot be used: the store in \S+ cannot be used \(ENOSPC\): the disk is full; make room$/)
    }
    rmSync(filler)
    flow.node.receive({ topic: String(MESSAGES - 1), payload: readings(MESSAGES - 1) })
    end()
    const kept = [0, ...ofDisk.filter((message) => !refused.includes(message)), MESSAGES - 1]
    await until(() => out!.length === kept.length, 'all that were kept are sent')
    assert.deepEqual(stored(), valuesOf(kept), 'each once, in order, and none that was refused')
    assert.equal(caught!.length, refused.length, 'nothing fails any more')
  }).timeout(60_000)

  it('delivers what waits while there is no room at all, and notes it when there is', async () => {
    const end = simulator.faults.always({ status: 503 })
    const flow = await start()
    for (const message of [0, 1, 2]) flow.node.receive({ topic: String(message), payload: readings(message) })
    await until(async () => simulator.requests.length > 0 && (await depth()) === 3 * READINGS, 'they are kept, and the cloud is away')
    fill(0)
    end()
    await until(() => stored().length > 0, 'they are sent')
    await pause(1_500)
    rmSync(filler)
    flow.node.receive({ topic: '3', payload: readings(3) })
    await until(() => stored().length >= 4 * READINGS, 'it goes on')
    await unload()
    await start()
    await until(async () => (await depth()) === 0, 'nothing waits')
    assert.deepEqual(stored(), valuesOf([0, 1, 2, 3]), 'each once, in order, also after a restart')
  }).timeout(60_000)
})
