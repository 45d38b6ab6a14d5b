/** The open stores of a process: who shares one, when it is closed, and what is said while it cannot be used. */
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sentence } from '../../../src/lib/base/sentence'
import { openRedis, type RedisOptions } from '../../../src/lib/store/redis/redis-store'
import { Stores, type Listener } from '../../../src/lib/store/shared-stores'
import { StoreError, type Store } from '../../../src/lib/store/store'
import { settle } from '../fake-clock'
import { SimpleStore } from './simple-store'

const deaf: Listener = { onDamage: () => undefined, onOutage: () => undefined, onRecovery: () => undefined }

/** Stores whose embedded ones are in memory. */
function rigOf(fails = false): { stores: Stores; opened: SimpleStore[]; mend: () => void } {
  const opened: SimpleStore[] = []
  let failing = fails
  const openEmbedded = (): Promise<Store> => {
    if (failing) return Promise.reject(new StoreError('UNUSABLE', sentence`another process has it`))
    const store = new SimpleStore()
    opened.push(store)
    return Promise.resolve(store)
  }
  return { stores: new Stores({ openEmbedded, openRedis }), opened, mend: () => (failing = false) }
}

describe('the stores of a process', () => {
  it('are one for each folder, opened by the first and closed by the last', async () => {
    const { stores, opened } = rigOf()
    const [one, other] = [stores.lease({ folder: '/a' }, deaf), stores.lease({ folder: '/a' }, deaf)]
    assert.equal(opened.length, 0, 'nobody has used it')
    assert.equal(await one.open(), await other.open())
    assert.equal(await one.open(), opened[0])
    await one.release()
    await one.release()
    assert.equal(opened[0]!.closed, false, 'it is still in use')
    await other.release()
    assert.equal(opened[0]!.closed, true)
    await assert.rejects(one.open(), { code: 'CLOSED' })
    const again = stores.lease({ folder: '/a' }, deaf)
    await again.open()
    await stores.lease({ folder: '/b' }, deaf).open()
    assert.equal(opened.length, 3)
  })

  it('are opened again only when the earlier one has ended', async () => {
    let end: () => void = () => undefined
    const ending = new Promise<void>((resolve) => (end = resolve))
    let open = 0
    const openEmbedded = (): Promise<Store> => {
      assert.equal(open, 0, 'two at once in one folder')
      open += 1
      return Promise.resolve(Object.assign(new SimpleStore(), { close: () => ending.then(() => (open -= 1)) }))
    }
    const stores = new Stores({ openEmbedded, openRedis })
    const first = stores.lease({ folder: '/a' }, deaf)
    await first.open()
    const released = first.release()
    const opening = stores.lease({ folder: '/a' }, deaf).open()
    setImmediate(end)
    await Promise.all([released, opening])
    assert.equal(open, 1)
  })

  it('try again after one that could not be opened', async () => {
    const { stores, mend } = rigOf(true)
    const lease = stores.lease({ folder: '/a' }, deaf)
    await assert.rejects(lease.open(), /another process has it/)
    mend()
    await lease.open()
    await lease.release()
  })

  it('give the embedded one back when Redis refuses', async () => {
    const embedded = new SimpleStore()
    const refuse = (): Promise<never> => Promise.reject(new StoreError('UNUSABLE', sentence`the Redis store does not accept the password`))
    const stores = new Stores({ openEmbedded: () => Promise.resolve(embedded), openRedis: refuse })
    const lease = stores.lease({ folder: '/a', redis: { url: 'redis://localhost', password: 'wrong' } }, deaf)
    await assert.rejects(lease.open(), /does not accept the password/)
    assert.equal(embedded.closed, true)
    await lease.release()
  })

  it('need nothing from who never opened one, or could not open it', async () => {
    const { stores, opened } = rigOf()
    await stores.lease({ folder: '/a' }, deaf).release()
    const failing = rigOf(true).stores.lease({ folder: '/a' }, deaf)
    await assert.rejects(failing.open(), /another process has it/)
    await failing.release()
    await failing.release()
    assert.equal(opened.length, 0)
  })

  it('count one that fails to close as closed', async () => {
    let opened = 0
    const fails = (): Promise<never> => Promise.reject(new StoreError('UNAVAILABLE', sentence`the disk is full`))
    const openEmbedded = (): Promise<Store> => {
      opened += 1
      return Promise.resolve(Object.assign(new SimpleStore(), { close: fails }))
    }
    const stores = new Stores({ openEmbedded, openRedis })
    for (let round = 1; round <= 2; round += 1) {
      const lease = stores.lease({ folder: '/a' }, deaf)
      await lease.open()
      await lease.release()
      assert.equal(opened, round)
    }
  })

  it('keep one that was taken again while the earlier one was being closed', async () => {
    const { stores, opened } = rigOf()
    const first = stores.lease({ folder: '/a' }, deaf)
    await first.open()
    const second = stores.lease({ folder: '/a' }, deaf)
    const released = first.release()
    const store = await second.open()
    await released
    const third = stores.lease({ folder: '/a' }, deaf)
    assert.equal(await third.open(), store)
    assert.equal(opened.length, 2)
    await second.release()
    assert.equal(opened[1]!.closed, false, 'the third has it')
    await third.release()
    assert.equal(opened[1]!.closed, true)
  })

  describe('say why one cannot be used', () => {
    const settings = { folder: '/a', redis: { url: 'redis://localhost', password: 'secret' } }

    it('from its first failure until it is opened', async () => {
      const { stores, mend } = rigOf(true)
      const folder = { folder: '/a' }
      assert.equal(stores.outage(folder), undefined, 'nobody has opened it')
      const lease = stores.lease(folder, deaf)
      await assert.rejects(lease.open())
      await settle()
      assert.equal(String(stores.outage(folder)), 'another process has it')
      assert.equal(stores.outage({ folder: '/b' }), undefined)
      mend()
      await lease.open()
      assert.equal(stores.outage(folder), undefined)
      await lease.release()
    })

    it('while Redis is away, and tell those who listen', async () => {
      const said: string[] = []
      let options: RedisOptions | undefined
      const open = (given: RedisOptions): Promise<Store> => {
        options = given
        return Promise.resolve(new SimpleStore())
      }
      const stores = new Stores({ openEmbedded: () => Promise.resolve(new SimpleStore()), openRedis: open })
      const listener: Listener = { onDamage: () => undefined, onOutage: (message) => said.push(`out: ${String(message)}`), onRecovery: (message) => said.push(`back: ${String(message)}`) }
      const lease = stores.lease(settings, listener)
      await lease.open()
      assert.deepEqual([options?.url, options?.password], ['redis://localhost', 'secret'])
      assert.equal(stores.outage(settings), undefined)
      options?.onOutage?.(sentence`Redis is away`)
      assert.equal(String(stores.outage(settings)), 'Redis is away')
      for (const redis of [undefined, { ...settings.redis, password: 'other' }, { ...settings.redis, url: 'redis://other' }])
        assert.equal(stores.outage({ folder: '/a', ...(redis ? { redis } : {}) }), undefined, 'that is another store')
      options?.onRecovery?.(sentence`Redis is there`)
      assert.equal(stores.outage(settings), undefined)
      assert.deepEqual(said, ['out: Redis is away', 'back: Redis is there'])
      options?.onOutage?.(sentence`Redis is away`)
      await lease.release()
      assert.equal(stores.outage(settings), undefined, 'nobody uses it any more')
    })
  })

  it('tell who listens what a disk has lost', async () => {
    const said: string[] = []
    const openEmbedded = (_folder: string, options: { onDamage?: Listener['onDamage'] } = {}): Promise<Store> => {
      options.onDamage?.(sentence`7 bytes are damaged`)
      return Promise.resolve(new SimpleStore())
    }
    const stores = new Stores({ openEmbedded, openRedis })
    const lease = stores.lease({ folder: '/a' }, { ...deaf, onDamage: (message) => said.push(String(message)) })
    await lease.open()
    assert.deepEqual(said, ['7 bytes are damaged'])
    await lease.release()
  })

  it('are files in the folder that was given', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shared-stores-'))
    const lease = new Stores().lease({ folder }, deaf)
    assert.equal((await lease.open()).place, folder)
    await lease.release()
    assert.deepEqual(await readdir(folder), ['values.log'])
    await rm(folder, { recursive: true })
  })

  it('make no folder for a Redis whose URL is wrong', async () => {
    const { stores, opened } = rigOf()
    await assert.rejects(stores.lease({ folder: '/a', redis: { url: 'localhost', password: '' } }, deaf).open(), /must begin with redis:/)
    assert.equal(opened.length, 0)
  })

  it('give the embedded one back although the one in Redis fails to close', async () => {
    const embedded = new SimpleStore()
    const redis = Object.assign(new SimpleStore(), { close: () => Promise.reject(new Error('made for a test')) })
    const openEmbedded = (folder: string): Promise<Store> => Promise.resolve(folder === '/a' ? embedded : new SimpleStore())
    const stores = new Stores({ openEmbedded, openRedis: () => Promise.resolve(redis) })
    const lease = stores.lease({ folder: '/a', redis: { url: 'redis://localhost', password: '' } }, deaf)
    await lease.open()
    await lease.release()
    assert.equal(embedded.closed, true)
  })
})
