/** Flows whose accounts share a Redis that goes away. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import type { Node, NodeAPI } from 'node-red'
import type { AccountNode } from '../../src/nodes/accounts/account-node'
import { leaseAccountStore } from '../../src/nodes/stores/account-store'
import { mostInAnyWindow } from '../lib/limiter/workload'
import { startSimulator, type Simulator } from '../simulator'
import { needsRedis, RedisServer } from '../lib/store/redis-server'
import { until } from '../until'
import { accountsOn, load, unload, type Flow, type FlowMessage } from './harness'

helper.init(require.resolve('node-red'))

const STORE = { id: 'shared', type: 'sensor-cloud-store', name: '', kind: 'redis' }
const PER_SECOND = 9
/** Level of the log. */
const ERROR = 20

describe('flows whose Redis is away', () => {
  needsRedis()
  let folder: string
  let redis: RedisServer
  let simulator: Simulator
  let flow: Flow
  let sender: Node
  /** Those of the node that sends readings. */
  let statuses: { fill?: string; shape?: string; text?: string }[]
  const sent: FlowMessage[] = []

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sensor-clouds-away-'))
    redis = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always')
    simulator = await startSimulator({ limits: { senquipPerSecond: false } })
    flow = await start()
    sender = helper.getNode('send')
    statuses = []
    const show = sender.status.bind(sender)
    sender.status = (status) => {
      statuses.push(status as (typeof statuses)[number])
      show(status)
    }
    sent.length = 0
    helper.getNode('sent').on('input', (message) => void sent.push(message as FlowMessage))
  })
  afterEach(async () => {
    await unload()
    await simulator.close()
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A get data node, and a send reading node with an account of another vendor. */
  const start = (): Promise<Flow> => {
    const { sensocan } = accountsOn(simulator)
    return load({
      simulator,
      vendor: 'senquip',
      operation: 'request',
      params: { path: { type: 'msg', value: 'path' } },
      node: { output: 'body' },
      account: { store: STORE.id },
      stores: leaseAccountStore,
      nodes: [(RED: NodeAPI) => void (RED.settings.userDir = folder)],
      more: [
        { ...STORE, url: redis.url },
        { id: 'device', type: 'sensocan-device', name: 'Device', ...sensocan.settings, store: STORE.id },
        { id: 'send', z: 'tab', type: 'sensor-cloud-send-reading', vendor: 'sensocan', accountSensocan: 'device', operation: 'auto', params: {}, wires: [['sent']] },
        { id: 'sent', z: 'tab', type: 'helper' },
      ],
      moreCredentials: { device: sensocan.credentials },
    })
  }
  const send = (value: number): void => sender.receive({ payload: { sensorSlug: 'temp_01', value } })
  const get = (index: number) => flow.run({ path: `/devices?list=${index}` })
  /** Of the requests that were let go for a second; half of it is for what a busy machine reads late. */
  const mostAtOnce = (): number => mostInAnyWindow(simulator.requests.map(({ at }) => at), 500)
  const stored = (): number[] => simulator.state.sensocan.readings.map(({ value }) => value)

  it('reads fail with one sentence, readings are kept, and all goes on by itself', async () => {
    assert.equal((await get(0)).out.length, 1, 'it works at first')
    send(1)
    await until(() => stored().length === 1, 'a reading is sent')
    await redis.kill()
    const before = simulator.requests.length
    for (let index = 1; index <= 3; index += 1) {
      const { caught, out } = await get(index)
      assert.equal(out.length, 0)
      assert.equal(caught[0]?.error?.code, 'NETWORK')
      assert.match(
        caught[0].error.message,
        /^Senquip, Any request: the store that shares the limits of the account is unreachable, so no request is sent: the Redis store at redis:\/\/127\.0\.0\.1:\d+ cannot be reached \([^()]+\); check that it runs and its URL in the store$/,
      )
    }
    const last = flow.statuses.at(-1)
    assert.deepEqual([last?.fill, last?.shape], ['red', 'ring'], 'the status of get data shows it')
    for (let value = 2; value <= 6; value += 1) send(value)
    await until(() => statuses.some(({ fill, shape, text }) => fill === 'red' && shape === 'ring' && /^store cannot be used · status\.outbox$/.test(text ?? '')), 'the status of send reading shows it')
    const outbox = () => (helper.getNode('device') as AccountNode).outbox()?.state()
    await until(async () => (await outbox())?.depth === 5, 'how many wait is known')
    const failure = (await outbox())?.failure
    assert.match(failure?.message ?? '', /the Redis store at \S+ cannot be reached/)
    assert.equal(simulator.requests.length, before, 'nothing is sent while the limits are not known')
    assert.equal(sent.length, 1, 'those that wait have neither failed nor been sent')
    await redis.restart()
    await until(() => stored().length === 6, 'what was kept is sent')
    assert.deepEqual(stored(), [1, 2, 3, 4, 5, 6], 'each once, in order')
    await until(() => sent.length === 6, 'their messages go on')
    const errors = flow.log.flat().filter((entry) => (entry as { id?: string; level: number }).id === 'send' && (entry as { level: number }).level === ERROR)
    assert.deepEqual(errors, [], 'none has failed')
    await until(() => statuses.at(-1)?.fill === 'green', 'the status of send reading is green again')
    assert.equal((await get(4)).out.length, 1, 'reads go on too')
  }).timeout(60_000)

  it('the limit holds before and after', async () => {
    const answers: FlowMessage[] = []
    helper.getNode('out').on('input', (message) => void answers.push(message as FlowMessage))
    const burst = (name: string): void => {
      for (let index = 0; index < 2 * PER_SECOND; index += 1) flow.node.receive({ path: `/devices?list=${name}${index}` })
    }
    burst('before')
    await until(() => answers.length === 2 * PER_SECOND, 'the first are answered')
    assert.equal(mostAtOnce(), PER_SECOND, 'the limit was exceeded before')
    await redis.kill()
    await get(0)
    await redis.restart()
    await until(async () => (await get(1)).out.length === 1, 'reads go on by themselves')
    const answered = answers.length
    burst('after')
    await until(() => answers.length === answered + 2 * PER_SECOND, 'the others are answered')
    assert.equal(mostAtOnce(), PER_SECOND, 'the limit was exceeded')
  }).timeout(60_000)
})
