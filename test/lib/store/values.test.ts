/** The log of the values: when it is written anew, what it keeps then, and what that costs the disk. */
import assert from 'node:assert/strict'
import fs, { mkdtemp, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sinon, { type SinonSpy } from 'sinon'
import { RecordFile } from '../../../src/lib/store/embedded/record-file'
import { Values } from '../../../src/lib/store/embedded/values'
import { until } from '../../until'
import { FakeClock } from '../fake-clock'
import { fault, handlePrototype } from './power-cuts'

/** Bytes of a log that is not worth writing anew. */
const SMALLEST = 256 * 1024
const KIB = 'x'.repeat(1024)

describe('the log of the values', () => {
  let folder: string
  let path: string
  let clock: FakeClock
  let values: Values
  let damage: number[]
  let prototype: FileHandle
  /** Each time that the log is written anew. */
  let renamed: SinonSpy

  const open = async (): Promise<void> => {
    values = await Values.open(path, clock, (bytes) => damage.push(bytes))
  }
  const reopen = async (): Promise<void> => {
    await values.close()
    await open()
  }
  const set = (key: string, text: string, lifetime?: number): Promise<void> => values.set(key, text, lifetime, Infinity)
  /** Changes one value so many times. */
  const overwrite = async (key: string, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) await set(key, `${time} ${KIB}`)
  }
  const sizeOfLog = async (): Promise<number> => (await stat(path)).size
  /** A change waits until it is. */
  const isRenewed = (): void => assert.ok(renamed.called, 'the log was not written anew')

  before(async () => {
    prototype = await handlePrototype()
  })
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'values-'))
    path = join(folder, 'values.log')
    clock = new FakeClock()
    damage = []
    renamed = sinon.spy(fs, 'rename')
    await open()
  })
  afterEach(async () => {
    sinon.restore()
    await values.close()
    await rm(folder, { recursive: true })
  })

  it('grows up to 256 KiB, and is short again once it is longer', async () => {
    await overwrite('key', 230)
    assert.ok((await sizeOfLog()) > SMALLEST * 0.9)
    assert.equal(renamed.callCount, 0)
    await overwrite('key', 40)
    isRenewed()
    assert.ok((await sizeOfLog()) < 50_000)
    assert.equal(renamed.callCount, 1)
    await reopen()
    assert.equal(values.get('key'), `39 ${KIB}`)
  })

  it('is not written anew while a third of it is needed', async () => {
    for (let index = 0; index < 300; index += 1) await set(`key ${index}`, KIB)
    await overwrite('key 0', 500)
    assert.equal(renamed.callCount, 0)
    await overwrite('key 0', 200)
    isRenewed()
    assert.ok((await sizeOfLog()) < 600 * 1024)
  })

  it('is not written anew where all of many short values are needed', async () => {
    await Promise.all(Array.from({ length: 6_000 }, (_, index) => set(`${index}`, '')))
    await set('last', '')
    assert.ok((await sizeOfLog()) > SMALLEST)
    assert.equal(renamed.callCount, 0)
  })

  it('counts what is forgotten as outdated, before and after a restart', async () => {
    for (const restarts of [false, true]) {
      renamed.resetHistory()
      for (let index = 0; index < 200; index += 1) await set(`forgotten ${index}`, KIB, 1000)
      await clock.advance(1000)
      if (restarts) await reopen()
      else for (let index = 0; index < 200; index += 1) assert.equal(values.get(`forgotten ${index}`), undefined)
      await overwrite('key', 100)
      isRenewed()
    }
  })

  it('loses what is forgotten when it is written anew, although nobody has asked for it', async () => {
    for (let index = 0; index < 100; index += 1) await set(`forgotten ${index}`, KIB, 1000)
    await clock.advance(1000)
    await overwrite('key', 240)
    isRenewed()
    assert.ok((await sizeOfLog()) < 100_000)
  })

  it('costs a sync of its folder only after it was written anew', async () => {
    const syncs = sinon.spy(prototype, 'sync')
    await overwrite('key', 200)
    assert.equal(syncs.callCount, 0)
    await overwrite('key', 60)
    isRenewed()
    await overwrite('key', 20)
    assert.equal(syncs.callCount, 2, 'one for the new file, one for its new name')
    assert.equal(renamed.callCount, 1)
  })

  it('gets nothing from the deletion of what it does not have', async () => {
    await set('key', 'text')
    await values.delete('key')
    const size = await sizeOfLog()
    await Promise.all([values.delete('key'), values.delete('other')])
    assert.equal(await sizeOfLog(), size)
  })

  it('keeps a copy of what was damaged, once', async () => {
    await set('first', 'text')
    await values.close()
    const log = await RecordFile.open(path, clock, () => undefined)
    for (const unreadable of ['no JSON', '{"value":{"text":"no key"}}']) await log.append(Buffer.from(unreadable))
    await log.append(Buffer.from('{"key":"last","value":{"text":"text"}}'))
    await log.close()
    const damaged = await readFile(path)
    await open()
    assert.deepEqual(damage, [7 + 27])
    assert.deepEqual(['first', 'last', 'undefined'].map((key) => values.get(key)), ['text', 'text', undefined])
    await overwrite('key', 300)
    assert.ok(renamed.callCount > 1)
    await reopen()
    assert.deepEqual(damage, [7 + 27])
    assert.deepEqual((await readdir(folder)).toSorted(), ['values.log', 'values.log.damaged-1'])
    assert.deepEqual(await readFile(`${path}.damaged-1`), damaged)
  })

  it('has no copy of what was never damaged', async () => {
    await overwrite('key', 300)
    isRenewed()
    await values.close()
    assert.deepEqual(await readdir(folder), ['values.log'])
    await open()
  })

  it('stays as it is when it cannot be written anew, leaves no half of a new one, and is written anew later', async () => {
    renamed.restore()
    const failing = sinon.stub(fs, 'rename').rejects(fault('EIO'))
    await overwrite('key', 260)
    assert.ok(failing.called)
    await until(async () => (await readdir(folder)).join() === 'values.log', 'the new log is removed')
    failing.restore()
    renamed = sinon.spy(fs, 'rename')
    await overwrite('key', 3)
    isRenewed()
    await reopen()
    assert.deepEqual([values.get('key'), await readdir(folder)], [`2 ${KIB}`, ['values.log']])
  })

  it('tells why it cannot be replaced after it broke', async () => {
    await set('key', 'kept')
    sinon.stub(prototype, 'datasync').rejects(fault('EIO'))
    const truncating = sinon.stub(prototype, 'truncate').rejects(fault('EIO'))
    await assert.rejects(values.set('key', 'refused', undefined, 0), { code: 'EIO' })
    const opening = sinon.stub(fs, 'open').rejects(fault('EMFILE'))
    await assert.rejects(values.set('key', 'refused', undefined, 0), { code: 'EMFILE' })
    assert.ok(truncating.called && opening.called)
    sinon.restore()
    await set('key', 'later')
    await reopen()
    assert.equal(values.get('key'), 'later')
  })
})
