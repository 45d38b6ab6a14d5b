/**
 * The types that describe vendors and operations: fields, routes, verbs. Everything else (form, validation, request,
 * help, README tables) is derived from them.
 */
import type { Field, Fields, Kind, Params } from './field'
import type { Reading } from './reading'
import type { Sentence } from '../base/sentence'

export * from './field'

/** What a node does. One node type for each verb. */
export type Verb = 'get-data' | 'send-reading' | 'send-command' | 'set-alarm' | 'register-device'

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof METHODS)[number]
export const isMethod = (text: string): text is Method => (METHODS as readonly string[]).includes(text)
/** `GET /things/{tuid}/messages`; `{account.x}` stands for a setting of the account. */
export type Route = `${Method} /${string}`

export type RouteVariables<R extends string> = R extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `account.${string}` ? never : Name) | RouteVariables<Rest>
  : never

type PathFields<F extends Fields> = {
  [N in keyof F]: F[N] extends Field<Kind, boolean, 'path'> ? N : never
}[keyof F]

type RouteCheck<R extends Route, F extends Fields> = [Exclude<RouteVariables<R>, PathFields<F>>] extends [never]
  ? [Exclude<PathFields<F>, RouteVariables<R>>] extends [never]
    ? unknown
    : { 'path field that is not in the route': Exclude<PathFields<F>, RouteVariables<R>> }
  : { 'route variable without a field': Exclude<RouteVariables<R>, PathFields<F>> }

/** What one answer gives: the vendor's data without its envelope, and readings where it carries measurements. */
export interface Page {
  data: unknown
  readings?: Reading[]
}

/** A page of what had not been given out yet. */
export interface NewPage extends Page {
  /** Items in it; none when all of the answer was known. */
  fresh: number
  /** What has been given out once this page has: JSON, to be kept and given to the next read. */
  cursor: unknown
}

/** An item of an answer, such as a message or a row. */
export interface SinceItem {
  /** Equal for two deliveries of the same item. */
  key: string
  /** Epoch ms at which it came to be; undefined where it does not tell. */
  at: number | undefined
}

/** How the answers of one request are read since last: by time, with what is given out told apart by key. */
export interface SinceRule<N extends string, B> {
  /** Params that say what is read; the others only say how much of it, and from when. Each has a cursor of its own. */
  source: readonly N[]
  /** Time param for the begin of the period. */
  from: N
  /** Time param for its end, where answers can be cut short: what they leave out is then read with it. */
  to?: N
  /** Number param for the most items that an answer holds. */
  limit?: N
  /** Items to ask for at once where that param is absent. A first read of a period then goes on until its begin. */
  pageSize?: number
  /** The items of an answer, in its order. */
  items(body: B): SinceItem[]
  /** The same answer with only the items of these keys, each key once. */
  keep(body: B, keys: Iterable<string>): B
}

/** How several requests are read since last. */
export interface SinceRun<N extends string, P> {
  source: readonly N[]
  /** @param cursor that of the last page that was given out; undefined on the first read */
  run(caller: Caller<P>, params: P, cursor: unknown): AsyncIterable<NewPage>
}

/** What an operation of several requests calls. Every request passes cache, budgets, auth and retry. */
export interface Caller<P> {
  /** Sends this operation's own request, with params replaced or constant query values added; gives the unwrapped body. */
  send(params?: Partial<P>, query?: Readonly<Record<string, string>>): Promise<unknown>
  /** Sends a request of another operation of the same vendor and account; gives its decoded body. */
  call<F extends Fields, B>(operation: SingleOperation<F, B>, params: Params<F>): Promise<B>
  readonly signal: AbortSignal
  /** Text for the node's status, such as `page 3`. */
  progress(text: string): void
}

/** What readings are made with beside the answer itself. */
export interface ReadingContext {
  /** Epoch ms at which the answer came; for data without a time of its own. */
  receivedAt: number
  /** The checked settings of the account, for what the vendor leaves to them. */
  settings?: Readonly<Record<string, unknown>>
}

declare const checked: unique symbol

/**
 * A reading on its way to a vendor: JSON with all that its delivery needs. Its operation has checked it once; neither the
 * outbox nor its delivery checks it again.
 */
export type OutgoingReading = Readonly<Record<string, unknown>> & {
  readonly [checked]: true
  /** Epoch ms. Absent where the flow gave none: the outbox then adds the time at which the reading came. */
  readonly timestamp?: number
}

/** Marks a reading that has been checked. */
export const checkedReading = (reading: object): OutgoingReading => reading as OutgoingReading

/** What shows that a vendor's API is as it is written here. */
export interface Evidence {
  /** Place in a text that the vendor has published, such as `R0, "Measurements"`; the keys stand in the vendor's `sources`. */
  documented?: string
  /** Captured answers, or clients that others have published. */
  seen?: string
  /** What of it the vendor has not published: one sentence. It is marked in form, help and documents. */
  unverified?: string
}

interface OperationBase<F extends Fields> extends Evidence {
  verb: Verb
  /** Its name among the operations of its vendor, such as `device-data`; set by `vendor()`. */
  file?: string
  /** Its id in flows, where that is not its file's name: two verbs of a vendor may have an operation of one id. */
  id?: string
  /** What a node does that names no operation, as a flow from elsewhere may. One of a verb at most. */
  preferred?: boolean
  title: string
  /** One or two sentences for help and README. */
  help?: string
  docs?: string
  /** An operation that is `unverified` has a route that the account can correct, unless the vendor has published the route. */
  routePublished?: true
  route: Route
  fields: F
  /** Query values that are the same for every call. */
  query?: Readonly<Record<string, string>>
  /** Param whose value names the device a request counts against. */
  device?: string
  /** Operation whose route in the account is this one's too, because it is the same request to the vendor. */
  routeOf?: string
  /** Largest answer in bytes, where it may be larger than the transport's usual limit. */
  maxResponse?: number
  /** Param whose items each name their sensor as `sensorSlug`, so that readings of other clouds can be mapped to them. */
  mapped?: string
  /** First path parts of cached reads that a write changes, beside those of its own. */
  changes?: readonly string[]
  /** Asks nothing back and cannot be undone: the form warns. One sentence. */
  destructive?: string
  /** Destroys more than the one thing that a param names: the form wants a confirmation. */
  deletesMany?: true
  /** Reads the newest values, which most users want: the form lists it first. */
  latest?: true
  /** The readings in checked params, for the outbox. Throws FieldError naming the one that is wrong. */
  outgoing?(params: Params<F>): OutgoingReading[]
}

/** A process that a command began, as one look at it shows. */
export interface Progress {
  data: unknown
  /** A word for the status, such as `running`. */
  state: string
  /** Whether it has ended for certain; else it counts as ended when it stops changing. */
  ended?: boolean
  /** What the user must know about it, for the log. */
  note?: Sentence
}

/**
 * A name that people gave a group of devices, a device, or a sensor of a device; undefined where it has none. A device
 * may belong to a group, whose name stands in where the device has none of its own.
 */
export type GivenName =
  | { group: string; name: string | undefined }
  | { device: string; name?: string | undefined; group?: string }
  | { device: string; sensor: string; name: string | undefined }

/** One request, one answer. */
export interface SingleOperation<F extends Fields = Fields, B = unknown> extends OperationBase<F> {
  /**
   * Takes the unwrapped body; throws WireError with the path of what is wrong.
   * @param sent the params of the request, for an answer that says what became of them
   */
  decode(body: unknown, sent?: Params<F>): B
  readings?(body: B, params: Params<F>, context: ReadingContext): Reading[]
  /** The names in an answer, for the labels of readings. */
  names?(body: B): Iterable<GivenName>
  /** Reads all that the params ask for, where one answer may leave something out. */
  pages?(caller: Caller<Params<F>>, params: Params<F>): AsyncIterable<B>
  /** Only for reads whose items are told apart; else it always gives all. */
  since?: SinceRule<keyof F & string, B>
  /** The body, where it is not simply an object of the body fields; bytes travel as they are. */
  body?(params: Params<F>): unknown
  /** The request itself, where the user spells out method and path. */
  raw?(params: Params<F>): RawRequest
  /** Completes the checked params of each request before it is sent, for instance with a transaction id. Throws FieldError. */
  prepare?(params: Params<F>): Params<F>
  /** What of the params is allowed but doubtful: a sentence each, for the log. */
  warnings?(params: Params<F>): Sentence[]
  /** What exists already and is just what a write would create. */
  existing?(caller: Caller<Params<F>>, params: Params<F>): Promise<unknown>
  /** Looks once at the process that a command began; undefined when its answer names none. */
  follow?(caller: Caller<Params<F>>, params: Params<F>, answer: B): Promise<Progress | undefined>
}

/** Several requests: pages, or answers that are merged. */
export interface SequenceOperation<F extends Fields = Fields> extends OperationBase<F> {
  /** Whether its pages carry readings. */
  measurements: boolean
  since?: SinceRun<keyof F & string, Params<F>>
  run(caller: Caller<Params<F>>, params: Params<F>): AsyncIterable<Page>
}

/** An operation as client and form see it, whatever its fields. */
export type Operation = SingleOperation | SequenceOperation

/** A request that the user spells out: any method and path of the vendor's own host. */
export interface RawRequest {
  method: Method
  path: string
  query?: Readonly<Record<string, unknown>> | undefined
  body?: unknown
}

type SingleDefinition<R extends Route, F extends Fields, B, V extends Verb> = Omit<
  SingleOperation<F, B>,
  'route' | 'verb' | 'readings' | 'file'
> & {
  route: R
  verb: V
  /** Only reads give readings. */
  readings?: V extends 'get-data' ? (body: B, params: Params<F>, context: ReadingContext) => Reading[] : never
}

/** Declares an operation of one request. A route variable without a path field, and the reverse, do not compile. */
export function operation<const R extends Route, const F extends Fields, B, const V extends Verb>(
  definition: SingleDefinition<R, F, B, V> & RouteCheck<R, F>,
): SingleOperation<F, B> {
  return definition
}

/** Declares an operation of several requests; `route` is the one that `caller.send` uses. */
export function sequence<const R extends Route, const F extends Fields>(
  definition: Omit<SequenceOperation<F>, 'route' | 'file'> & { route: R } & RouteCheck<R, F>,
): SequenceOperation<F> {
  return definition
}

export const isSequence = (operation: Operation): operation is SequenceOperation => 'run' in operation

/** Whether its answers can be given as readings. */
export const carriesReadings = (operation: Operation): boolean =>
  isSequence(operation) ? operation.measurements : operation.readings !== undefined
