/** Finds the gateway, sensor and quantity of a data source in the cached gateways. */
import type { Measure, Quantity } from '../../vocabulary/reading'
import { operation, type Caller, type GivenName } from '../../vocabulary/operation'
import { readInventory, type Inventory } from './wire'

export interface DataSource {
  id: string
  title: string | undefined
  /** The vendor's name of the kind: `temp`, `humi`, `batt`, `wireless`, … */
  kind: string
  unit: string | undefined
  gateway: string
  gatewayTitle: string | undefined
  sensor: string
  sensorTitle: string | undefined
}

/** Kinds that are common quantities [R2 live]. Others keep the vendor's name and unit. */
const QUANTITIES: Readonly<Record<string, Quantity>> = {
  temp: 'temperature',
  humi: 'humidity',
  batt: 'voltage',
  wireless: 'signal',
}

export function measureOf(source: DataSource): Measure {
  const unit = source.unit?.trim()
  // The battery was seen in volts; hardware that gives a level says so by its unit.
  const quantity = source.kind === 'batt' && unit === '%' ? 'battery' : QUANTITIES[source.kind]
  return { ...(quantity === undefined ? {} : { quantity }), ...(unit === undefined || unit === '' ? {} : { unit }) }
}

/** Slaves included: their data sources can be measured too. */
export const inventory = operation({
  verb: 'get-data',
  title: 'Inventory',
  route: 'GET /gateways',
  query: { with_slaves: '1' },
  fields: {},
  decode: readInventory,
  names: namesOf,
})

/** The titles of gateways and sensors. */
export function namesOf({ gateways }: Inventory): GivenName[] {
  return gateways.flatMap(({ id: device, title, devices: sensors }) => [
    { device, name: title ?? undefined },
    ...sensors.map((sensor) => ({ device, sensor: sensor.id, name: sensor.title ?? undefined })),
  ])
}

/** All data sources of the account by id. */
export async function loadDataSources<P>(caller: Caller<P>): Promise<Map<string, DataSource>> {
  return new Map(sourcesOf(await caller.call(inventory, {})).map((source) => [source.id, source]))
}

/** All data sources, in the order of the inventory. */
export function sourcesOf({ gateways }: Inventory): DataSource[] {
  return gateways.flatMap((gateway) =>
    gateway.devices.flatMap((sensor) =>
      sensor.devices.map((source) => ({
        id: source.id,
        title: source.title ?? undefined,
        kind: source.type?.name ?? 'value',
        unit: source.type?.unit?.name ?? undefined,
        gateway: gateway.id,
        gatewayTitle: gateway.title ?? undefined,
        sensor: sensor.id,
        sensorTitle: sensor.title ?? undefined,
      })),
    ),
  )
}
