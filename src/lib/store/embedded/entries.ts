/** Entries of a queue: their positions are in memory, their texts in files. */
import type { Entry } from '../store'
import type { Place } from './segment'

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

/** @throws what the file system throws */
export async function readEntries(wanted: readonly Numbered[]): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const span of spansOf(wanted)) {
    const first = span[0]?.[1].place
    const last = span.at(-1)?.[1].place
    if (!first || !last) continue
    const bytes = await first.segment.file.read(first.position, last.position + last.length - first.position)
    for (const [id, { at, place }] of span) {
      const start = place.position - first.position
      entries.push({ id: String(id).padStart(15, '0'), at, text: bytes.toString('utf8', start, start + place.length) })
    }
  }
  return entries
}

/** Runs of entries that lie close together in one file. */
function spansOf(entries: readonly Numbered[]): Numbered[][] {
  const spans: Numbered[][] = []
  for (const entry of entries) {
    const place = entry[1].place
    const span = spans.at(-1)
    const first = span?.[0]?.[1].place
    const near = first && first.segment === place.segment && place.position > first.position && place.position + place.length - first.position < SPAN
    if (near) span.push(entry)
    else spans.push([entry])
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
