/** The lock of a store's folder: one owner at a time, and a successor after any end of the owner. */
import assert from 'node:assert/strict'
import { renameSync } from 'node:fs'
import fs, { link, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import net, { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sinon from 'sinon'
import { lockFolder, type Lock } from '../../../src/lib/store/embedded/lock'
import { fault } from './power-cuts'

/** A process that listens there. */
const listenAt = (path: string): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy())
    server.listen(path, () => resolve(server))
  })
const end = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))

describe('the lock of a folder', () => {
  let parent: string
  let folder: string
  const locks: Lock[] = []
  const servers: Server[] = []
  const usual = process.env.TMPDIR

  beforeEach(async function () {
    // A pipe of Windows has no file, and goes with its process.
    if (process.platform === 'win32') this.skip()
    parent = await mkdtemp(join(tmpdir(), 'lock-'))
    folder = join(parent, 'a')
    await mkdir(folder)
  })
  afterEach(async () => {
    sinon.restore()
    if (usual === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = usual
    await Promise.all(locks.splice(0).map((lock) => lock.release()))
    await Promise.all(servers.splice(0).map(end))
    await rm(parent, { recursive: true, force: true })
  })

  /** Tries once. */
  const lockNow = async (where = folder): Promise<Lock> => {
    const lock = await lockFolder(where, 0)
    locks.push(lock)
    return lock
  }
  const refused = (where = folder): Promise<void> => assert.rejects(lockFolder(where, 0), { code: 'UNUSABLE', message: /is used by another process/ })
  /** What an owner leaves that was killed. */
  const leaveDead = async (): Promise<void> => {
    const server = await listenAt(join(folder, 'dying'))
    await link(join(folder, 'dying'), join(folder, 'lock'))
    await end(server)
  }
  /** Another process takes the lock. */
  const takeByOther = async (): Promise<void> => {
    servers.push(await listenAt(join(parent, 'other')))
    await rename(join(parent, 'other'), join(folder, 'lock'))
  }

  it('has one owner, who leaves nothing behind', async () => {
    const listening = sinon.spy(net, 'createServer')
    const isListening = (): boolean[] => listening.returnValues.map((server) => server.listening)
    const lock = await lockNow()
    assert.deepEqual(await readdir(folder), ['lock'])
    await refused()
    assert.deepEqual([await readdir(folder), isListening()], [['lock'], [true, false]], 'who is refused leaves nothing')
    await lock.release()
    assert.deepEqual([await readdir(folder), isListening()], [[], [false, false]])
    await lockNow()
  })

  it('is waited for until its owner has ended, but no longer than was said', async () => {
    const lock = await lockNow()
    const waiting = lockFolder(folder, 10_000)
    await assert.rejects(lockFolder(folder, 10), { code: 'UNUSABLE' })
    await lock.release()
    locks.push(await waiting)
  })

  it('is taken over from a dead owner', async () => {
    await leaveDead()
    await lockNow()
    assert.deepEqual(await readdir(folder), ['lock'])
    await refused()
  })

  it('is taken over where its name is a file on which nobody listens', async () => {
    await writeFile(join(folder, 'lock'), '')
    await lockNow()
    await refused()
  })

  it('goes to one of those who come at the same moment, also after a dead owner', async () => {
    for (let round = 0; round < 4; round += 1) {
      if (round % 2 === 1) await leaveDead()
      const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => lockNow()))
      assert.equal(attempts.filter(({ status }) => status === 'fulfilled').length, 1, `round ${round}`)
      await Promise.all(locks.splice(0).map((lock) => lock.release()))
      assert.deepEqual(await readdir(folder), [])
    }
  })

  it('keeps its name when it is taken for a dead one that it has just replaced', async () => {
    await leaveDead()
    const renaming = sinon.stub(fs, 'rename').callsFake(async (from, to) => {
      renaming.restore()
      await takeByOther()
      await rename(from, to)
    })
    await refused()
    assert.deepEqual(await readdir(folder), ['lock'])
    await end(servers.pop()!)
    await lockNow()
  })

  it('is taken when another one has moved the dead one away', async () => {
    await leaveDead()
    const renaming = sinon.stub(fs, 'rename').callsFake(async (from, to) => {
      renaming.restore()
      await rm(from)
      await rename(from, to)
    })
    await lockNow()
  })

  it('is left to another one that saw the same dead one and comes a moment later', async () => {
    await leaveDead()
    servers.push(await listenAt(join(parent, 'other')))
    const linking = sinon.stub(fs, 'link').callsFake(async (from, to) => {
      await linking.wrappedMethod(from, to)
      linking.restore()
      setTimeout(() => renameSync(join(parent, 'other'), join(folder, 'lock')), 5)
    })
    await refused()
    assert.deepEqual(await readdir(folder), ['lock'])
  })

  it('of another one is not removed by who had it before', async () => {
    const lock = await lockNow()
    await takeByOther()
    await lock.release()
    assert.deepEqual(await readdir(folder), ['lock'])
    await refused()
  })

  for (const code of ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'ENAMETOOLONG'])
    it(`is in the temporary folder where a disk cannot have it (${code})`, async () => {
      const temporary = join(parent, 'tmp')
      const linking = sinon.stub(fs, 'link').callsFake(async (from, to) => {
        if (!String(to).startsWith(temporary)) throw fault(code)
        await linking.wrappedMethod(from, to)
      })
      for (const path of [temporary, join(parent, 'b')]) await mkdir(path)
      process.env.TMPDIR = temporary
      const lock = await lockNow()
      assert.match((await readdir(temporary)).join(), /^sensor-clouds-[\da-f]{24}$/)
      await refused()
      await lockNow(join(parent, 'b'))
      await lock.release()
      assert.equal((await readdir(temporary)).length, 1, 'that of the other folder')
      await lockNow()
    })

  it('cannot be had in a folder that does not exist', () => assert.rejects(lockFolder(join(parent, 'missing'), 0), { code: /^E(ACCES|NOENT)$/ }))

  for (const name of ['link', 'rename'] as const)
    it(`fails with the fault of the disk when it is another one (${name})`, async () => {
      await leaveDead()
      sinon.stub(fs, name).rejects(fault('EROFS'))
      await assert.rejects(lockFolder(folder, 0), { code: 'EROFS' })
      sinon.restore()
      assert.deepEqual(await readdir(folder), ['lock'], 'nothing else is left')
      await lockNow()
    })

  it('can be had in a folder whose path is longer than that of a socket may be', async function () {
    if (process.platform !== 'linux') this.skip()
    const long = join(parent, 'x'.repeat(120))
    await mkdir(long)
    const opening = sinon.spy(fs, 'open')
    const lock = await lockNow(long)
    assert.deepEqual(await readdir(long), ['lock'])
    assert.deepEqual((await Promise.all(opening.returnValues)).map(({ fd }) => fd), [-1], 'the folder is not kept open')
    await refused(long)
    await lock.release()
    await lockNow(long)
  })
})
