/** What Sensorist sends [R2 live]. Extra keys are kept. */
import * as v from 'valibot'
import { wire } from '../../wire'

const Id = v.pipe(v.union([v.number(), v.string()]), v.transform(String))

const DataSource = v.looseObject({
  id: Id,
  title: v.optional(v.nullable(v.string())),
  type: v.optional(
    v.nullable(
      v.looseObject({ name: v.optional(v.string()), unit: v.optional(v.nullable(v.looseObject({ name: v.string() }))) }),
    ),
  ),
})

const Sensor = v.looseObject({
  id: Id,
  title: v.optional(v.nullable(v.string())),
  devices: v.optional(v.array(DataSource), []),
})

const Gateway = v.looseObject({
  id: Id,
  title: v.optional(v.nullable(v.string())),
  devices: v.optional(v.array(Sensor), []),
})

const Inventory = v.looseObject({ gateways: v.array(Gateway) })

/** The inventory with ids as text, for looking up data sources. */
export const readInventory = wire(Inventory)
export type Inventory = v.InferOutput<typeof Inventory>

const Gateways = v.looseObject({ gateways: v.array(v.looseObject({})) })

/** The gateways as the vendor sent them. */
export const readGateways = (body: unknown): unknown => wire(Gateways)(body).gateways

const Row = v.looseObject({ date: v.optional(v.nullable(v.string())) })
const Rows = v.union([v.array(Row), Row, v.null()])

/** An object by data source id (live), or an array of rows that name theirs (as the document says). */
const Measurements = v.looseObject({ measurements: v.union([v.array(Row), v.record(v.string(), v.unknown())]) })
export const readMeasurements = wire(Measurements)
export const readRows = wire(Rows)
export type Row = v.InferOutput<typeof Row>
