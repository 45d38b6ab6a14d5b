/** Reads all records of a file. Distinguishes damage from a record that a crash left incomplete. */
import type { FileHandle } from 'node:fs/promises'
import { FileWindow } from './file-window'
import { announcedLength, HEAD, isWhole, MARK } from './record-format'

/** Called with each record of a file and where its payload begins. The payload is valid during the call only. */
export type Visit = (payload: Buffer, position: number) => void

export interface Scan {
  /** Where the last whole record ends. */
  end: number
  /** Bytes that belong to no whole record, without those of an append that a crash interrupted. */
  damaged: number
  /** Whether a crash interrupted an append at the end of the file. */
  torn: boolean
}

/**
 * A power cut may leave zeros at the end of a file whose size was noted before its bytes. More zeros than this count as
 * damage: a false alarm is better than a silent loss.
 */
const MOST_ZEROS = 8 * 1024

export async function scanRecords(handle: FileHandle, visit: Visit): Promise<Scan> {
  const window = await FileWindow.of(handle)
  let damaged = 0
  let end = 0
  let start = 0
  while (start < window.size) {
    const found = recordAt(window, start)
    if (typeof found === 'number') await window.load(start, found)
    else if (found) {
      damaged += start - end
      visit(found, start + HEAD)
      end = start + HEAD + found.length
      start = end
    } else start = window.find(beginsAt, HEAD, start + 1)
  }
  const torn = end < window.size && (await isTorn(window, end))
  return { end, damaged: torn ? damaged : damaged + window.size - end, torn }
}

const beginsAt = (bytes: Buffer, at: number): boolean => announcedLength(bytes, at) !== undefined

/** The payload of the record that begins there; how many bytes must be in memory to tell; undefined when there is none. */
function recordAt(window: FileWindow, start: number): Buffer | number | undefined {
  const left = window.size - start
  if (left < HEAD) return undefined
  const head = window.bytes(start, HEAD)
  if (!head) return HEAD
  const length = announcedLength(head)
  if (length === undefined || HEAD + length > left) return undefined
  const payload = window.bytes(start + HEAD, length)
  if (!payload) return HEAD + length
  return isWhole(head, payload) ? payload : undefined
}

/**
 * Whether the bytes after the last whole record are the beginning of a single one: cut off by the end of the file, or
 * followed by a few zeros. A record that was acknowledged is complete, so its damage looks different.
 */
async function isTorn(window: FileWindow, end: number): Promise<boolean> {
  const written = await lastNonZero(window, end)
  if (window.size - written > MOST_ZEROS) return false
  const available = Math.min(HEAD, window.size - end)
  const head = (await window.load(end, available)).subarray(0, available)
  const begun = Math.min(written - end, MARK.length)
  if (!head.subarray(0, begun).equals(MARK.subarray(0, begun))) return false
  // The length itself may have been cut off.
  if (written - end < HEAD) return true
  const length = announcedLength(head)
  if (length === undefined) return false
  const recordEnd = end + HEAD + length
  return recordEnd > window.size || (written < window.size && written <= recordEnd)
}

/** Where the zeros begin that end the file. */
async function lastNonZero(window: FileWindow, from: number): Promise<number> {
  let last = from
  for (let start = from; start < window.size; ) {
    const bytes = await window.load(start)
    const index = bytes.findLastIndex((byte) => byte !== 0)
    if (index !== -1) last = start + index + 1
    start += bytes.length
  }
  return last
}
