/** Entries of a queue: their positions are in memory, their texts in files. */
import type { Entry } from '../store'
import type { Place, Segment } from './segment'

export interface Kept {
  /** Epoch ms at which it was accepted. */
  at: number
  place: Place
  /** Whether it was taken, and neither done nor released. */
  held: boolean
}

export type Numbered = readonly [id: number, kept: Kept]

/** Texts that lie together are read together, up to this many bytes. */
const SPAN = 1024 * 1024

/** Entries that lie close together in one file, read at once. */
interface Span {
  segment: Segment
  from: number
  to: number
  entries: Numbered[]
}

/** @throws what the file system throws */
export async function readEntries(wanted: readonly Numbered[]): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const { segment, from, to, entries: near } of spansOf(wanted)) {
    const bytes = await segment.file.read(from, to - from)
    for (const [id, { at, place }] of near) {
      const start = place.position - from
      entries.push({ id: String(id).padStart(15, '0'), at, text: bytes.toString('utf8', start, start + place.length) })
    }
  }
  return entries
}

function spansOf(entries: readonly Numbered[]): Span[] {
  const spans: Span[] = []
  for (const entry of entries) {
    const { segment, position, length } = entry[1].place
    const to = position + length
    const last = spans.at(-1)
    if (last?.segment === segment && position >= last.to && to - last.from <= SPAN) {
      last.entries.push(entry)
      last.to = to
    } else spans.push({ segment, from: position, to, entries: [entry] })
  }
  return spans
}

/** Bytes of a file that an entry takes beside its text, if it came alone. */
const OVERHEAD = 31

/** Counts an entry for its segment, or takes it off. */
export function count({ place: { segment, length } }: Kept, sign: 1 | -1): void {
  segment.live += sign
  segment.liveBytes += sign * (length + OVERHEAD)
}

/** The entry stands at another place from now on. */
export function moveTo(kept: Kept, place: Place | undefined): void {
  if (!place) return
  count(kept, -1)
  kept.place = place
  count(kept, 1)
}

/** The items in groups of at most `size`. */
export function groupsOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))
}
