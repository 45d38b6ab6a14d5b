/** Entries of a queue as memory holds them, and their texts as the files hold them. */
import type { Entry } from '../store'
import type { Place } from './segment'

export interface Kept {
  /** Epoch ms at which it was accepted. */
  at: number
  place: Place
  /** Whether somebody has taken it. */
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
