/** Who gets the overview, and when. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { LiveOverview } from '../../src/nodes/admin/live-overview'
import type { NodeRow, OverviewChange, OverviewRow } from '../../src/nodes/runtime/overview'
import { FakeClock, settle } from '../lib/fake-clock'
import { startSimulator } from '../simulator'
import { deploy, PERMISSIONS, post } from './admin'
import { WatchingEditor } from './overview'

helper.init(require.resolve('node-red'))

const row = (id: string, text: string): NodeRow => ({ kind: 'node', id, shownId: id, type: 'get data', name: id, account: 'account', text, at: 0, problems: [] })

describe('the live overview', () => {
  let clock: FakeClock
  let rows: OverviewRow[]
  let collected: number
  let sent: { change: OverviewChange; session: string }[]
  let live: LiveOverview
  beforeEach(() => {
    clock = new FakeClock()
    rows = [row('one', 'ok'), row('two', 'ok')]
    collected = 0
    sent = []
    const collect = (): Promise<OverviewRow[]> => {
      collected += 1
      return Promise.resolve(rows)
    }
    live = new LiveOverview(collect, (change, session) => void sent.push({ change, session }), clock)
  })
  const watch = async (session: string): Promise<void> => {
    live.heard({ session, data: live.ticket() })
    await settle()
  }
  const idsOf = ({ change }: { change: OverviewChange }): string[] => change.rows.map(({ id }) => id)

  it('is neither collected nor sent while no editor watches', async () => {
    await clock.advance(60_000)
    assert.deepEqual([collected, sent.length, clock.pending], [0, 0, 0])
  })

  it('gives a new editor all rows, then only what changes, once a second at most', async () => {
    await watch('a')
    assert.deepEqual(sent.map(({ change, session }) => [session, change.isWhole, change.rows.length]), [['a', true, 2]])
    await clock.advance(5000)
    assert.equal(sent.length, 1, 'nothing has changed')
    for (let time = 0; time < 20; time += 1) {
      rows = [row('one', `ok ${time}`), row('two', 'ok')]
      await clock.advance(100)
    }
    assert.equal(sent.length, 3)
    assert.deepEqual(sent.slice(1).map(idsOf), [['one'], ['one']])
    rows = [row('one', 'ok 19')]
    await clock.advance(1000)
    assert.deepEqual(sent.at(-1)?.change, { isWhole: false, rows: [], gone: ['two'] })
  })

  it('serves several editors, and ends with the last one', async () => {
    await watch('a')
    await watch('b')
    assert.deepEqual(sent.map(({ change, session }) => [session, change.isWhole]), [['a', true], ['b', true]])
    rows = [row('one', 'new'), row('two', 'ok')]
    await clock.advance(1000)
    assert.deepEqual(sent.slice(2).map((one) => [one.session, idsOf(one)]), [['a', ['one']], ['b', ['one']]])
    live.heard({ session: 'a', data: '' })
    live.left({ session: 'b' })
    const before = collected
    await clock.advance(60_000)
    assert.deepEqual([collected, clock.pending], [before, 0])
    await watch('a')
    assert.equal(sent.at(-1)?.change.isWhole, true, 'who comes back gets all')
  })

  it('takes a ticket once, for a minute, and nothing else', async () => {
    for (const data of ['guess', '', undefined, {}, 7]) live.heard({ session: 'x', data })
    const ticket = live.ticket()
    live.heard({ session: 'a', data: ticket })
    live.heard({ session: 'x', data: ticket })
    const old = live.ticket()
    await clock.advance(61_000)
    live.heard({ session: 'y', data: old })
    await settle()
    assert.deepEqual([...new Set(sent.map(({ session }) => session))], ['a'])
  })

  it('goes on after a round that failed', async () => {
    let fails = true
    const failing = new LiveOverview(() => (fails ? Promise.reject(new Error('being deployed')) : Promise.resolve(rows)), (change, session) => void sent.push({ change, session }), clock)
    failing.heard({ session: 'a', data: failing.ticket() })
    await clock.advance(1000)
    assert.equal(sent.length, 0)
    fails = false
    await clock.advance(1000)
    assert.equal(sent[0]?.change.isWhole, true)
  })
})

describe('the route of the live overview', () => {
  it('asks for the permission to read flows, and wants JSON', async () => {
    const simulator = await startSimulator()
    try {
      await deploy(simulator, [{ id: 'account', vendor: 'sensorist' }])
      assert.ok(PERMISSIONS.includes('flows.read'))
      assert.equal((await helper.request().post('/sensor-clouds/watching').type('form').send({ x: '1' })).status, 415)
      const { json, status } = await post('watching', {})
      assert.deepEqual([status, typeof json?.ticket], [200, 'string'])
      const editor = await WatchingEditor.open()
      assert.equal(editor.account().state, 'unused')
      editor.close()
    } finally {
      await helper.unload()
      await simulator.close()
    }
  })
})
