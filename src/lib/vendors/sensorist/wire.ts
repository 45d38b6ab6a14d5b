/** What Sensorist sends [R2 live]. Extra keys are kept. */
import { isRecord } from '../../base/foreign'
import * as v from 'valibot'
import { wire } from '../../vocabulary/wire'

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

/** The inventory with ids as text, for looking up data sources. */
export const readInventory = wire(Inventory)
export type Inventory = v.InferOutput<typeof Inventory>

const Gateways = v.looseObject({ gateways: v.array(v.looseObject({})) })

/** The gateways as the vendor sent them. */
export const readGateways = (body: unknown): unknown => wire(Gateways)(body).gateways

const Row = v.looseObject({ date: v.nullish(v.union([v.string(), v.number()])) })
type Rows = Row | Row[] | null

/** To a schema a list is an object too, so that a union would take a list with one odd row for a row. */
const Rows: v.GenericSchema<unknown, Rows> = v.lazy((value): v.GenericSchema<unknown, Rows> => (Array.isArray(value) ? v.array(Row) : v.nullable(Row)))

/** An object by data source id (live), or an array of rows that name theirs (as the document says); null without any. */
const Measurements = v.looseObject({ measurements: v.nullable(v.union([v.array(v.unknown()), v.record(v.string(), v.unknown())])) })
export const readMeasurements = wire(Measurements)
export const readRows = wire(Rows)
export type Row = v.InferOutput<typeof Row>

/** The data source that a row names: by its id, or as an object that has one. */
export function sourceIdOf({ data_source: source, data_source_id: sourceId, id }: Row): string | undefined {
  const named = source ?? sourceId ?? id
  const found = isRecord(named) && 'id' in named ? named.id : named
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined
}
