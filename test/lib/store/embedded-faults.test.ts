/** What the store does when the disk fails. */
import assert from 'node:assert/strict'
import { mkdtemp, open as openFile, readdir, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sinon from 'sinon'
import { openEmbedded } from '../../../src/lib/store/embedded/embedded-store'
import type { Store } from '../../../src/lib/store/store'
import { fault } from './power-cuts'

const LIMIT = 1_000_000

/** What a handle of this Node.js has, to make it fail. */
async function handlePrototype(): Promise<FileHandle> {
  const handle = await openFile(__filename, 'r')
  await handle.close()
  return Object.getPrototypeOf(handle) as FileHandle
}

describe('the embedded store, when', () => {
  let parent: string
  let folder: string
  let prototype: FileHandle
  const stores: Store[] = []
  const open = async (): Promise<Store> => {
    const store = await openEmbedded(folder)
    stores.push(store)
    return store
  }

  before(async () => {
    prototype = await handlePrototype()
  })

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'store-'))
    folder = join(parent, 'sensor-clouds')
  })

  afterEach(async () => {
    sinon.restore()
    await Promise.all(stores.splice(0).map((store) => store.close()))
    await rm(parent, { recursive: true })
  })

  describe('the disk', () => {
    for (const [what, method, code, says] of [
      ['is full', 'write', 'ENOSPC', /disk is full; make room/],
      ['fails to sync', 'datasync', 'EIO', /disk reports an error/],
    ] as const) {
      it(`${what}: says so, loses nothing that was accepted, and goes on later`, async () => {
        const store = await open()
        const queue = await store.queue('a')
        await queue.append(['accepted'], LIMIT)
        const failing = sinon.stub(prototype, method).rejects(fault(code))
        await assert.rejects(queue.append(['refused'], LIMIT), { code: 'UNAVAILABLE', message: says })
        await assert.rejects(store.set('key', 'refused'), { code: 'UNAVAILABLE', message: new RegExp(folder) })
        failing.restore()
        await queue.append(['later'], LIMIT)
        await store.set('key', 'later')
        await store.close()
        const again = await open()
        assert.deepEqual((await (await again.queue('a')).take(9)).map(({ text }) => text), ['accepted', 'later'])
        assert.equal(await again.get('key'), 'later')
      })
    }

    it('is full: the queue is emptied all the same, which makes room', async () => {
      const store = await openEmbedded(folder, { segmentSize: 1_000 })
      stores.push(store)
      const queue = await store.queue('a')
      for (let index = 0; index < 10; index += 1) await queue.append([`${index}`.repeat(600)], LIMIT)
      const full = sinon.stub(prototype, 'write').rejects(fault('ENOSPC'))
      const files = async (): Promise<number> => (await readdir(join(folder, 'queues', 'a'))).length
      const before = await files()
      for (let count = 0; count < 8; count += 1) await queue.done((await queue.take(1)).map(({ id }) => id))
      assert.equal((await queue.state()).depth, 2)
      assert.ok((await files()) < before, 'files of what is done are gone')
      full.restore()
      await queue.append(['later'], LIMIT)
      await store.close()
      const again = await (await open()).queue('a')
      assert.deepEqual((await again.take(9)).map(({ text }) => text[0]), ['8', '9', 'l'])
      sinon.stub(prototype, 'write').rejects(fault('ENOSPC'))
      assert.equal(await again.clear(), 3)
      assert.equal(await files(), 0)
      sinon.restore()
      await again.append(['afterwards'], LIMIT)
      assert.deepEqual((await again.take(9)).map(({ text }) => text), ['afterwards'])
    })

    it('writes half a record and then is full: the next one does not stand behind rubbish', async () => {
      const store = await open()
      const queue = await store.queue('a')
      await queue.append(['accepted'], LIMIT)
      const stub = sinon.stub(prototype, 'write')
      stub.onFirstCall().callsFake(function (this: FileHandle, buffer: Buffer, offset: number, _length: number, position: number) {
        return Reflect.apply(stub.wrappedMethod, this, [buffer, offset, 12, position]) as ReturnType<FileHandle['write']>
      } as unknown as FileHandle['write'])
      stub.rejects(fault('ENOSPC'))
      await assert.rejects(queue.append(['refused'], LIMIT), { code: 'UNAVAILABLE' })
      stub.restore()
      await queue.append(['later'], LIMIT)
      await store.close()
      const said: string[] = []
      const again = await openEmbedded(folder, { onDamage: (damage) => said.push(String(damage)) })
      stores.push(again)
      assert.deepEqual((await (await again.queue('a')).take(9)).map(({ text }) => text), ['accepted', 'later'])
      assert.deepEqual(said, [])
    })

    it('cannot even take back what it wrote: goes on in another file', async () => {
      const store = await open()
      const queue = await store.queue('a')
      await queue.append(['accepted'], LIMIT)
      sinon.stub(prototype, 'datasync').rejects(fault('EIO'))
      sinon.stub(prototype, 'truncate').rejects(fault('EIO'))
      await assert.rejects(queue.append(['refused'], LIMIT), { code: 'UNAVAILABLE' })
      sinon.restore()
      await queue.append(['later'], LIMIT)
      await store.close()
      const texts = (await (await (await open()).queue('a')).take(9)).map(({ text }) => text)
      assert.deepEqual(texts.filter((text) => text !== 'refused'), ['accepted', 'later'])
    })

    it('is read-only: the store says which folder, and what to do', async () => {
      sinon.stub(prototype, 'write').rejects(fault('EROFS'))
      const store = await open()
      const message = `the store in ${folder} cannot be used (EROFS): the disk is read-only; make it writable`
      await assert.rejects(store.set('a', 'b'), { code: 'UNAVAILABLE', message })
    })

    it('has a file where the folder should be', async () => {
      folder = join(__filename, 'sensor-clouds')
      await assert.rejects(open(), { code: 'UNAVAILABLE', message: /cannot be used \(ENOTDIR\)/ })
    })
  })
})
