/** A record in a file: mark (2 bytes), length (4 bytes, little endian), CRC-32 of the payload (4 bytes), payload. */
import { crc32 } from 'node:zlib'

export const MARK = Buffer.from([0xa5, 0x5c])
/** Bytes before the payload. */
export const HEAD = MARK.length + 8
/** Longest payload in bytes. A greater length in a file is damage. */
export const LONGEST = 64 * 1024 * 1024

export function headOf(payload: Buffer): Buffer {
  const head = Buffer.allocUnsafe(HEAD)
  MARK.copy(head)
  head.writeUInt32LE(payload.length, MARK.length)
  head.writeUInt32LE(crc32(payload), MARK.length + 4)
  return head
}

/**
 * The length that a head announces; undefined when the bytes there are not a head. A record of no bytes does not exist.
 * It makes no objects, since a damaged file may have millions of marks.
 */
export function announcedLength(bytes: Buffer, at = 0): number | undefined {
  if (bytes.length - at < HEAD || bytes[at] !== MARK[0] || bytes[at + 1] !== MARK[1]) return undefined
  const length = bytes.readUInt32LE(at + MARK.length)
  return length === 0 || length > LONGEST ? undefined : length
}

export const isWhole = (head: Buffer, payload: Buffer): boolean => crc32(payload) === head.readUInt32LE(MARK.length + 4)
