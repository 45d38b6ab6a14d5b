/** The shape of a body: types, forms and magnitudes. It holds no value, and no key that is not documented. */
import { isRecord } from '../base/foreign'
import type { NameKey } from './key-names'
import { formOf } from './text-form'

export type Length = '0' | '1' | 'many'

export type BodyShape =
  | { type: 'null' | 'boolean' | 'too deep' }
  | NumberShape
  | { type: 'text'; forms: string[] }
  | { type: 'list'; lengths: Length[]; items?: BodyShape }
  | ObjectShape
  | { type: 'any of'; shapes: BodyShape[] }

interface NumberShape {
  type: 'number'
  whole: boolean
  /** Powers of ten, or 0, between which all values lie. */
  from: number
  to: number
  /** Whether all values could be times of the years 2001 to 2100. */
  time?: 'Unix seconds' | 'Unix milliseconds'
}

interface ObjectShape {
  type: 'object'
  keys: Record<string, BodyShape>
  /** Keys that not all of these objects have. */
  optional?: string[]
}

/** Items of a list that are looked at. */
const MOST_ITEMS = 1_000
/** Levels of lists and objects. */
const DEEPEST = 32

/** @param nameKey gives what may be shown of a key */
export function shapeOf(value: unknown, nameKey: NameKey, depth = 0): BodyShape {
  if (typeof value === 'number') return numberShape(value)
  if (typeof value === 'string') return { type: 'text', forms: [formOf(value)] }
  if (typeof value === 'boolean') return { type: 'boolean' }
  if (depth === DEEPEST) return { type: 'too deep' }
  if (Array.isArray(value)) return listShape(value, nameKey, depth)
  return isRecord(value) ? objectShape(value, nameKey, depth) : { type: 'null' }
}

function listShape(list: readonly unknown[], nameKey: NameKey, depth: number): BodyShape {
  const items = merged(list.slice(0, MOST_ITEMS).map((item) => shapeOf(item, nameKey, depth + 1)))
  const length: Length = list.length === 0 ? '0' : list.length === 1 ? '1' : 'many'
  return { type: 'list', lengths: [length], ...(items ? { items } : {}) }
}

/** Keys that share a placeholder share a shape too. */
function objectShape(object: Readonly<Record<string, unknown>>, nameKey: NameKey, depth: number): ObjectShape {
  const shapes = new Map<string, BodyShape[]>()
  for (const [key, value] of Object.entries(object)) {
    addTo(shapes, nameKey(key), shapeOf(value, nameKey, depth + 1))
  }
  return { type: 'object', keys: mergedKeys(shapes) }
}

function addTo<K>(lists: Map<K, BodyShape[]>, key: K, shape: BodyShape): void {
  const known = lists.get(key)
  if (known) known.push(shape)
  else lists.set(key, [shape])
}

const mergedKeys = (shapes: ReadonlyMap<string, readonly BodyShape[]>): Record<string, BodyShape> =>
  Object.fromEntries([...shapes].map(([key, all]) => [key, merged(all) ?? { type: 'null' }]))

/** Epoch seconds of 2001-09-09 and of 2100. */
const TIME_FROM = 1e9
const TIME_TO = 4.1e9

function numberShape(value: number): NumberShape {
  const shape: NumberShape = { type: 'number', whole: Number.isInteger(value), ...magnitudeOf(value) }
  if (value >= TIME_FROM && value < TIME_TO) shape.time = 'Unix seconds'
  else if (value >= TIME_FROM * 1000 && value < TIME_TO * 1000) shape.time = 'Unix milliseconds'
  return shape
}

/** The powers of ten between which a value lies. Both are 0 for 0. */
function magnitudeOf(value: number): { from: number; to: number } {
  if (value === 0) return { from: 0, to: 0 }
  const exponent = Math.floor(Math.log10(Math.abs(value)))
  const [near, far] = [10 ** exponent, 10 ** (exponent + 1)]
  return value > 0 ? { from: near, to: far } : { from: -far, to: -near }
}

/** One shape that all of these fit; undefined without any. */
function merged(shapes: readonly BodyShape[]): BodyShape | undefined {
  const byType = new Map<BodyShape['type'], BodyShape[]>()
  for (const shape of shapes.flatMap((one) => (one.type === 'any of' ? one.shapes : [one]))) addTo(byType, shape.type, shape)
  const one = [...byType.values()].map(mergedOfType)
  return one.length > 1 ? { type: 'any of', shapes: one } : one[0]
}

function mergedOfType(shapes: readonly BodyShape[]): BodyShape {
  const [first = { type: 'null' }] = shapes
  switch (first.type) {
    case 'number': return mergedNumbers(shapes.filter((shape) => shape.type === 'number'), first)
    case 'text': return { type: 'text', forms: [...new Set(shapes.flatMap((shape) => (shape.type === 'text' ? shape.forms : [])))].sort() }
    case 'list': return mergedLists(shapes.filter((shape) => shape.type === 'list'))
    case 'object': return mergedObjects(shapes.filter((shape) => shape.type === 'object'))
    default: return first
  }
}

function mergedNumbers(shapes: readonly NumberShape[], { time }: NumberShape): NumberShape {
  const from = shapes.reduce((least, shape) => Math.min(least, shape.from), Infinity)
  const to = shapes.reduce((most, shape) => Math.max(most, shape.to), -Infinity)
  const shared = time !== undefined && shapes.every((shape) => shape.time === time) ? { time } : {}
  return { type: 'number', whole: shapes.every(({ whole }) => whole), from, to, ...shared }
}

function mergedLists(lists: readonly Extract<BodyShape, { type: 'list' }>[]): BodyShape {
  const items = merged(lists.flatMap((list) => (list.items ? [list.items] : [])))
  return { type: 'list', lengths: [...new Set(lists.flatMap(({ lengths }) => lengths))].sort(), ...(items ? { items } : {}) }
}

function mergedObjects(objects: readonly ObjectShape[]): ObjectShape {
  const shapes = new Map<string, BodyShape[]>()
  for (const { keys } of objects) for (const [key, shape] of Object.entries(keys)) addTo(shapes, key, shape)
  const optional = [...shapes.keys()].filter((key) => objects.some(({ keys, optional: absent = [] }) => !Object.hasOwn(keys, key) || absent.includes(key)))
  return { type: 'object', keys: mergedKeys(shapes), ...(optional.length > 0 ? { optional } : {}) }
}
