/** Values that chance makes: answers that nearly are what a vendor sends, and params that nearly are right. */
import fc from 'fast-check'

/** Names that vendors use, so that chance meets what the code looks for; and those that objects inherit. */
const NAMES = [
  'data', 'datapoints', 'events', 'ts', 'time', 'deviceid', 'can1', 'msg', 'lv', 'topic', 'vin', 'pressure', 'apiRequestsRemaining', 'plan',
  'tsmId', 'tsmEv', 'tsmTs', 'tsmTuid', 'tsmGw', 'tsmCloudTs', 'transactionId', 'temp', 'airp', 'alerting_tuids', 'alert_count', 'tuid', 'alert_type', 'alerts', 'from', 'to',
  'battery_level', 'timestamp', 'location', 'lat', 'lon', 'command', 'responsible', 'installation_status', 'group_id', 'tuids',
  'code', 'max_age', 'measurements', 'gateways', 'devices', 'id', 'title', 'type', 'name', 'unit', 'date', 'value', 'min', 'max', 'min_date', 'seq', 'next', '220200', 'data_source',
  'alarms', 'callbacks', 'user', 'users', 'workflow', 'state', 'message', 'error', 'errors',
  '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '0',
]

const TEXTS = ['', ' ', '21', '21.5', '-1e3', '1e999', 'NaN', 'Infinity', '2026-01-01', '2026-01-01T00:00:00+0000', '9999-99-99T99:99', '220200', 'T1', 'temp', '°C', '%', '\0', '\ud800', '__proto__']

const NUMBERS = [0, -0, 1, -1, 220200, 12100, 1_700_000_000, 1_700_000_000_000, 1e11, 8.64e15, 8.64e15 + 2, 1e300, -1e300, 5e-324, 0.1]

const leaf = fc.oneof(
  fc.constantFrom(null, true, false),
  fc.constantFrom(...NUMBERS),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(...TEXTS),
  fc.string({ maxLength: 20 }),
  // A string of the unit "binary" computes for a second before the first value.
  fc.array(fc.nat(0x10ffff), { maxLength: 20 }).map((points) => String.fromCodePoint(...points)),
)

/** JSON.parse makes own properties of any name, where a literal would set a prototype. */
const asJson = (entries: readonly (readonly [string, unknown])[]): unknown =>
  JSON.parse(`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`)

const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.array(fc.tuple(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: fc.string() }), tie('tree')), { maxLength: 7 }).map(asJson),
  ),
}))

/** Where in a value something else is put: at each level the index of a child. */
type Path = readonly number[]

/** The value with another one at a place of it. */
export function replaced(value: unknown, path: Path, by: unknown): unknown {
  const [index, ...rest] = path
  if (index === undefined || typeof value !== 'object' || value === null) return by
  if (Array.isArray(value)) {
    const items = value as unknown[]
    const at = index % (items.length + 1)
    return [...items.slice(0, at), replaced(items[at], rest, by), ...items.slice(at + 1)]
  }
  const entries = Object.entries(value)
  if (entries.length === 0) return by
  const at = index % entries.length
  return asJson(entries.map(([name, child], place) => [name, place === at ? replaced(child, rest, by) : child]))
}

const path = fc.array(fc.nat(20), { maxLength: 7 })

/** Any JSON, or an answer of which one to three places are something else. */
export const answersLike = (ordinary: unknown): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 1, arbitrary: tree },
    {
      weight: 3,
      arbitrary: fc.array(fc.tuple(path, tree), { minLength: 1, maxLength: 3 }).map((changes) => changes.reduce<unknown>((value, [at, by]) => replaced(value, at, by), ordinary)),
    },
  )

/** Any value that code in a flow can make. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  tree,
  fc.constantFrom(...TEXTS, ...NUMBERS),
  fc.anything({ withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withNullPrototype: true, withObjectString: true, withSet: true, withSparseArray: true, withTypedArray: true }),
)
