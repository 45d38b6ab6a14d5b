/** What a file of records has after a crash, a power cut or damage: which records are found, and what counts as damage. */
import assert from 'node:assert/strict'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileWindow } from '../../../src/lib/store/embedded/file-window'
import { HEAD, headOf, LONGEST } from '../../../src/lib/store/embedded/record-format'
import { scanRecords, type Scan } from '../../../src/lib/store/embedded/record-scan'

/** Bytes that the scan reads at once. */
const CHUNK = 1024 * 1024
/** Zeros that a power cut may leave at the end of a file. */
const MOST_ZEROS = 8 * 1024

const recordOf = (text: string): Buffer => Buffer.concat([headOf(Buffer.from(text)), Buffer.from(text)])
const zeros = (count: number): Buffer => Buffer.alloc(count)
const rubbish = (count: number): Buffer => Buffer.alloc(count, 'rubbish ')
/** A head that announces so many bytes. */
const headFor = (length: number): Buffer => {
  const head = headOf(Buffer.from('x'))
  head.writeUInt32LE(length, 2)
  return head
}
/** A record whose byte at this place is another one. */
const spoiled = (record: Buffer, at: number): Buffer => {
  const copy = Buffer.from(record)
  copy[at]! ^= 1
  return copy
}

const FIRST = recordOf('first')
const SECOND = recordOf('the second one')

describe('the scan of a file', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'record-scan-'))
  })
  after(() => rm(folder, { recursive: true }))

  /** The texts of the records with the places of their payloads, and the result of the scan. */
  async function scan(...parts: readonly Buffer[]): Promise<Scan & { texts: string[] }> {
    const path = join(folder, 'records.log')
    const content = Buffer.concat(parts)
    await writeFile(path, content)
    const handle = await open(path, 'r')
    const texts: string[] = []
    try {
      const found = await scanRecords(handle, (payload, position) => {
        assert.ok(payload.equals(content.subarray(position, position + payload.length)), 'the payload is not at its place')
        texts.push(payload.length > 100 ? `${payload.length} bytes` : payload.toString())
      })
      return { texts, ...found }
    } finally {
      await handle.close()
    }
  }

  it('finds every record of a whole file, and nothing in an empty one', async () => {
    assert.deepEqual(await scan(), { texts: [], end: 0, damaged: 0, torn: false })
    assert.deepEqual(await scan(FIRST, SECOND), { texts: ['first', 'the second one'], end: FIRST.length + SECOND.length, damaged: 0, torn: false })
  })

  describe('takes for an interrupted append, and for no damage,', () => {
    const torn = { texts: ['first'], end: FIRST.length, damaged: 0, torn: true }

    it('a record that is cut off anywhere', async () => {
      for (let length = 1; length < SECOND.length; length += 1) assert.deepEqual(await scan(FIRST, SECOND.subarray(0, length)), torn, `${length} bytes`)
    })

    it('a record that is cut off anywhere, with zeros behind it', async () => {
      for (let length = 0; length < SECOND.length; length += 1)
        for (const count of [1, SECOND.length, MOST_ZEROS - SECOND.length]) assert.deepEqual(await scan(FIRST, SECOND.subarray(0, length), zeros(count)), torn, `${length} bytes and ${count} zeros`)
    })

    it('a record of which a part in the middle is missing, with zeros behind it', async () => assert.deepEqual(await scan(FIRST, spoiled(SECOND, HEAD), zeros(1)), torn))

    it('zeros, as many as a power cut may leave', async () => assert.deepEqual(await scan(FIRST, zeros(MOST_ZEROS)), torn))

    it('the beginning of the longest record', async () => assert.deepEqual(await scan(FIRST, headFor(LONGEST), rubbish(100)), torn))

    it('a file that has nothing else', async () => assert.deepEqual(await scan(SECOND.subarray(0, HEAD + 1)), { texts: [], end: 0, damaged: 0, torn: true }))
  })

  describe('counts as damage', () => {
    for (const [what, tail] of [
      ['a record of full length with a wrong byte', spoiled(SECOND, SECOND.length - 1)],
      ['more zeros than a power cut may leave', zeros(MOST_ZEROS + 1)],
      ['a cut record with more zeros behind it', Buffer.concat([SECOND.subarray(0, 12), zeros(MOST_ZEROS + 1)])],
      ['bytes that begin no record', rubbish(30)],
      ['a few bytes that begin no record', rubbish(1)],
      ['half a mark with another byte behind it', Buffer.from([0xa5, 0x33])],
      ['a head of a record without bytes', Buffer.concat([headFor(0), rubbish(20)])],
      ['a head of a record that is longer than any', headFor(LONGEST + 1)],
      ['a wrong record with something behind it', Buffer.concat([spoiled(SECOND, HEAD), rubbish(1)])],
      ['a wrong record with something and zeros behind it', Buffer.concat([spoiled(SECOND, HEAD), rubbish(1), zeros(1)])],
    ] as const)
      it(`${what} at the end`, async () => assert.deepEqual(await scan(FIRST, tail), { texts: ['first'], end: FIRST.length, damaged: tail.length, torn: false }))

    for (const [what, middle] of [
      ['a spoiled record', spoiled(FIRST, 12)],
      ['one byte', rubbish(1)],
      ['rubbish', rubbish(777)],
      ['half a record', FIRST.subarray(0, 12)],
      ['marks without records', Buffer.concat([FIRST.subarray(0, 2), FIRST.subarray(0, 2)])],
      ['a head that announces more bytes than there are', headFor(1000)],
    ] as const)
      it(`${what} between records, which are found`, async () => {
        const parts = [middle, FIRST, middle, SECOND, FIRST]
        const end = Buffer.concat(parts).length
        assert.deepEqual(await scan(...parts), { texts: ['first', 'the second one', 'first'], end, damaged: 2 * middle.length, torn: false })
      })

    it('what is in the middle, and not the interrupted append at the end', async () => {
      const end = FIRST.length + 5 + SECOND.length
      assert.deepEqual(await scan(FIRST, rubbish(5), SECOND, FIRST.subarray(0, 3)), { texts: ['first', 'the second one'], end, damaged: 5, torn: true })
    })

    it('what is in the middle together with what is at the end', async () =>
      assert.deepEqual(await scan(FIRST, rubbish(5), SECOND, rubbish(7)), { texts: ['first', 'the second one'], end: FIRST.length + 5 + SECOND.length, damaged: 12, torn: false }))
  })

  describe('of a file that is larger than what is read at once', () => {
    it('finds a record wherever a reading ends in it', async () => {
      for (let before = CHUNK - SECOND.length - 1; before <= CHUNK + 1; before += 4) {
        const filler = recordOf('x'.repeat(before - HEAD))
        assert.deepEqual((await scan(filler, SECOND)).texts, [`${before - HEAD} bytes`, 'the second one'], `${before} bytes before it`)
      }
    })

    for (const left of [-1, 0, 1, HEAD - 1, HEAD, HEAD + 1])
      it(`finds a record behind damage of which a reading has ${left} bytes`, async () => {
        const found = await scan(zeros(CHUNK - left), SECOND, FIRST)
        assert.deepEqual([found.texts, found.damaged], [['the second one', 'first'], CHUNK - left])
      })

    it('finds records that are longer than that', async () => {
      const long = recordOf('x'.repeat(2 * CHUNK + 3))
      assert.deepEqual((await scan(FIRST, long, SECOND)).texts, ['first', `${2 * CHUNK + 3} bytes`, 'the second one'])
      assert.deepEqual(await scan(FIRST, long.subarray(0, -1)), { texts: ['first'], end: FIRST.length, damaged: 0, torn: true })
    })

    it('tells where the zeros at its end begin', async () => {
      const head = Buffer.concat([headFor(3 * CHUNK), rubbish(CHUNK)])
      for (const [count, torn] of [[MOST_ZEROS, true], [MOST_ZEROS + 1, false]] as const) assert.equal((await scan(FIRST, head, zeros(count))).torn, torn, `${count} zeros`)
    })
  })

  it('fails when the file becomes shorter in the meantime', async () => {
    const path = join(folder, 'shorter.log')
    await writeFile(path, SECOND)
    const handle = await open(path, 'r+')
    const window = await FileWindow.of(handle)
    await handle.truncate(3)
    await assert.rejects(window.load(0), /became shorter/)
    await handle.close()
  })
})
