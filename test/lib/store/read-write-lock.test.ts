/** Who may use the files of a store at the same time, and who waits for whom. */
import assert from 'node:assert/strict'
import { ReadWriteLock, track } from '../../../src/lib/store/embedded/read-write-lock'
import { settle } from '../fake-clock'

describe('the lock of files', () => {
  let lock: ReadWriteLock
  /** What has begun and ended, in this order. */
  let events: string[]
  let ends: Map<string, (error?: Error) => void>

  beforeEach(() => {
    lock = new ReadWriteLock()
    events = []
    ends = new Map()
  })

  /** Work that lasts until it is ended. */
  const work = (name: string) => (): Promise<void> => {
    events.push(`${name} begins`)
    return new Promise<void>((resolve, reject) => {
      ends.set(name, (error) => {
        events.push(`${name} ends`)
        if (error) reject(error)
        else resolve()
      })
    })
  }
  const end = async (name: string, error?: Error): Promise<void> => {
    ends.get(name)?.(error)
    await settle()
  }
  const write = (name: string): Promise<void> => lock.write(() => 'a file', () => Promise.resolve(), work(name))

  it('lets reads and writes go on together, and begins writes in the order of the calls', async () => {
    const all = [write('one'), lock.read(work('two')), write('three')]
    await settle()
    assert.deepEqual(events.toSorted(), ['one begins', 'three begins', 'two begins'])
    assert.ok(events.indexOf('one begins') < events.indexOf('three begins'))
    for (const name of ['one', 'two', 'three']) await end(name)
    await Promise.all(all)
  })

  for (const [what, begin] of [['a write', write], ['a read', (name: string): Promise<void> => lock.read(work(name))]] as const) {
    it(`lets exclusive work wait for ${what}, and ${what} for exclusive work`, async () => {
      const all = [begin('first')]
      await settle()
      all.push(lock.exclusive(work('alone')), begin('second'))
      await settle()
      assert.deepEqual(events, ['first begins'])
      await end('first')
      assert.deepEqual(events.slice(1), ['first ends', 'alone begins'])
      await end('alone')
      assert.deepEqual(events.slice(3), ['alone ends', 'second begins'])
      await end('second')
      await Promise.all(all)
    })

    it(`lets ${what} wait for exclusive work that another one has to wait for`, async () => {
      const all = [lock.exclusive(work('one')), lock.exclusive(work('two')), begin('later')]
      await settle()
      await end('one')
      all.push(begin('last'))
      await settle()
      assert.deepEqual(events, ['one begins', 'one ends', 'two begins'])
      await end('two')
      assert.deepEqual(events.slice(3), ['two ends', 'later begins', 'last begins'])
      await end('later')
      await end('last')
      await Promise.all(all)
    })
  }

  it('goes on after exclusive work that failed', async () => {
    const failing = assert.rejects(lock.exclusive(work('failing')), /made for a test/)
    const next = lock.exclusive(work('next'))
    const last = write('last')
    await settle()
    await end('failing', new Error('made for a test'))
    await failing
    assert.deepEqual(events.slice(2), ['next begins'])
    await end('next')
    await end('last')
    await Promise.all([next, last])
  })

  it('prepares where to write before the first write, and once for all that wait', async () => {
    let file: string | undefined
    const prepare = async (): Promise<void> => {
      await work('preparing')()
      file = 'a file'
    }
    const all = ['one', 'two'].map((name) => lock.write(() => file, prepare, (target) => {
      assert.equal(target, 'a file')
      return work(name)()
    }))
    await settle()
    assert.deepEqual(events, ['preparing begins'])
    await end('preparing')
    assert.deepEqual(events.slice(2), ['one begins', 'two begins'])
    await end('one')
    await end('two')
    await Promise.all(all)
  })

  it('fails only the write that cannot be prepared, and the write that fails', async () => {
    const unprepared = lock.write(() => undefined, () => Promise.reject(new Error('no file')), work('unprepared'))
    const failing = write('failing')
    const good = write('good')
    await assert.rejects(unprepared, /no file/)
    await settle()
    assert.deepEqual(events, ['failing begins', 'good begins'])
    const failed = assert.rejects(failing, /made for a test/)
    await end('failing', new Error('made for a test'))
    await end('good')
    await Promise.all([failed, good])
  })

  it('does the last work once every write that was asked for has ended', async () => {
    const writing = write('one')
    const closing = lock.last(work('last'))
    await settle()
    assert.deepEqual(events, ['one begins'])
    await end('one')
    assert.deepEqual(events.slice(1), ['one ends', 'last begins'])
    await end('last')
    await Promise.all([writing, closing])
  })

  it('remembers no work that has ended, whether it failed or not', async () => {
    const set = new Set<Promise<unknown>>()
    const working = track(set, Promise.resolve('done'))
    const failing = track(set, Promise.reject(new Error('made for a test')))
    assert.equal(set.size, 2)
    assert.equal(await working, 'done')
    await assert.rejects(failing, /made for a test/)
    assert.equal(set.size, 0)
  })
})
