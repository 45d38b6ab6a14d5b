import assert from 'node:assert/strict'
import { pause, until } from '../../until'
import { drain, failsWith, LIMIT, RedisRig, textsOf } from './redis-rig'
import { Relay } from './relay'

describe('a store in Redis', () => {
  const rig = new RedisRig()

  describe('values', () => {
    it('are shared, and forgotten after their lifetime', async () => {
      const [one, other] = [await rig.open(), await rig.open()]
      await one.set('key {1}', 'ä "text"')
      await one.set('short', 'x', 500)
      await one.set('long', 'x', 600_000)
      assert.equal(await other.get('key {1}'), 'ä "text"')
      await until(async () => (await other.get('short')) === undefined, 'the short one is forgotten')
      assert.equal(await other.get('long'), 'x')
      await other.delete('key {1}')
      assert.equal(await one.get('key {1}'), undefined)
      await one.set('never', 'x', 0)
      assert.equal(await one.get('never'), undefined)
    })
  })

  describe('queues', () => {
    it('give what was appended in its order, with ids that ascend as texts', async () => {
      const store = await rig.open()
      const name = rig.newName()
      const queue = await store.queue(name)
      assert.equal(await store.queue(name), queue, 'the same object for every caller')
      const texts = Array.from({ length: 25 }, (_item, index) => `text ${index}`)
      const before = Date.now()
      await queue.append(texts.slice(0, 12), LIMIT)
      await Promise.all(texts.slice(12).map((text) => queue.append([text], LIMIT)))
      const entries = await queue.take(100)
      assert.deepEqual(textsOf(entries), texts)
      const ids = entries.map(({ id }) => id)
      assert.deepEqual(ids, [...ids].sort())
      assert.equal(new Set(ids).size, 25)
      assert.ok(entries[0]!.at >= before - 1 && entries[0]!.at <= Date.now() + 1, 'at is epoch ms')
      assert.deepEqual(await queue.state(), { depth: 25, done: 0, oldest: entries[0]!.at })
      await queue.done(ids)
      assert.equal((await queue.state()).depth, 0)
    })

    it('append all or none', async () => {
      const queue = await (await rig.open()).queue(rig.newName())
      await queue.append(['a', 'b'], 3)
      await assert.rejects(queue.append(['c', 'd'], 3), failsWith('FULL', /3 entries/))
      await queue.append(['e'], 3)
      assert.deepEqual(await drain(queue), ['a', 'b', 'e'])
    })

    it('give what was released again, before what is newer', async () => {
      const queue = await (await rig.open()).queue(rig.newName())
      await queue.append(['a', 'b', 'c', 'd', 'e'], LIMIT)
      const [a, b, c] = await queue.take(3)
      await queue.release([c!.id, a!.id])
      assert.deepEqual(textsOf(await queue.take(3)), ['a', 'c', 'd'])
      await queue.release([b!.id])
      assert.deepEqual(textsOf(await queue.take(3)), ['b', 'e'])
    })

    it('forget all at once', async () => {
      const queue = await (await rig.open()).queue(rig.newName())
      await queue.append(['a', 'b', 'c'], LIMIT)
      const held = await queue.take(1)
      assert.equal(await queue.clear(), 3)
      assert.deepEqual(await queue.take(3), [])
      await queue.append(['d'], LIMIT)
      await queue.release(held.map(({ id }) => id))
      assert.deepEqual(await drain(queue), ['d'])
    })

    it('hold more than one script can move', async () => {
      const queue = await (await rig.open()).queue(rig.newName())
      const texts = Array.from({ length: 9000 }, (_item, index) => String(index))
      await queue.append(texts, 10_000)
      const ids: string[] = []
      for (let entries = await queue.take(5000); entries.length > 0; entries = await queue.take(5000)) ids.push(...entries.map(({ id }) => id))
      assert.equal(ids.length, 9000)
      await queue.release(ids)
      assert.deepEqual(textsOf(await queue.take(2)), ['0', '1'])
      await queue.done(ids)
      assert.equal((await queue.state()).depth, 0)
    })
  })

  describe('several processes', () => {
    it('serve a queue one at a time, and another as soon as nothing is held', async () => {
      const name = rig.newName()
      const [one, other] = [await (await rig.open()).queue(name), await (await rig.open()).queue(name)]
      await one.append(['a', 'b', 'c'], LIMIT)
      const held = await one.take(1)
      assert.deepEqual(await other.take(5), [], 'another process serves it')
      await one.release(held.map(({ id }) => id))
      assert.deepEqual(textsOf(await other.take(5)), ['a', 'b', 'c'])
      assert.deepEqual(await one.take(5), [])
    })

    it('hold a queue for longer than the lease', async () => {
      const name = rig.newName()
      const [one, other] = [await (await rig.open({ lease: 3_000 })).queue(name), await (await rig.open({ lease: 3_000 })).queue(name)]
      await one.append(['a', 'b'], LIMIT)
      const held = await one.take(1)
      await pause(4_500)
      assert.deepEqual(await other.take(5), [], 'the lease is renewed')
      await one.done(held.map(({ id }) => id))
      assert.deepEqual(textsOf(await other.take(5)), ['b'])
    })

    it('take over what a crashed one held, oldest first', async () => {
      const name = rig.newName()
      const relay = await Relay.to(rig.server.port)
      const crashing = await (await rig.open({ url: relay.url, lease: 4_000 })).queue(name)
      const other = await (await rig.open({ lease: 4_000 })).queue(name)
      await crashing.append(['a', 'b', 'c', 'd'], LIMIT)
      const [, b] = await crashing.take(3)
      await crashing.release([b!.id])
      await relay.cut()
      assert.deepEqual(await other.take(5), [], 'the lease lasts')
      let taken: string[] = []
      await until(async () => (taken = textsOf(await other.take(5))).length > 0, 'the queue is taken over when the lease is over')
      assert.deepEqual(taken, ['a', 'b', 'c', 'd'])
    })

    it('can tell what others have done from what Redis has lost', async () => {
      const [one, other] = [await rig.open(), await rig.open()]
      const name = rig.newName()
      const [queue, served] = [await one.queue(name), await other.queue(name)]
      assert.equal((await queue.state()).done, 0)
      const at = await queue.append(['a'], LIMIT)
      assert.deepEqual(await drain(served), ['a'])
      assert.equal((await queue.state()).done, at)
      await pause(5)
      const later = await queue.append(['b'], LIMIT)
      await served.clear()
      assert.ok((await queue.state()).done! < later, 'what was cleared was not done')
    })

    it('one that lost its lease takes nothing away from the next', async () => {
      const name = rig.newName()
      const relay = await Relay.to(rig.server.port)
      const slowStore = await rig.open({ url: relay.url, lease: 200 })
      const slow = await slowStore.queue(name)
      const other = await (await rig.open({ lease: 60_000 })).queue(name)
      await slow.append(['a', 'b', 'c'], LIMIT)
      const held = await slow.take(2)
      await relay.cut()
      await until(async () => (await other.take(1)).length > 0, 'the queue is taken over')
      await relay.mend()
      await rig.recovers(slowStore)
      await slow.release(held.map(({ id }) => id))
      await pause(300)
      assert.deepEqual(await slow.take(5), [], 'the other one serves')
      assert.deepEqual(textsOf(await other.take(5)), ['b', 'c'], 'what it holds was not taken away')
      await relay.cut()
    })
  })
})
