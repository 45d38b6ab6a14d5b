/** What forms and runtime must agree on: requests with a typed account, environment references, callback paths, picker search. */
import type { PickOption } from '../../lib/vocabulary/vendor'
import { sentence, type Sentence } from '../../lib/base/sentence'

export interface AccountRequest {
  id: string
  type: string
  settings: Readonly<Record<string, unknown>>
  /** Only those that were typed: the server knows the stored ones, and the browser never does. */
  credentials: Readonly<Record<string, string>>
}

/** What Node-RED's dialogs show in place of a stored password. */
export const STORED_PASSWORD = '__PWRD__'

export const isStoredPassword = (value: unknown): boolean => value === STORED_PASSWORD

export const typedCredentials = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && !isStoredPassword(entry[1])))

/** Node-RED's own rule: the whole value, without a blank around it. */
const REFERENCE = /^\$(?:\{\S+\}|\(\S+\))$/

export const isReference = (value: unknown): value is string => typeof value === 'string' && REFERENCE.test(value)

/** The name in `${NAME}`, or in the older form `$(NAME)`. */
export const variableName = (reference: string): string => reference.slice(2, -1)

/** What an event node may watch beside the vendor's events, with the seconds between two reads where the node gives none. */
export const WATCH_INTERVALS = { silence: 300, battery: 3600, devices: 3600 } as const
export type WatchedSource = keyof typeof WATCH_INTERVALS

/** The source of an event node, if it is one that the node watches itself. */
export const watchedSource = (source: unknown): WatchedSource | undefined =>
  typeof source === 'string' && Object.hasOwn(WATCH_INTERVALS, source) ? (source as WatchedSource) : undefined

/** Seconds. */
export const LEAST_WATCH_INTERVAL = 10

/** How a generated path begins. */
export const SECRET_PATHS = '/sensor-clouds/events/'

const PATH = /^(?:\/[\w.~-]+)*\/[\w~-]{16,}$/

/** The end of a sentence that begins with "the path"; undefined when it is right. */
export const callbackPathProblem = (path: string): Sentence | undefined =>
  PATH.test(path) ? undefined : sentence`must begin with / and end with a part of at least 16 letters and digits that nobody can guess`

/** Options in whose label, detail or value every word of the search stands. */
export function matchingOptions(options: readonly PickOption[], search: string): PickOption[] {
  const words = search.toLowerCase().split(/[\s,]+/).filter(Boolean)
  return options.filter(({ value, label, detail = '' }) => {
    const text = `${label} ${detail} ${value}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
