import assert from 'node:assert/strict'
import { drain, failsWith, LIMIT, PATIENCE, RedisRig, textsOf } from './redis-rig'
import { Relay } from './relay'
import { SimpleStore } from './simple-store'

/** Ms for calls that are not answered. */
const TIMEOUT = 3_000

describe('a store while Redis is away', () => {
  const rig = new RedisRig('--appendonly', 'yes', '--appendfsync', 'always')

  afterEach(async () => {
    await rig.server.kill()
    await rig.server.restart()
  })

  it('calls fail soon with what to do, and readings wait on the disk, in order', async () => {
    const store = await rig.open()
    const queue = await store.queue(rig.newName())
    await queue.append(['1', '2'], LIMIT)
    await rig.server.kill()
    const started = performance.now()
    await assert.rejects(store.get('key'), failsWith('UNAVAILABLE', /redis:\/\/127\.0\.0\.1:\d+ cannot be reached .*; check that it runs/))
    await assert.rejects(store.windows!.reserve('account', [{ name: 'w', limit: 1, length: 1 }], { hold: 0 }), failsWith('UNAVAILABLE'))
    await assert.rejects(queue.take(5), failsWith('UNAVAILABLE'))
    await queue.append(['3'], LIMIT)
    await queue.append(['4', '5'], LIMIT)
    assert.ok(performance.now() - started < PATIENCE, 'one has waited for an answer')
    assert.equal((await queue.state()).depth, 5, 'what Redis had when it was last seen counts')
    await rig.server.restart()
    await rig.recovers(store)
    await queue.append(['6'], LIMIT)
    assert.equal((await queue.state()).depth, 6)
    assert.deepEqual(await drain(queue), ['1', '2', '3', '4', '5', '6'])
    await queue.append(['7'], LIMIT)
    assert.equal((await (await rig.fallback.queue('other')).state()).depth, 0)
    assert.deepEqual(await drain(queue), ['7'])
    assert.equal(rig.reports.length, 2, rig.reports.join('\n'))
    assert.match(rig.reports[0]!, /cannot be reached/)
    assert.match(rig.reports[1]!, /can be reached again/)
  })

  it('one that answers nothing holds nobody up for long', async () => {
    const store = await rig.open({ timeout: TIMEOUT })
    const queue = await store.queue(rig.newName())
    rig.server.freeze()
    const started = performance.now()
    await assert.rejects(store.set('key', 'value'), failsWith('UNAVAILABLE', /does not respond/))
    await assert.rejects(store.get('key'), failsWith('UNAVAILABLE'))
    await queue.append(['a'], LIMIT)
    assert.ok(performance.now() - started < 2 * TIMEOUT, `only the first waits for an answer, but they took ${performance.now() - started} ms`)
    rig.server.thaw()
    await rig.recovers(store)
    assert.deepEqual(await drain(queue), ['a'])
    assert.equal(rig.reports.length, 2, rig.reports.join('\n'))
  })

  it('what was delivered meanwhile is not given again', async () => {
    const store = await rig.open()
    const queue = await store.queue(rig.newName())
    await queue.append(['a', 'b', 'c'], LIMIT)
    const [a, b] = await queue.take(2)
    await rig.server.kill()
    await queue.done([a!.id])
    await queue.release([b!.id])
    await rig.server.restart()
    await rig.recovers(store)
    assert.deepEqual(textsOf(await queue.take(5)), ['b', 'c'])
  })

  it('an append whose answer was lost is not lost', async () => {
    const relay = await Relay.to(rig.server.port)
    const store = await rig.open({ url: relay.url, timeout: TIMEOUT })
    const queue = await store.queue(rig.newName())
    await queue.append(['a'], LIMIT)
    relay.deafen()
    await queue.append(['b'], LIMIT)
    await relay.mend()
    await rig.recovers(store)
    await queue.append(['c'], LIMIT)
    assert.deepEqual(await drain(queue), ['a', 'b', 'b', 'c'], 'twice, as Redis had it')
    await relay.cut()
  })

  it('what waits on the disk is as old as it is, although Redis has newer entries of another process', async () => {
    const store = await rig.open()
    const name = rig.newName()
    const queue = await store.queue(name)
    const before = Date.now()
    await rig.server.kill()
    await queue.append(['a'], LIMIT)
    await rig.server.restart()
    await rig.recovers(store)
    const other = await rig.open({ fallback: new SimpleStore() })
    await (await other.queue(name)).append(['b'], LIMIT)
    const { depth, oldest } = await queue.state()
    assert.equal(depth, 2)
    const [a] = await (await rig.fallback.queue(name)).take(1)
    assert.ok(a && a.at >= before && oldest === a.at, 'the oldest is the one on the disk')
  })

  it('what was given in an answer that was lost is given again', async () => {
    const relay = await Relay.to(rig.server.port)
    const store = await rig.open({ url: relay.url, timeout: TIMEOUT })
    const queue = await store.queue(rig.newName())
    // Redis knows the script from here on.
    assert.deepEqual(await queue.take(1), [])
    await queue.append(['a', 'b', 'c'], LIMIT)
    relay.deafen()
    await assert.rejects(queue.take(2), failsWith('UNAVAILABLE'))
    await relay.mend()
    await rig.recovers(store)
    assert.deepEqual(await drain(queue), ['a', 'b', 'c'])
    await relay.cut()
  })

  it('opens all the same, and ends', async () => {
    await rig.server.kill()
    const store = await rig.open()
    assert.equal(rig.reports.length, 1)
    const queue = await store.queue('q')
    await queue.append(['a'], LIMIT)
    await store.close()
    await assert.rejects(store.get('key'), failsWith('CLOSED'))
    await assert.rejects(queue.append(['b'], LIMIT), failsWith('CLOSED'))
    assert.equal(rig.fallback.closed, false)
  })

  it('closes soon where nothing is answered', async () => {
    const store = await rig.open()
    rig.server.freeze()
    const pending = assert.rejects(store.get('key'), failsWith('CLOSED'))
    const started = performance.now()
    await store.close()
    await pending
    assert.ok(performance.now() - started < PATIENCE, 'it has waited for an answer')
  })
})
