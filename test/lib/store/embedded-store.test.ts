/** The store in files: what was promised is there after anything that can happen to a process or its files. */
import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded, type EmbeddedOptions } from '../../../src/lib/store/embedded/embedded-store'
import type { Queue, Store } from '../../../src/lib/store/store'
import { FakeClock, seededRandom } from '../fake-clock'

const texts = (from: number, count: number): string[] => Array.from({ length: count }, (_, index) => `reading ${from + index}`)
const LIMIT = 1_000_000

describe('the embedded store', () => {
  let folder: string
  let store: Store
  const open = (options: EmbeddedOptions = {}): Promise<Store> => openEmbedded(folder, options)
  const reopen = async (options: EmbeddedOptions = {}): Promise<void> => {
    await store.close()
    store = await open(options)
  }
  const contentOf = async (queue: Queue, count = 1000): Promise<string[]> => (await queue.take(count)).map(({ text }) => text)

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'store-')), 'sensor-clouds')
    store = await open()
  })

  afterEach(async () => {
    await store.close()
    await rm(join(folder, '..'), { recursive: true })
  })

  describe('its values', () => {
    it('are there after a restart, in their last form', async () => {
      await store.set('one', 'old')
      await store.set('one', 'new')
      await store.set('two', 'ä "quoted"\n')
      await store.set('gone', 'x')
      await store.delete('gone')
      await reopen()
      assert.deepEqual(await Promise.all(['one', 'two', 'gone', 'never'].map((key) => store.get(key))), ['new', 'ä "quoted"\n', undefined, undefined])
    })

    it('are forgotten when their time is over, before and after a restart', async () => {
      const clock = new FakeClock()
      await reopen({ clock })
      await store.set('token', 'secret', 1000)
      await clock.advance(999)
      assert.equal(await store.get('token'), 'secret')
      await clock.advance(1)
      assert.equal(await store.get('token'), undefined)
      await store.set('token', 'secret', 1000)
      await clock.advance(1000)
      await reopen({ clock })
      assert.equal(await store.get('token'), undefined)
    })

    it('do not let the log grow beyond a few times what they take', async () => {
      const value = 'x'.repeat(10_000)
      for (let round = 0; round < 100; round += 1) await Promise.all([store.set('cursor', `${value}${round}`), store.set(`key ${round % 3}`, String(round))])
      await reopen()
      assert.equal(await store.get('cursor'), `${value}99`)
      assert.deepEqual(await Promise.all(['key 0', 'key 1', 'key 2'].map((key) => store.get(key))), ['99', '97', '98'])
      const { size } = await stat(join(folder, 'values.log'))
      assert.ok(size < 600_000, `the log has ${size} bytes`)
    })

    it('change in the order of the calls also while the log is written anew', async () => {
      const large = 'x'.repeat(100_000)
      for (let round = 0; round < 3; round += 1) await store.set('large', large)
      const changes: Promise<void>[] = []
      for (let round = 0; round < 20; round += 1) {
        changes.push(store.set('large', large))
        await Promise.resolve()
        changes.push(store.set(`gone ${round}`, 'x'), store.delete(`gone ${round}`), store.set('last', String(round)))
        if (round % 3 === 0) await changes[round * 4]
      }
      await Promise.all(changes)
      await reopen()
      assert.deepEqual(await Promise.all(['last', ...Array.from({ length: 20 }, (_, round) => `gone ${round}`)].map((key) => store.get(key))), ['19', ...Array.from({ length: 20 }, () => undefined)])
    })

    it('are kept although they change while the log is written anew', async () => {
      const value = 'x'.repeat(2_000)
      const work: Promise<void>[] = []
      for (let index = 0; index < 1_000; index += 1) work.push(store.set(`key ${index % 50}`, `${value}${index}`))
      await Promise.all(work)
      await reopen()
      for (let key = 0; key < 50; key += 1) assert.equal(await store.get(`key ${key}`), `${value}${950 + key}`)
    })
  })

  describe('its queues', () => {
    it('give the oldest first, and each entry to one taker', async () => {
      const queue = await store.queue('a')
      await queue.append(texts(0, 3), LIMIT)
      await queue.append(texts(3, 2), LIMIT)
      assert.deepEqual(await contentOf(queue, 2), texts(0, 2))
      assert.deepEqual(await contentOf(queue), texts(2, 3))
      assert.deepEqual(await contentOf(queue), [])
    })

    it('give what was released again, in its old order', async () => {
      const queue = await store.queue('a')
      await queue.append(texts(0, 4), LIMIT)
      const [first, second] = await queue.take(2)
      await queue.release([second!.id, first!.id])
      assert.deepEqual(await contentOf(queue), texts(0, 4))
    })

    it('keep what is not done over a restart, held or not', async () => {
      const queue = await store.queue('a')
      await queue.append(texts(0, 5), LIMIT)
      const taken = await queue.take(3)
      await queue.done(taken.slice(0, 2).map(({ id }) => id))
      await reopen()
      assert.deepEqual(await contentOf(await store.queue('a')), texts(2, 3))
    })

    it('have ids that ascend as texts, also over a restart', async () => {
      const queue = await store.queue('a')
      await queue.append(texts(0, 12), LIMIT)
      const ids = (await queue.take(12)).map(({ id }) => id)
      await queue.done(ids)
      await reopen()
      await (await store.queue('a')).append(['later'], LIMIT)
      ids.push((await (await store.queue('a')).take(1))[0]!.id)
      assert.deepEqual([...ids].sort(), ids)
      assert.equal(new Set(ids).size, 13)
    })

    it('refuse what does not fit, all of it, also when much comes at once', async () => {
      const queue = await store.queue('a')
      await queue.append(texts(0, 8), 10)
      await assert.rejects(queue.append(texts(8, 3), 10), { code: 'FULL' })
      const outcomes = await Promise.allSettled(texts(8, 5).map((text) => queue.append([text], 10)))
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 2)
      assert.equal((await queue.state()).depth, 10)
    })

    it('tell their depth and the age of the oldest', async () => {
      const clock = new FakeClock()
      await reopen({ clock })
      const queue = await store.queue('a')
      assert.deepEqual(await queue.state(), { depth: 0 })
      const began = Math.floor(clock.now())
      await queue.append(['one'], LIMIT)
      await clock.advance(5000)
      await queue.append(['two'], LIMIT)
      assert.deepEqual(await queue.state(), { depth: 2, oldest: began })
    })

    it('are separate, and the same for each who asks', async () => {
      const [one, other] = await Promise.all([store.queue('one'), store.queue('Other / ../name')])
      await one.append(['of one'], LIMIT)
      assert.equal(await store.queue('one'), one)
      assert.equal((await other.state()).depth, 0)
    })

    it('are emptied, and say how much they held', async () => {
      const queue = await store.queue('a')
      await queue.append(texts(0, 7), LIMIT)
      await queue.take(2)
      assert.equal(await queue.clear(), 7)
      await reopen()
      assert.equal((await (await store.queue('a')).state()).depth, 0)
    })

    it('let go of files whose entries are done', async () => {
      await reopen({ segmentSize: 2_000 })
      const queue = await store.queue('a')
      for (let round = 0; round < 30; round += 1) {
        await queue.append(texts(round * 10, 10), LIMIT)
        await queue.done((await queue.take(10)).map(({ id }) => id))
      }
      const files = await readdir(join(folder, 'queues', 'a'))
      assert.ok(files.length <= 2, `${files.length} files are left`)
    })

    it('let go of no file that is still wanted, although several calls see the same one empty', async () => {
      await reopen({ segmentSize: 100 })
      const queue = await store.queue('a')
      const fills = 'x'.repeat(100)
      for (const texts of [['a', 'b', fills], [fills], ['d']]) await queue.append(texts, LIMIT)
      await Promise.all((await queue.take(3)).map(({ id }) => queue.done([id])))
      await reopen()
      assert.deepEqual(await contentOf(await store.queue('a')), [fills, 'd'])
    })

    it('do not grow for ever behind one entry that stays', async () => {
      await reopen({ segmentSize: 2_000 })
      const queue = await store.queue('a')
      await queue.append(['it stays'], LIMIT)
      const [stays] = await queue.take(1)
      for (let round = 0; round < 100; round += 1) {
        await queue.append(texts(round * 10, 10), LIMIT)
        await queue.done((await queue.take(10)).map(({ id }) => id))
      }
      const files = await readdir(join(folder, 'queues', 'a'))
      assert.ok(files.length <= 6, `${files.length} files are left`)
      await queue.release([stays!.id])
      assert.deepEqual(await contentOf(queue), ['it stays'])
      await reopen({ segmentSize: 2_000 })
      assert.deepEqual(await contentOf(await store.queue('a')), ['it stays'])
    })

    it('keep the order of what is alive when files are written anew', async () => {
      await reopen({ segmentSize: 1_000 })
      const queue = await store.queue('a')
      await queue.append(texts(0, 500), LIMIT)
      const taken = await queue.take(500)
      const kept = taken.filter((_, index) => index % 100 === 0)
      for (const entry of taken) if (!kept.includes(entry)) await queue.done([entry.id])
      await queue.release(kept.map(({ id }) => id))
      await reopen({ segmentSize: 1_000 })
      assert.deepEqual(await (await store.queue('a')).take(100), kept)
    })
  })

  describe('a crash', () => {
    const logOf = async (): Promise<string> => {
      const files = await readdir(join(folder, 'queues', 'a'))
      return join(folder, 'queues', 'a', files.sort().at(-1)!)
    }

    it('that cuts the last record off anywhere costs nothing but that record', async () => {
      const random = seededRandom(7)
      const queue = await store.queue('a')
      await queue.append(texts(0, 3), LIMIT)
      const whole = (await readFile(await logOf())).length
      await queue.append(['cut off'], LIMIT)
      await store.close()
      const complete = await readFile(await logOf())
      for (let round = 0; round < 20; round += 1) {
        // With the three bytes of rubbish it is still too short: a record of full length with a wrong checksum is damage.
        const length = whole + Math.floor(random() * (complete.length - whole - 3))
        const tail = [Buffer.alloc(0), Buffer.alloc(Math.floor(random() * 5000)), Buffer.from([0xa5, 0x5c, 9])][round % 3]!
        await writeFile(await logOf(), Buffer.concat([complete.subarray(0, length), tail]))
        const said: string[] = []
        store = await open({ onDamage: (damage) => said.push(String(damage)) })
        const reopened = await store.queue('a')
        assert.deepEqual(await contentOf(reopened), texts(0, 3))
        await reopened.append(['afterwards'], LIMIT)
        await reopen()
        assert.deepEqual(await contentOf(await store.queue('a')), [...texts(0, 3), 'afterwards'], `cut at ${length}`)
        assert.deepEqual(said, [])
        await store.close()
      }
      store = await open()
    })

    it('or a worn card that spoils the middle of a file costs what was there, and is told', async () => {
      const queue = await store.queue('a')
      await queue.append(['first'], LIMIT)
      await queue.append(['spoiled'], LIMIT)
      await queue.append(['third'], LIMIT)
      await store.close()
      const content = await readFile(await logOf())
      content[content.indexOf('spoiled')] = 0
      await writeFile(await logOf(), content)
      const said: string[] = []
      store = await open({ onDamage: (damage) => said.push(String(damage)) })
      assert.deepEqual(await contentOf(await store.queue('a')), ['first', 'third'])
      assert.equal(said.length, 1)
      assert.match(said[0]!, /^\d+ bytes of queue a in .* are damaged/)
    })

    it('in the middle of writing the values anew leaves the old ones', async () => {
      await store.set('kept', 'yes')
      await store.close()
      await appendFile(join(folder, 'values.log.new'), 'half a log')
      store = await open()
      assert.equal(await store.get('kept'), 'yes')
      assert.deepEqual((await readdir(folder)).filter((name) => name.endsWith('.new')), [])
    })

    it('that left an empty file costs nothing', async () => {
      await (await store.queue('a')).append(['one'], LIMIT)
      await store.close()
      await truncate(await logOf(), 0)
      store = await open()
      const queue = await store.queue('a')
      await queue.append(['two'], LIMIT)
      assert.deepEqual(await contentOf(queue), ['two'])
    })
  })

  it('can be read by its owner only', async () => {
    await store.set('token', 'secret')
    await (await store.queue('a')).append(['x'], LIMIT)
    const modes = await Promise.all(['.', 'values.log', 'queues', join('queues', 'a')].map(async (name) => (await stat(join(folder, name))).mode & 0o777))
    assert.deepEqual(modes.map((mode) => mode & 0o077), [0, 0, 0, 0])
  })

  it('answers CLOSED once it is closed, and closes twice without harm', async () => {
    const queue = await store.queue('a')
    await Promise.all([store.close(), store.close()])
    await assert.rejects(store.set('x', 'y'), { code: 'CLOSED' })
    await assert.rejects(queue.append(['x'], LIMIT), { code: 'CLOSED' })
    await assert.rejects(queue.take(1), { code: 'CLOSED' })
    store = await open()
  })

  it('finishes what is being written when it is closed', async () => {
    const queue = await store.queue('a')
    const written = Promise.all(texts(0, 100).map((text) => queue.append([text], LIMIT)))
    await store.close()
    await written
    store = await open()
    assert.deepEqual(await contentOf(await store.queue('a')), texts(0, 100))
  })
})
