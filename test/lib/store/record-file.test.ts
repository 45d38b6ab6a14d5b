/** An append-only file of records: what it does after damage and after faults of the disk. */
import assert from 'node:assert/strict'
import fs, { mkdtemp, readFile, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sinon from 'sinon'
import { RecordFile } from '../../../src/lib/store/embedded/record-file'
import { HEAD, headOf, LONGEST } from '../../../src/lib/store/embedded/record-format'
import { until } from '../../until'
import { FakeClock } from '../fake-clock'
import { fault, handlePrototype } from './power-cuts'

const recordOf = (text: string): Buffer => Buffer.concat([headOf(Buffer.from(text)), Buffer.from(text)])

describe('a file of records', () => {
  let folder: string
  let path: string
  let clock: FakeClock
  let prototype: FileHandle
  let file: RecordFile
  let texts: string[]

  const open = async (): Promise<RecordFile> => (file = await RecordFile.open(path, clock, (payload) => texts.push(payload.toString())))
  const append = (text: string, syncWithin?: number): Promise<number> => file.append(Buffer.from(text), syncWithin)
  /** How many of the opened handles are not closed. */
  const openHandles = async (opening: sinon.SinonSpy<Parameters<typeof fs.open>, ReturnType<typeof fs.open>>): Promise<number> =>
    (await Promise.allSettled(opening.returnValues)).filter((result) => result.status === 'fulfilled' && result.value.fd !== -1).length

  before(async () => {
    prototype = await handlePrototype()
  })
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'record-file-'))
    path = join(folder, 'records.log')
    clock = new FakeClock()
    texts = []
    await open()
  })
  afterEach(async () => {
    sinon.restore()
    await file.close()
    await rm(folder, { recursive: true })
  })

  it('tells where each record stands, also of those that are written together', async () => {
    const positions = await Promise.all(['one', 'two', 'three'].map((text) => append(text)))
    assert.deepEqual(positions, [HEAD, 2 * HEAD + 3, 3 * HEAD + 6])
    assert.equal(file.size, 3 * HEAD + 11)
    assert.equal((await file.read(positions[2]!, 5)).toString(), 'three')
    await assert.rejects(file.read(positions[2]!, 6), /is shorter than it was/)
    await file.close()
    await open()
    assert.deepEqual(texts, ['one', 'two', 'three'])
  })

  it('refuses a record that would count as damage, and goes on', async () => {
    await assert.rejects(file.append(Buffer.alloc(LONGEST + 1)), { code: 'EFBIG' })
    await append('later')
    assert.deepEqual(await readFile(path), recordOf('later'))
  })

  it('gets nothing new once it is damaged, and is not cut off', async () => {
    await file.close()
    const content = Buffer.concat([recordOf('one'), Buffer.from('rubbish'), recordOf('two'), recordOf('torn').subarray(0, 12)])
    await writeFile(path, content)
    await open()
    assert.deepEqual([texts, file.damaged, file.broken], [['one', 'two'], 7, true])
    await assert.rejects(append('refused'), { code: 'EIO' })
    assert.deepEqual(await readFile(path), content)
  })

  it('is closed when it cannot be opened', async () => {
    await file.close()
    await rm(path)
    const opening = sinon.spy(fs, 'open')
    const syncing = sinon.stub(prototype, 'sync').rejects(fault('EIO'))
    await assert.rejects(open(), { code: 'EIO' })
    assert.equal(await openHandles(opening), 0)
    await open()
    assert.ok(syncing.calledTwice, 'the name of an earlier file is synced if that can be')
    assert.equal(await openHandles(opening), 1, 'only the file is open')
  })

  it('needs no timer after an append that was refused', async () => {
    const failing = sinon.stub(prototype, 'datasync').onFirstCall().rejects(fault('EIO'))
    failing.callThrough()
    await assert.rejects(append('refused'), { code: 'EIO' })
    assert.deepEqual([clock.pending, file.broken, file.size], [0, false, 0])
    await append('later')
    assert.deepEqual(await readFile(path), recordOf('later'))
  })

  it('writes again what could not be synced, at its place', async () => {
    await append('synced')
    await append('waiting', 1_000)
    const failing = sinon.stub(prototype, 'datasync').callsFake(async function (this: FileHandle) {
      // The system drops what it could not sync.
      await this.write(Buffer.alloc(recordOf('waiting').length), 0, undefined, recordOf('synced').length)
      throw fault('EIO')
    })
    await clock.advance(1_000)
    await until(() => clock.pending === 1, 'it is tried again later')
    failing.restore()
    const syncing = sinon.spy(prototype, 'datasync')
    await clock.advance(10_000)
    await until(() => syncing.called, 'it syncs again')
    await file.close()
    assert.deepEqual(await readFile(path), Buffer.concat([recordOf('synced'), recordOf('waiting')]))
    assert.equal(clock.pending, 0)
    await open()
  })

  it('closes although the disk cannot sync', async () => {
    await append('waiting', 1_000)
    sinon.stub(prototype, 'datasync').rejects(fault('EIO'))
    await file.close()
    assert.equal(clock.pending, 0)
    sinon.restore()
    await open()
    assert.deepEqual(texts, ['waiting'])
  })
})
