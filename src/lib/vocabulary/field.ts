/** The fields of an operation or account, and the params that are inferred from them. */

/** Where a field travels: in the route's path, the query, the body, or nowhere by itself (its operation reads it). */
export type Place = 'path' | 'query' | 'body' | 'none'

export type Kind = 'text' | 'number' | 'boolean' | 'time' | 'list' | 'json' | 'choice' | 'file'

/** A time is epoch milliseconds; a text is left as the user wrote it, for a vendor whose own form is not known. */
export type TimeValue = number | string

/** The value that each kind has once it has been checked. */
interface ValueOfKind {
  text: string
  number: number
  boolean: boolean
  time: TimeValue
  list: string[]
  json: unknown
  choice: string
  file: Uint8Array
}

export interface Choice {
  value: string
  label: string
}

/** Makes an item of a JSON field from inputs of its own. Only the form knows of it. */
export interface Builder {
  id: string
  label: string
  help?: string
  /** What every item has. */
  constants: Readonly<Record<string, string | number | boolean>>
  /** What the user gives; an item has those that are given. */
  fields: Fields
}

export interface FieldOptions {
  in: Place
  label: string
  help?: string
  /** Default true. */
  required?: boolean
  /** Name on the wire, where it is not the field's own. */
  wire?: string
  /** Wire form of the value; else text as it is, numbers in decimal, flags as 1, lists comma-separated. */
  wireAs?: (value: never) => unknown
  /** What the editor can offer for it: `things`, `gateways`, `data-sources`, … */
  pick?: string
  placeholder?: string
  /** Values that the form offers while typing; others are as good. */
  suggestions?: readonly string[]
  /** Used when the param is absent. Its presence makes the param always present for the operation. */
  default?: string | number | boolean
  min?: number
  max?: number
  integer?: boolean
  /** Regular expression source that a text (or each item of a list) matches; `patternHint` says it in words. */
  pattern?: string
  patternHint?: string
  choices?: readonly Choice[]
  /** Used when a node has no such param at all: the message's payload. */
  fromPayload?: boolean
  /** Removed from every error, and taken exactly as it is given, blanks too. */
  secret?: boolean
  /** Times only: a text goes on as written instead of being read as ISO 8601. */
  passText?: boolean
  /** JSON only: what it must be. */
  shape?: 'object' | 'array' | 'any'
  /** Reads the value further when its kind has been checked. Throws FieldError. The form does not know of it. */
  read?: (value: unknown) => unknown
  /** JSON only: kinds of item that the form can add to it. */
  builders?: { title: string; kinds: readonly Builder[] }
}

export interface Field<K extends Kind = Kind, Present extends boolean = boolean, P extends Place = Place>
  extends FieldOptions {
  kind: K
  required: boolean
  in: P
  /** Only for the compiler: whether the checked params always have it. */
  readonly present?: Present
}

export type Fields = Readonly<Record<string, Field>>

type Presence<O> = O extends { default: string | number | boolean } ? true : O extends { required: false } ? false : true
type PlaceOf<O> = O extends { in: infer P extends Place } ? P : Place

const fieldOf =
  <K extends Kind>(kind: K) =>
  <const O extends FieldOptions>(options: O): Field<K, Presence<O>, PlaceOf<O>> =>
    ({ ...options, kind, required: options.required ?? true }) as Field as Field<K, Presence<O>, PlaceOf<O>>

export const text = fieldOf('text')
export const number = fieldOf('number')
export const boolean = fieldOf('boolean')
export const time = fieldOf('time')
export const list = fieldOf('list')
export const json = fieldOf('json')
export const choice = fieldOf('choice')
export const file = fieldOf('file')

type KeysWhere<F extends Fields, Present extends boolean> = {
  [N in keyof F]: F[N] extends Field<Kind, Present> ? N : never
}[keyof F]

type ValueOf<T> = T extends Field<infer K> ? ValueOfKind[K] : never

/** The checked params of an operation, inferred from its fields. */
export type Params<F extends Fields> = {
  [N in KeysWhere<F, true>]: ValueOf<F[N]>
} & {
  [N in KeysWhere<F, false>]?: ValueOf<F[N]>
}
