/** The fields of an operation or account, and the params that are inferred from them. */

/** Where a field is sent: in the path, the query or the body. `none`: its operation puts it where it belongs. */
export type Place = 'path' | 'query' | 'body' | 'none'

export type Kind = 'text' | 'number' | 'boolean' | 'time' | 'list' | 'json' | 'choice' | 'file'

/** Epoch milliseconds, or a text as the user wrote it for a vendor whose own form is not known. */
export type TimeValue = number | string

/** The type of a validated value, for each kind. */
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

/** Builds an item of a JSON field from inputs of its own. Used by the form only. */
export interface Builder {
  id: string
  label: string
  help?: string
  /** Properties that every item has. */
  constants: Readonly<Record<string, string | number | boolean>>
  /** Inputs of the form; those that the user fills in become properties of the item. */
  fields: Fields
}

export interface FieldOptions {
  in: Place
  label: string
  help?: string
  /** Default true. */
  required?: boolean
  /** Name in the request, where it differs from the field's. */
  wire?: string
  /** Converts the value for the request. By default numbers are decimal, flags are 1, and lists are comma-separated. */
  wireAs?: (value: never) => unknown
  /** What the editor's picker lists for it: `things`, `gateways`, `data-sources`, … */
  pick?: string
  placeholder?: string
  /** Values that the form offers while typing; other values are allowed. */
  suggestions?: readonly string[]
  /** Used when the param is absent, so that the operation always has the param. */
  default?: string | number | boolean
  min?: number
  max?: number
  integer?: boolean
  /**
   * Source of a regular expression that a text, or each item of a list, has to match. It sees text from flows, so it must
   * not backtrack without bound. `patternHint` says it in words.
   */
  pattern?: string
  patternHint?: string
  choices?: readonly Choice[]
  /** Takes the message's payload where the node has no such param. */
  fromPayload?: boolean
  /** Removed from every error. Blanks around the value are kept, since they may belong to it. */
  secret?: boolean
  /** Times only: a text is sent as written instead of being read as ISO 8601. */
  passText?: boolean
  /** JSON only: what it must be. */
  shape?: 'object' | 'array' | 'any'
  /** Reads the value further when its kind has been checked. Throws FieldError. The form does not know of it. */
  read?: (value: unknown) => unknown
  /** JSON only: kinds of item that the form can add. */
  builders?: { title: string; kinds: readonly Builder[] }
}

export interface Field<K extends Kind = Kind, Present extends boolean = boolean, P extends Place = Place>
  extends FieldOptions {
  kind: K
  required: boolean
  in: P
  /** Only for the compiler: whether the validated params always have it. */
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

/** The validated params of an operation, inferred from its fields. */
export type Params<F extends Fields> = {
  [N in KeysWhere<F, true>]: ValueOf<F[N]>
} & {
  [N in KeysWhere<F, false>]?: ValueOf<F[N]>
}
