/** What the store does when the disk, another process or a kill is against it. */
import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open as openFile, readdir, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import sinon from 'sinon'
import { openEmbedded } from '../../../src/lib/store/embedded/embedded-store'
import type { Store } from '../../../src/lib/store/store'
import { seededRandom } from '../fake-clock'
import { pause, until } from '../../until'

const LIMIT = 1_000_000
const KILLS = 60

/** What a handle of this Node.js has, to make it fail. */
async function handlePrototype(): Promise<FileHandle> {
  const handle = await openFile(__filename, 'r')
  await handle.close()
  return Object.getPrototypeOf(handle) as FileHandle
}

const fault = (code: string): Error => Object.assign(new Error(`${code}: made for a test`), { code })

describe('the embedded store, when', () => {
  let parent: string
  let folder: string
  let prototype: FileHandle
  const children: ChildProcess[] = []
  const stores: Store[] = []
  const open = async (maximumWait = 500): Promise<Store> => {
    const store = await openEmbedded(folder, { maximumWait })
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
    for (const child of children.splice(0)) child.kill('SIGKILL')
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

  describe('another process', function () {
    // A busy machine takes seconds to start one.
    this.timeout(120_000)
    let script: string

    beforeEach(() => {
      script = join(parent, 'child.js')
      buildSync({ entryPoints: [join(__dirname, 'embedded-child.ts')], outfile: script, bundle: true, platform: 'node', logLevel: 'silent' })
    })

    async function start(...parameters: string[]): Promise<ChildProcess> {
      const child = fork(script, [folder, ...parameters], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      children.push(child)
      await once(child, 'message')
      return child
    }

    it('has the folder: says so, and takes it over once that one is gone, however it went', async () => {
      const child = await start()
      const message = `the store in ${folder} is used by another process; stop that process, or give this Node-RED its own user directory`
      await assert.rejects(open(200), { code: 'UNUSABLE', message })
      child.kill('SIGKILL')
      await once(child, 'exit')
      await (await open()).set('mine', 'yes')
      await assert.rejects(open(200), { code: 'UNUSABLE' })
    })

    it('is just closing: is waited for', async () => {
      const store = await open()
      const next = open(20_000)
      await pause(300)
      await store.set('last', 'word')
      await store.close()
      assert.equal(await (await next).get('last'), 'word')
    })

    it('comes at the same moment: one of them has it, also after a crash', async () => {
      for (let round = 0; round < 5; round += 1) {
        const child = await start()
        child.kill('SIGKILL')
        await once(child, 'exit')
        const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => open(0)))
        assert.equal(attempts.filter(({ status }) => status === 'fulfilled').length, 1, `round ${round}`)
        await Promise.all(stores.splice(0).map((store) => store.close()))
      }
    })

    it('in a folder whose name is longer than a socket may have', async () => {
      folder = join(parent, 'x'.repeat(120), 'sensor-clouds')
      const child = await start()
      await assert.rejects(open(0), { code: 'UNUSABLE' })
      child.kill('SIGKILL')
      await once(child, 'exit')
      await open()
    })

    it(`is killed ${KILLS} times while it writes: nothing that it accepted is lost, and nothing that is done comes back`, async function () {
      this.timeout(600_000)
      const random = seededRandom(11)
      const accepted = new Set<string>()
      const done = new Set<string>()
      const load = (kill: number): ChildProcess => {
        const child = fork(script, [folder, 'write', String(kill)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
        children.push(child)
        return child
      }
      let next = load(0)
      for (let kill = 0; kill < KILLS; kill += 1) {
        const child = next
        const asked = new Set<string>()
        const said = new Set<string>()
        child.on('message', ([what = '', ...texts]: string[]) => {
          said.add(what)
          for (const text of texts) (what === 'accepted' ? accepted : what === 'done' ? done : asked).add(text)
        })
        const opened = once(child, 'message')
        child.send('open')
        // It loads its code while this one works.
        if (kill + 1 < KILLS) next = load(kill + 1)
        await opened
        // However slow the disk is, most lives get something done; the others end wherever they are.
        if (kill % 3 !== 0) await until(() => said.has('accepted') && said.has('done'), 'something is accepted and done')
        await pause(random() * 40)
        child.kill('SIGKILL')
        await once(child, 'close')
        for (const text of asked) if (!done.has(text)) accepted.delete(text)
      }
      const queue = await (await open()).queue('a')
      const left = new Set((await queue.take(LIMIT)).map(({ text }) => text))
      assert.ok(done.size >= (KILLS * 2) / 3, `only ${done.size} were done`)
      assert.ok(accepted.size >= KILLS / 2, `only ${accepted.size} were accepted`)
      assert.deepEqual([...accepted].filter((text) => !left.has(text) && !done.has(text)), [])
      assert.deepEqual([...done].filter((text) => left.has(text)), [])
    })
  })
})
