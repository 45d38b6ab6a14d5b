import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import type { NodeAPI } from 'node-red'
import sinon from 'sinon'
import { serveCursorReset } from '../../src/nodes/admin/endpoints'
import { until } from '../until'
import { redeploy, unload } from './harness'
import { temperatures, World } from './since-last'

helper.init(require.resolve('node-red'))

describe('forgetting what was read', () => {
  let world: World
  beforeEach(() => {
    world = new World()
    return world.open()
  })
  afterEach(() => world.close())

  const reset = (node: string) => helper.request().post(`/sensor-clouds/cursor/${node}/reset`)

  it('forgets what it has read when the editor asks for it', async () => {
    world.message(1, 2000)
    const flow = await world.deploy()
    await flow.run()
    assert.equal(world.cursors().length, 2, 'a source and the list of them')
    const reply = await reset('action').send({})
    assert.deepEqual([reply.status, JSON.parse(reply.text)], [200, { forgotten: 1 }])
    assert.deepEqual(world.cursors(), [])
    assert.deepEqual(temperatures((await flow.run()).out), [1])
    sinon.stub(world.store, 'delete').rejects(new Error('the disk is read-only'))
    assert.deepEqual(JSON.parse((await reset('action').send({})).text), { error: { message: 'the disk is read-only' } })
    assert.deepEqual([(await reset('account').send({})).status, (await reset('nobody').send({})).status], [404, 404])
    assert.equal((await reset('action').type('form').send({ a: '1' })).status, 415)
  })

  it('asks for the permission to deploy', () => {
    // The route is made once for an admin application, so one of its own is watched.
    const post = sinon.spy()
    const needsPermission = sinon.stub().returns('a guard')
    const RED = { httpAdmin: { post }, auth: { needsPermission }, nodes: {} } as unknown as NodeAPI
    serveCursorReset(RED)
    serveCursorReset(RED)
    assert.deepEqual(needsPermission.args, [['flows.write']])
    assert.deepEqual(post.args.map(([path, guard]) => [path, guard] as unknown[]), [['/sensor-clouds/cursor/:node/reset', 'a guard']])
  })

  it('does not note what a read under way comes to when it is reset meanwhile', async () => {
    world.message(1, 2000)
    const flow = await world.deploy()
    world.simulator.faults.always({ delay: 500 })
    const asked = world.simulator.requests.length
    const run = flow.run()
    await until(() => world.simulator.requests.length > asked)
    await (flow.node as unknown as { resetCursors(): Promise<number> }).resetCursors()
    assert.deepEqual(temperatures((await run).out), [1])
    assert.deepEqual(world.cursors(), [])
  })

  it('forgets what a deleted node has read, and keeps what one has that is deployed anew or disabled', async () => {
    world.message(1)
    const flow = await world.deploy()
    await flow.run()
    await unload()
    assert.equal(world.cursors().length, 2)
    await world.deploy()
    const tab = { id: 'tab', type: 'tab', label: 'test' }
    await redeploy([tab, { id: 'action', z: 'tab', type: 'sensor-cloud-get-data', sinceLast: true, d: true, wires: [] }], 'full')
    assert.equal(world.cursors().length, 2, 'a disabled node may be enabled again')
    await unload()
    await world.deploy()
    await redeploy([tab], 'full')
    assert.deepEqual(world.cursors(), [])
  })
})
