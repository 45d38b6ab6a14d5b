/** The files of a queue: which are read and in which order, which go when entries are done, and what a full disk leaves. */
import assert from 'node:assert/strict'
import fs, { mkdtemp, readdir, rm, stat, writeFile, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sinon from 'sinon'
import { EmbeddedQueue } from '../../../src/lib/store/embedded/queue'
import { Segment } from '../../../src/lib/store/embedded/segment'
import { FakeClock } from '../fake-clock'
import { fault, handlePrototype } from './power-cuts'

const LIMIT = 10_000
/** Fills a file of the queue, so that the next entry goes to the next file. */
const LONG = 'x'.repeat(1_000)

describe('the files of a queue', () => {
  let parent: string
  let folder: string
  let clock: FakeClock
  let queue: EmbeddedQueue
  let prototype: FileHandle

  const open = async (segmentSize: number | undefined = 500): Promise<void> => {
    queue = await EmbeddedQueue.open(folder, { clock, segmentSize, onDamage: (bytes) => assert.fail(`${bytes} bytes are damaged`) })
  }
  const reopen = async (): Promise<void> => {
    await queue.close()
    await open()
  }
  const append = async (...texts: readonly string[]): Promise<void> => {
    for (const text of texts) await queue.append([text], LIMIT)
  }
  /** All texts, without those of `LONG`. */
  const texts = async (): Promise<string[]> => {
    const entries = await queue.take(LIMIT)
    await queue.release(entries.map(({ id }) => id))
    return entries.map(({ text }) => text.replace(LONG, ''))
  }
  /** The oldest entries are done. */
  const doneNext = async (count: number): Promise<void> => queue.done((await queue.take(count)).map(({ id }) => id))
  const files = async (): Promise<string[]> => (await readdir(folder)).toSorted()
  const bytes = async (): Promise<number> => (await Promise.all((await files()).map(async (name) => (await stat(join(folder, name))).size))).reduce((sum, size) => sum + size, 0)
  const numbered = (...numbers: readonly number[]): string[] => numbers.map((number) => `${String(number).padStart(12, '0')}.log`)
  const fillDisk = (): sinon.SinonStub => sinon.stub(prototype, 'write').rejects(fault('ENOSPC'))

  before(async () => {
    prototype = await handlePrototype()
  })
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'queue-files-'))
    folder = join(parent, 'a')
    clock = new FakeClock()
    await open()
  })
  afterEach(async () => {
    sinon.restore()
    await queue.close()
    await rm(parent, { recursive: true })
  })

  it('get nothing from calls that change nothing', async () => {
    assert.equal(await queue.append([], LIMIT), clock.now())
    assert.deepEqual(await files(), [])
    await append('one')
    const size = await bytes()
    await queue.append([], 0)
    await queue.done([])
    await queue.done(['999', 'no id'])
    await queue.release(['999', 'no id'])
    assert.equal(await bytes(), size)
    assert.deepEqual(await texts(), ['one'])
    await doneNext(1)
    const empty = await bytes()
    assert.equal(await queue.clear(), 0)
    assert.equal(await bytes(), empty)
  })

  it('hold about 8 MiB each unless told otherwise', async () => {
    await queue.close()
    queue = await EmbeddedQueue.open(folder, { clock, onDamage: () => undefined })
    await queue.append(Array.from({ length: 7 }, () => 'x'.repeat(1024 * 1024)), LIMIT, Infinity)
    await append('in the same file')
    assert.deepEqual(await files(), numbered(1))
    await queue.append(['x'.repeat(1024 * 1024)], LIMIT, Infinity)
    await append('in the next file')
    assert.deepEqual(await files(), numbered(1, 2))
  })

  it('are read in the order of their numbers, however the disk lists them', async () => {
    await append(`1${LONG}`, `2${LONG}`, `3${LONG}`, `4${LONG}`)
    const [, second] = await queue.take(2)
    await queue.done([second!.id])
    await queue.close()
    const listing = sinon.stub(fs, 'readdir').resolves(numbered(5, 2, 4, 1, 3) as never)
    await open()
    assert.ok(listing.called)
    assert.deepEqual(await texts(), ['1', '3', '4'])
  })

  it('are told apart from others in the folder', async () => {
    await append('one')
    await queue.close()
    const others = ['1.log.bak', '2.log.damaged-1', 'a note 3.log', 'log', 'x.log']
    for (const name of others) await writeFile(join(folder, name), 'not of the queue')
    await open()
    assert.deepEqual(await texts(), ['one'])
    assert.deepEqual(await files(), [...numbered(1), ...others].toSorted())
  })

  it('may have copies of some entries after a crash; the order stays, and each is given once', async () => {
    await append(`1${LONG}`, `2${LONG}`, `3${LONG}`)
    await queue.close()
    const events = { entry: () => undefined, done: () => undefined }
    const copies = await Segment.open(join(folder, numbered(4)[0]!), 4, clock, events)
    for (const id of [1, 2]) await copies.append(id, clock.now(), [`${id}`])
    await copies.file.close()
    await open()
    assert.deepEqual(await texts(), ['1', '2', '3'])
    assert.deepEqual(await files(), numbered(3, 4), 'those whose entries have a later copy are gone')
    await append('4')
    assert.deepEqual((await queue.take(LIMIT)).map(({ id }) => Number(id)), [1, 2, 3, 4])
  })

  it('go once, although several calls find the same ones empty', async () => {
    await append(`1${LONG}`, `2${LONG}`, `3${LONG}`, `4${LONG}`, '5')
    const taken = await queue.take(3)
    await Promise.all(taken.map(({ id }) => queue.done([id])))
    assert.deepEqual(await files(), numbered(4, 5))
    assert.deepEqual(await texts(), ['4', '5'])
  })

  it('are written anew with all that is in them', async () => {
    await queue.append(Array.from({ length: 1_200 }, (_, index) => `${index}`), LIMIT)
    await append('last')
    const entries = await queue.take(LIMIT)
    const added = Math.ceil((1_201 * 35 * 4) / 1_000) + 10
    await Promise.all(Array.from({ length: added }, () => append(LONG)))
    await doneNext(added)
    assert.equal((await files()).length, 1)
    assert.ok((await bytes()) < 1_201 * 60)
    await queue.release(entries.map(({ id }) => id))
    assert.deepEqual(await queue.take(LIMIT), entries)
    await reopen()
    assert.deepEqual(await queue.take(LIMIT), entries)
  })

  it('that cannot be read give their entries again later', async () => {
    await append('one', 'two')
    sinon.stub(prototype, 'read').rejects(fault('EIO'))
    await assert.rejects(queue.take(1), { code: 'UNAVAILABLE', message: /\(EIO\)/ })
    sinon.restore()
    assert.deepEqual(await texts(), ['one', 'two'])
  })

  it('that are shorter than they were fail what is taken', async () => {
    await append('one')
    sinon.stub(prototype, 'read').resolves({ bytesRead: 2, buffer: Buffer.alloc(3) })
    await assert.rejects(queue.take(1), { code: 'UNAVAILABLE' })
  })

  it('that cannot be written keep what could not be noted as done', async () => {
    await append('one', 'two')
    const taken = await queue.take(1)
    sinon.stub(prototype, 'write').rejects(fault('EIO'))
    await assert.rejects(queue.done(taken.map(({ id }) => id)), { code: 'UNAVAILABLE', message: /\(EIO\)/ })
    sinon.restore()
    await queue.release(taken.map(({ id }) => id))
    assert.deepEqual(await texts(), ['one', 'two'])
  })

  describe('that cannot be tidied', () => {
    const stays = Array.from({ length: 700 }, (_, index) => `stays ${index}`)
    /** Some entries stay, and most of the files is outdated once the others are done. @returns the ids of the others */
    const waste = async (): Promise<string[]> => {
      await queue.append(stays, LIMIT)
      const staying = await queue.take(LIMIT)
      await Promise.all(Array.from({ length: 150 }, () => append(LONG)))
      const others = await queue.take(LIMIT)
      await queue.release(staying.map(({ id }) => id))
      return others.map(({ id }) => id)
    }
    /** Short notes still fit on the disk, and nothing longer. */
    const leaveLittleRoom = (): sinon.SinonStub => {
      const writing = sinon.stub(prototype, 'write')
      writing.callsFake(function (this: FileHandle, ...given: unknown[]) {
        if (Number(given[2]) > 10_000) return Promise.reject(fault('ENOSPC'))
        return Reflect.apply(writing.wrappedMethod, this, given) as ReturnType<FileHandle['write']>
      })
      return writing
    }

    it('lose nothing, and are tidied a minute later', async () => {
      const others = await waste()
      const full = leaveLittleRoom()
      await queue.done(others)
      assert.equal((await queue.state()).depth, 700)
      assert.deepEqual(await texts(), stays)
      const count = (await files()).length
      await clock.advance(59_999)
      await doneNext(1)
      assert.equal((await files()).length, count, 'it is not tried with each entry')
      full.restore()
      await clock.advance(1)
      await doneNext(1)
      assert.equal((await files()).length, 1)
      assert.deepEqual(await texts(), stays.slice(2))
    })

    it('are opened all the same', async () => {
      const others = await waste()
      const full = leaveLittleRoom()
      await queue.done(others)
      await reopen()
      assert.deepEqual(await texts(), stays)
      full.restore()
      await reopen()
      assert.deepEqual(await texts(), stays)
      assert.equal((await files()).length, 1)
    })

    it('stay in order: none goes before an older one, since it has the notes of what is done', async () => {
      await append(`1${LONG}`, `2${LONG}`, `3${LONG}`, '4')
      const removing = sinon.stub(fs, 'rm').rejects(fault('EBUSY'))
      await doneNext(3)
      assert.deepEqual(await files(), numbered(1, 2, 3, 4))
      removing.restore()
      await clock.advance(60_000)
      await append(LONG)
      await doneNext(1)
      assert.deepEqual(await files(), numbered(4, 5))
      await reopen()
      assert.deepEqual(await texts(), [''])
    })
  })

  describe('on a full disk', () => {
    it('note what is done as soon as there is room, at the latest when the queue is closed', async () => {
      await append('1', '2', '3')
      const full = fillDisk()
      await doneNext(1)
      full.restore()
      await reopen()
      assert.deepEqual(await texts(), ['2', '3'], 'the queue was closed')
      const again = fillDisk()
      await doneNext(1)
      again.restore()
      await append('4')
      await doneNext(1)
      const killed = queue
      await open()
      assert.deepEqual(await texts(), ['4'], 'the next one was done')
      await killed.close()
    })

    it('note it also when older files are gone in the meantime', async () => {
      await append(`1${LONG}`, '2', '3')
      const full = fillDisk()
      await doneNext(2)
      assert.deepEqual(await files(), numbered(2))
      full.restore()
      await reopen()
      assert.deepEqual(await texts(), ['3'])
    })

    it('have nothing left to note once they are all gone', async () => {
      await append('1', '2')
      const full = fillDisk()
      await doneNext(2)
      full.restore()
      assert.deepEqual(await files(), [])
      await queue.close()
      assert.deepEqual(await files(), [])
      await open()
    })

    it('are not written anew, since there is no room', async () => {
      await append('it stays')
      const [stays] = await queue.take(1)
      await append(...Array.from({ length: 20 }, (_, index) => `${index}${LONG}`))
      const entries = await queue.take(LIMIT)
      const full = fillDisk()
      await queue.done(entries.map(({ id }) => id))
      assert.equal((await queue.state()).depth, 1)
      full.restore()
      await queue.release([stays!.id])
      await append('later')
      await reopen()
      assert.deepEqual(await texts(), ['it stays', 'later'])
    })
  })

  it('are those of one queue, and it says when it cannot have them', async () => {
    await writeFile(join(parent, 'b'), '')
    await assert.rejects(EmbeddedQueue.open(join(parent, 'b'), { clock, onDamage: () => undefined }), { code: 'UNAVAILABLE', message: new RegExp(`^the store in ${join(parent, 'b')} cannot be used`) })
  })
})
