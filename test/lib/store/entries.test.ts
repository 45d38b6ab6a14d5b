/** Reading entries of a queue: few readings of the disk, and little memory. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sinon from 'sinon'
import { groupsOf, readEntries, type Kept, type Numbered } from '../../../src/lib/store/embedded/entries'
import { Segment } from '../../../src/lib/store/embedded/segment'
import { FakeClock } from '../fake-clock'
import { handlePrototype } from './power-cuts'

const AT = 1_770_000_000_000
const KIB = 1024

describe('the entries of a queue', () => {
  let folder: string
  let prototype: FileHandle
  const segments: Segment[] = []

  before(async () => {
    prototype = await handlePrototype()
  })
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entries-'))
  })
  afterEach(async () => {
    sinon.restore()
    await Promise.all(segments.splice(0).map(({ file }) => file.close()))
    await rm(folder, { recursive: true })
  })

  const segment = async (): Promise<Segment> => {
    const number = segments.length + 1
    const made = await Segment.open(join(folder, `${number}.log`), number, new FakeClock(), { entry: () => undefined, done: () => undefined })
    segments.push(made)
    return made
  }
  /** Entries in the order of the texts, each in a record of its own. */
  const write = async (target: Segment, texts: readonly string[], firstId = 1): Promise<Numbered[]> => {
    const numbered: Numbered[] = []
    for (const [index, text] of texts.entries()) {
      const [place] = await target.append(firstId + index, AT, [text], Infinity)
      assert.ok(place)
      const kept: Kept = { at: AT, place, held: false }
      numbered.push([firstId + index, kept])
    }
    return numbered
  }
  /** Reads, and tells the texts and how often the disk was read. */
  const read = async (wanted: readonly Numbered[]): Promise<{ texts: string[]; times: number }> => {
    const reading = sinon.spy(prototype, 'read')
    const entries = await readEntries(wanted)
    reading.restore()
    assert.deepEqual(entries.map(({ id, at }) => [id, at]), wanted.map(([id]) => [String(id).padStart(15, '0'), AT]))
    return { texts: entries.map(({ text }) => text), times: reading.callCount }
  }

  it('that lie together are read at once, also with others between them', async () => {
    const texts = ['one', '', 'größer', 'four', 'five']
    const entries = await write(await segment(), texts)
    assert.deepEqual(await read(entries), { texts, times: 1 })
    assert.deepEqual(await read([entries[0]!, entries[2]!, entries[4]!]), { texts: ['one', 'größer', 'five'], times: 1 })
    assert.deepEqual(await read([]), { texts: [], times: 0 })
  })

  it('are read up to 1 MiB at once, or one that is longer', async () => {
    for (const [sizes, times] of [[[400, 400, 400, 400], 2], [[600, 600, 600], 3], [[300, 300, 300, 2000, 1], 3]] as const) {
      const texts = sizes.map((size, index) => `${index}${'x'.repeat(size * KIB)}`)
      assert.deepEqual(await read(await write(await segment(), texts)), { texts, times })
    }
  })

  it('of several files are read from each', async () => {
    const first = await write(await segment(), ['one', 'two'])
    const second = await write(await segment(), ['much longer than before', 'four'], 3)
    assert.deepEqual(await read([...first, ...second]), { texts: ['one', 'two', 'much longer than before', 'four'], times: 2 })
  })

  it('may stand in another order in a file than in the queue', async () => {
    const [one, two, three] = await write(await segment(), ['one', 'two', 'three'])
    assert.deepEqual((await read([three!, one!, two!])).texts, ['three', 'one', 'two'])
    assert.deepEqual((await read([two!, two!])).texts, ['two', 'two'])
  })

  it('are copied in groups of a size', () => {
    assert.deepEqual(groupsOf([1, 2, 3, 4, 5, 6, 7], 3), [[1, 2, 3], [4, 5, 6], [7]])
    assert.deepEqual(groupsOf([1, 2], 2), [[1, 2]])
    assert.deepEqual(groupsOf([], 2), [])
  })
})
