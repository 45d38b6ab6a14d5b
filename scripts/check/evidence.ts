/** Whether everything has evidence, and whether the evidence cites and names what there is. */
import type { Vendor } from '../../src/lib/vocabulary/vendor'
import { evidenceRows, readSeenLive, type SeenLive } from '../conformance'

/** What has no evidence at all, a line each. */
export const withoutEvidence = (known: readonly Vendor[]): string[] =>
  known.flatMap((vendor) =>
    evidenceRows(vendor)
      .filter(({ evidence: { documented, seen, unverified } }) => (documented ?? seen ?? unverified) === undefined)
      .map(({ what }) => `${vendor.title}, ${what}: say where it is documented or seen, or mark it unverified`),
  )

/** A source's key, such as `R0` or `S1a`. */
const KEY = /\b[A-Z]\d[a-z]?\b/g

/** Keys that are cited and stand in no list of sources, and sources that nothing cites. */
export const wrongSources = (known: readonly Vendor[]): string[] =>
  known.flatMap((vendor) => {
    const places = evidenceRows(vendor).flatMap(({ evidence }) => [evidence.documented ?? '', evidence.seen ?? ''])
    const cited = new Set(places.flatMap((text) => text.match(KEY) ?? []))
    const listed = Object.keys(vendor.sources ?? {})
    return [
      ...[...cited].filter((key) => !listed.includes(key)).map((key) => `${vendor.title}: evidence cites ${key}, and the sources lack it`),
      ...listed.filter((key) => !cited.has(key)).map((key) => `${vendor.title}: nothing cites the source ${key}`),
    ]
  })

/** Entries of docs/seen-live.json that name nothing. */
export const unknownSeenLive = (known: readonly Vendor[], seenLive: SeenLive): string[] =>
  Object.entries(seenLive).flatMap(([id, days]) => {
    const vendor = known.find((candidate) => candidate.id === id)
    if (!vendor) return [`docs/seen-live.json: there is no vendor "${id}"`]
    const keys = evidenceRows(vendor).map(({ key }) => key)
    return Object.keys(days).flatMap((key) => (keys.includes(key) ? [] : [`docs/seen-live.json: ${vendor.title} has no operation "${key}"`]))
  })

/** Everything that is wrong with the evidence. */
export const wrongEvidence = (known: readonly Vendor[], seenLive: SeenLive = readSeenLive()): string[] => [
  ...withoutEvidence(known),
  ...wrongSources(known),
  ...unknownSeenLive(known, seenLive),
]
