/** What Home Assistant accepts as the discovery message of an MQTT sensor. */
import assert from 'node:assert/strict'
import type { Published } from './broker'

/** Units of the device classes that sensors of this project can have, from Home Assistant's list of sensor device classes. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  atmospheric_pressure: ['Pa', 'hPa', 'kPa', 'mbar', 'bar', 'inHg', 'mmHg', 'psi'],
  battery: ['%'],
  carbon_dioxide: ['ppm'],
  distance: ['mm', 'cm', 'm', 'km', 'in', 'ft', 'yd', 'mi'],
  humidity: ['%'],
  illuminance: ['lx'],
  signal_strength: ['dB', 'dBm'],
  speed: ['mm/s', 'm/s', 'km/h', 'ft/s', 'mph', 'kn'],
  temperature: ['°C', '°F', 'K'],
  volatile_organic_compounds_parts: ['ppm', 'ppb'],
  voltage: ['V', 'mV', 'µV', 'kV', 'MV'],
}

export interface Discovery {
  name: string
  unique_id: string
  state_topic: string
  availability_topic: string
  expire_after: number
  device_class?: string
  state_class?: string
  unit_of_measurement?: string
  device: { identifiers: string[]; name: string; manufacturer: string }
}

const CONFIG = /^homeassistant\/sensor\/([a-zA-Z0-9_-]+)\/config$/

export const isDiscovery = ({ topic }: Published): boolean => CONFIG.test(topic)

export function assertClass(deviceClass: string, unit: string | null | undefined): void {
  assert.ok(UNITS[deviceClass], `Home Assistant has no class ${deviceClass}`)
  assert.ok(UNITS[deviceClass].includes(String(unit)), `${deviceClass} in ${String(unit)}`)
}

/** The sensor that Home Assistant makes of a retained message. */
export function discoveryOf({ payload, retain, topic }: Published): Discovery {
  const sensor = JSON.parse(payload) as Discovery
  assert.ok(retain, `${topic} is not retained`)
  assert.equal(CONFIG.exec(topic)?.[1], sensor.unique_id)
  assert.match(sensor.state_topic, /^[\w/-]+$/)
  for (const text of [sensor.name, sensor.device.name, sensor.device.manufacturer]) assert.ok(typeof text === 'string' && text !== '')
  assert.ok(Array.isArray(sensor.device.identifiers) && sensor.unique_id.startsWith(`${sensor.device.identifiers[0]}--`))
  assert.ok(Number.isInteger(sensor.expire_after) && sensor.expire_after > 0)
  if (sensor.device_class !== undefined) assertClass(sensor.device_class, sensor.unit_of_measurement)
  assert.ok(Object.values(sensor).every((value) => value !== null))
  return sensor
}

/** Home Assistant takes the state of a sensor with a state class as a number, and no text above 255 characters. */
export function assertState({ payload, retain }: Published, { state_class: stateClass }: Discovery): void {
  assert.ok(retain && payload !== '' && payload.length <= 255)
  if (stateClass !== undefined) assert.ok(Number.isFinite(Number(payload)), payload)
}
