/** Tells listeners which readings a call has read, and whether it would have shown newer ones. */
import { isSequence, type Operation, type Page } from '../vocabulary/operation'
import type { Reading } from '../vocabulary/reading'

type Values = Readonly<Record<string, unknown>>

/** What a call is, for those who listen to its readings. */
export interface ReadingSource {
  /** The operation's id in flows. */
  operation: string
  /** The same for all reads that ask for the same. Undefined where newer readings may exist that the read does not show. */
  key: string | undefined
  /** Ms since the vendor gave the oldest answer of the call. */
  age: number
  /** Ms for which the vendor wants no equal request. */
  freshFor: number
}

export interface ReadingNotice extends ReadingSource {
  readings: readonly Reading[]
  /** Set at the end of a call that has read all that it asks for. */
  isComplete: boolean
}

export type ReadingListener = (notice: ReadingNotice) => void

/**
 * The pages of a call. Listeners get their readings before the flow does, since a flow may change them.
 * @param source asked for each notice, because the age changes
 */
export async function* noticed<P extends Page>(pages: AsyncIterable<P>, listeners: Iterable<ReadingListener>, source: () => ReadingSource): AsyncGenerator<P, void, undefined> {
  let hasReadings = false
  const tell = (readings: readonly Reading[], isComplete: boolean): void => {
    for (const listener of listeners) listener({ ...source(), readings, isComplete })
  }
  for await (const page of pages) {
    if (page.readings) {
      hasReadings = true
      tell(page.readings, false)
    }
    yield page
  }
  if (hasReadings) tell([], true)
}

/**
 * The key of a read that shows the newest readings of all that it asks for.
 * @param isSince whether the read leaves out what an earlier one has emitted
 */
export function sourceKey(id: string, operation: Operation, params: Values, isSince: boolean): string | undefined {
  const isGiven = (name: string): boolean => params[name] !== undefined
  const times = Object.keys(operation.fields).filter((name) => operation.fields[name]?.kind === 'time' && isGiven(name))
  if (!isSince) return operation.latest && times.length === 0 ? JSON.stringify([id, params]) : undefined
  // An incremental read begins at its cursor, whatever begin the user gave.
  const begin = isSequence(operation) ? undefined : operation.since?.from
  const source = operation.since?.source ?? []
  const isFiltered = source.some((name) => operation.fields[name]?.required === false && isGiven(name))
  return isFiltered || times.some((name) => name !== begin) ? undefined : JSON.stringify([id, 'since', params])
}
