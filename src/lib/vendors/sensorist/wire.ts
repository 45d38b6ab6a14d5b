/**
 * The responses of Sensorist in one format each: the envelope, lists, the inventory and measurements. Live responses
 * are an envelope with one key [R2 live], the document describes bare arrays [R0], and most keys are not published.
 */
import * as v from 'valibot'
import { isRecord } from '../../base/foreign'
import { sentence, type Sentence } from '../../base/sentence'
import { wire, WireError } from '../../vocabulary/validation'

type Body = Readonly<Record<string, unknown>>

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

/** Every answer is `{ code, max_age, time, <key>: … }` [R2 live]. */
const ENVELOPE = new Set(['code', 'max_age', 'time'])

/** The body without code, max_age and time; a bare array stays as it is. */
export function unwrapped(body: unknown): Body | readonly unknown[] {
  if (body === null) return {}
  if (isList(body)) return body
  if (!isRecord(body)) throw new WireError(sentence`the body is not an object`)
  return Object.fromEntries(Object.entries(body).filter(([key]) => !ENVELOPE.has(key)))
}

/** The envelope's own code, which mirrors HTTP and may say what HTTP does not [R2 client]. */
export const codeOf = (body: unknown): number | undefined =>
  isRecord(body) && typeof body.code === 'number' ? body.code : undefined

/** No error body is documented; these are the usual places. */
export function reasonOf(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined
  const found = [body.message, body.error].find((value) => typeof value === 'string')
  return typeof found === 'string' ? found : undefined
}

/**
 * A decoder that gives the value under the first key that is there, else the whole body:
 * only `user`, `gateways` and `measurements` were seen live, the other keys are assumed.
 */
export const under =
  (...keys: readonly string[]) =>
  (body: unknown): unknown => {
    const key = isRecord(body) ? keys.find((name) => body[name] !== undefined) : undefined
    return key === undefined || !isRecord(body) ? body : body[key]
  }

/** The list of an answer: a bare array, the array under a key, or the only array in it. */
function listIn(body: unknown, keys: readonly string[]): readonly unknown[] | undefined {
  const found = under(...keys)(body)
  if (isList(found)) return found
  const lists = isRecord(body) ? Object.values(body).filter(isList) : []
  return lists.length === 1 ? lists[0] : undefined
}

/** A decoder that gives the list of an answer, else the whole body: its key is assumed. */
export const listUnder =
  (...keys: readonly string[]) =>
  (body: unknown): unknown =>
    listIn(body, keys) ?? under(...keys)(body)

/**
 * A list that something depends on.
 * @param what it lists, such as `callbacks`
 * @throws WireError naming the assumption
 */
export function requiredList(body: unknown, what: Sentence, ...keys: readonly string[]): readonly unknown[] {
  const list = listIn(body, keys)
  if (list) return list
  const given = isRecord(body) ? Object.keys(body).join(', ') : typeof body
  throw new WireError(
    sentence`expected the list of ${what} as an array under ${keys.join(', ')} or as the only array, but the body has ${given === '' ? sentence`nothing` : given}; Sensorist does not publish this key`,
  )
}

const Id = v.pipe(v.union([v.number(), v.string()]), v.transform(String))
const Text = v.nullish(v.string())

const DataSource = v.looseObject({
  id: Id,
  title: Text,
  type: v.nullish(v.looseObject({ name: Text, unit: v.nullish(v.looseObject({ name: Text })) })),
})

const Sensor = v.looseObject({ id: Id, title: Text, devices: v.nullish(v.array(DataSource), []) })

const Gateway = v.looseObject({ id: Id, title: Text, devices: v.nullish(v.array(Sensor), []) })

const Inventory = v.looseObject({ gateways: v.array(Gateway) })
export type Inventory = v.InferOutput<typeof Inventory>

const readInventoryOf = wire(Inventory)
const readGatewaysOf = wire(v.looseObject({ gateways: v.array(v.looseObject({})) }))

/** The only array of an answer as its `gateways`: the key was seen live, a bare array is in the document. */
const withGateways = (body: unknown): unknown => ({ gateways: requiredList(body, sentence`gateways`, 'gateways') })

/** The inventory with ids as text, for looking up data sources. */
export const readInventory = (body: unknown): Inventory => readInventoryOf(withGateways(body))

/** The gateways as the vendor sent them. */
export const readGateways = (body: unknown): unknown => readGatewaysOf(withGateways(body)).gateways

const Callback = v.looseObject({ id: Id, url: v.string(), type: v.nullish(v.pipe(v.union([v.number(), v.string()]), v.transform(Number))) })
const readCallbackRows = wire(v.array(Callback))

/** The callbacks that stand at the vendor: id, address and bit flags. */
export const readCallbacks = (body: unknown): v.InferOutput<typeof Callback>[] => readCallbackRows(requiredList(body, sentence`callbacks`, 'callbacks'))

const Row = v.looseObject({ date: v.nullish(v.union([v.string(), v.number()])) })
export type Row = v.InferOutput<typeof Row>

const readRow = wire(Row)
const readRowList = wire(v.array(Row))

/** An object by data source id [R2 live], or an array of rows that name theirs [R0]; null without any. */
const readMeasurements = wire(v.looseObject({ measurements: v.nullable(v.union([v.array(v.unknown()), v.record(v.string(), v.unknown())])) }))

/** One answer with measurements. */
export interface Answer {
  /** Rows by data source id. */
  rows: Map<string, Row[]>
  /** The vendor's measurements as they came, without the rows that are left out. */
  measurements: unknown
  /** The offset at which each id goes on; none at its end. */
  next: Map<string, string>
}

type Keep = (id: string, row: Row) => boolean

/**
 * The measurements of an answer. Where `next` stands is not published: at the top level or inside an id's value.
 * @param ids those that were asked for
 * @param keep whether a row is wanted
 * @throws WireError
 */
export function readAnswer(body: unknown, ids: readonly string[], keep: Keep = () => true): Answer {
  const { measurements, ...top } = readMeasurements(body)
  if (isList(measurements)) {
    const kept = readRowList(measurements).filter((row) => keep(sourceOf(row), row))
    return { rows: groupedById(kept), measurements: kept, next: offsets(ids, offsetOf(top.next)) }
  }
  const { next: among, ...byId } = measurements ?? {}
  const answer: Answer = { rows: new Map(), measurements, next: offsets(ids, offsetOf(top.next) ?? offsetOf(among)) }
  const kept: [string, unknown][] = among === undefined ? [] : [['next', among]]
  for (const [id, value] of Object.entries(byId)) {
    const { rows, next, withRows } = valueOf(value)
    const wanted = rows.filter((row) => keep(id, row))
    answer.rows.set(id, wanted)
    if (next !== undefined) answer.next.set(id, next)
    const left = wanted.length === rows.length ? value : withRows(wanted)
    if (left !== undefined) kept.push([id, left])
  }
  if (measurements !== null) answer.measurements = Object.fromEntries(kept)
  return answer
}

/** What stands under an id. */
interface Value {
  rows: Row[]
  next: string | undefined
  /** The same value with other rows; undefined where nothing is left of it. */
  withRows(rows: readonly Row[]): unknown
}

/** An id's value is a row, its rows, or an object of an array of rows and `next`. */
function valueOf(value: unknown): Value {
  if (value === null) return { rows: [], next: undefined, withRows: () => null }
  if (isList(value)) return { rows: readRowList(value), next: undefined, withRows: (rows) => rows }
  if (!isRecord(value)) return { rows: [readRow(value)], next: undefined, withRows: ([row]) => row }
  const next = offsetOf(value.next)
  const [place, list] = Object.entries(value).find((entry) => isList(entry[1])) ?? []
  if (place !== undefined) return { rows: readRowList(list), next, withRows: (rows) => ({ ...value, [place]: rows }) }
  // An object that only says where to go on is no row.
  if (Object.keys(value).every((key) => key === 'next')) return { rows: [], next, withRows: () => value }
  return { rows: [readRow(value)], next, withRows: ([row]) => row }
}

const offsets = (ids: readonly string[], shared: string | undefined): Map<string, string> =>
  new Map(shared === undefined ? [] : ids.map((id) => [id, shared]))

const offsetOf = (next: unknown): string | undefined =>
  (typeof next === 'string' && next !== '') || typeof next === 'number' ? String(next) : undefined

function groupedById(rows: readonly Row[]): Map<string, Row[]> {
  const byId = new Map<string, Row[]>()
  for (const row of rows) {
    const id = sourceOf(row)
    const known = byId.get(id)
    if (known) known.push(row)
    else byId.set(id, [row])
  }
  return byId
}

/**
 * The data source that a row names: by its id, or as an object that has one.
 * @throws WireError
 */
function sourceOf({ data_source: source, data_source_id: sourceId, id }: Row): string {
  const named = source ?? sourceId ?? id
  const found = isRecord(named) ? named.id : named
  if (typeof found === 'string' || typeof found === 'number') return String(found)
  throw new WireError(sentence`a measurement has no data source`)
}
