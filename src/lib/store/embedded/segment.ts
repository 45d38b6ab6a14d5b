/** One file of a queue: batches of entries, and the ids of entries that are done. */
import type { Clock } from '../../base/clock'
import { RecordFile } from './record-file'

const ENTRIES = 1
const DONE = 2
/** Kind, first id, epoch ms, number of entries. */
const ENTRIES_HEAD = 17
const NUMBER = 6

/** Where the text of an entry stands. */
export interface Place {
  segment: Segment
  position: number
  length: number
}

export interface SegmentEvents {
  entry(id: number, at: number, place: Place): void
  done(id: number): void
}

export class Segment {
  /** Ascending in the order of the files. */
  readonly number: number
  /** Entries in it that are not done. */
  live = 0
  /** Bytes of their texts. */
  liveBytes = 0
  #file: RecordFile | undefined

  constructor(number: number) {
    this.number = number
  }

  static async open(path: string, number: number, clock: Clock, events: SegmentEvents): Promise<Segment> {
    const segment = new Segment(number)
    segment.#file = await RecordFile.open(path, clock, (payload, position) => segment.#show(payload, position, events))
    return segment
  }

  get file(): RecordFile {
    if (!this.#file) throw new Error('the segment is not open')
    return this.#file
  }

  /**
   * @param syncWithin as for RecordFile.append
   * @returns the place of each text, in their order
   */
  async append(firstId: number, at: number, texts: readonly string[], syncWithin = 0): Promise<Place[]> {
    const encoded = texts.map((text) => Buffer.from(text))
    const payload = Buffer.concat([entriesHead(firstId, at, encoded.length), ...encoded.flatMap((text) => [lengthOf(text), text])])
    let position = (await this.file.append(payload, syncWithin)) + ENTRIES_HEAD
    return encoded.map(({ length }) => {
      const place = { segment: this, position: position + 4, length }
      position += 4 + length
      return place
    })
  }

  /** @param syncWithin as for RecordFile.append */
  async done(ids: readonly number[], syncWithin: number): Promise<void> {
    const payload = Buffer.alloc(1 + ids.length * NUMBER, DONE)
    ids.forEach((id, index) => payload.writeUIntLE(id, 1 + index * NUMBER, NUMBER))
    await this.file.append(payload, syncWithin)
  }

  #show(payload: Buffer, position: number, events: SegmentEvents): void {
    if (payload[0] === DONE) {
      for (let at = 1; at < payload.length; at += NUMBER) events.done(payload.readUIntLE(at, NUMBER))
      return
    }
    const first = payload.readUIntLE(1, NUMBER)
    const at = payload.readUIntLE(1 + NUMBER, NUMBER)
    const count = payload.readUInt32LE(1 + 2 * NUMBER)
    let offset = ENTRIES_HEAD
    for (let index = 0; index < count; index += 1) {
      const length = payload.readUInt32LE(offset)
      events.entry(first + index, at, { segment: this, position: position + offset + 4, length })
      offset += 4 + length
    }
  }
}

function entriesHead(firstId: number, at: number, count: number): Buffer {
  const head = Buffer.alloc(ENTRIES_HEAD, ENTRIES)
  head.writeUIntLE(firstId, 1, NUMBER)
  head.writeUIntLE(Math.max(0, Math.floor(at)), 1 + NUMBER, NUMBER)
  head.writeUInt32LE(count, 1 + 2 * NUMBER)
  return head
}

function lengthOf(text: Buffer): Buffer {
  const length = Buffer.allocUnsafe(4)
  length.writeUInt32LE(text.length)
  return length
}
