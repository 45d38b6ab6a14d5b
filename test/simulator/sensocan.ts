import type { VendorContext, VendorServer } from './interface'
import { admit, retryAfterHeader } from './limits'
import type { Handler, Reply, Routes } from './route'
import { Refusal, dispatch } from './route'
import type { SimulatorRequest } from './request'
import { bearerToken, isRecord, jsonBody } from './request'

/** Ids as in the vendor's own examples [N1]. */
export const sensocanCredentials = {
  deviceUuid: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890',
  accessToken: 'simulated-device-token',
}

/** U in the vendor's text: this simulator's choices. */
export interface SensocanChoices {
  /** Retry-After on 429: not mentioned */
  retryAfter: boolean
  /** Laravel's "numeric" rule takes "25.5" as well; the page says numeric, so texts are refused by default */
  acceptNumericText: boolean
  /** a slug or uuid in a batch that the device lacks: 422 with the field, the documented 404, or the other readings are stored and counted */
  unknownBatchSensor: 422 | 404 | 'left-out'
}

export interface SensocanSensor {
  uuid: string
  slug: string
  name: string
  unit: string
}

export interface SensocanReading {
  sensorUuid: string
  value: number
  /** ISO 8601 as sent; the server's time when omitted [N1 for single; assumed for the rest] */
  timestamp: string
  timestampGiven: boolean
  batteryVoltage: number | null
  form: 'reading' | 'bulk' | 'batch'
  /** epoch ms of arrival */
  storedAt: number
}

export interface SensocanDevice {
  uuid: string
  accessToken: string
  sensors: SensocanSensor[]
}

export interface SensocanState {
  choices: SensocanChoices
  devices: Map<string, SensocanDevice>
  /** every reading stored, in order of arrival */
  readings: SensocanReading[]
}

const sensor = (uuid: string, slug: string, name: string, unit: string): SensocanSensor => ({ uuid, slug, name, unit })

function seededDevices(): SensocanDevice[] {
  return [
    {
      uuid: sensocanCredentials.deviceUuid,
      accessToken: sensocanCredentials.accessToken,
      sensors: [
        sensor('7a8b9c0d-1234-5678-90ab-cdef12345678', 'temp_01', 'Temperature', '°C'),
        sensor('7a8b9c0d-1234-5678-90ab-cdef12345679', 'humidity_sensor', 'Humidity', '%'),
        sensor('7a8b9c0d-1234-5678-90ab-cdef1234567a', 'battery_level', 'Battery', '%'),
        sensor('7a8b9c0d-1234-5678-90ab-cdef1234567b', 'gps_lat', 'Latitude', '°'),
      ],
    },
    {
      uuid: 'b2c3d4e5-f607-8901-bcde-f12345678901',
      accessToken: 'simulated-second-device-token',
      sensors: [sensor('8b9c0d1e-2345-6789-01bc-def123456789', 'temp_01', 'Temperature', '°C')],
    },
  ]
}

type FieldErrors = Record<string, string[]>

const ISO_8601 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/

class Sensocan {
  private readonly routes: Routes = {
    'POST /devices/{device_uuid}/sensors/{sensor_uuid}/readings': (request, device, sensorUuid) => this.reading(request, device, sensorUuid),
    'POST /devices/{device_uuid}/sensors/{sensor_uuid}/readings/bulk': (request, device, sensorUuid) => this.bulk(request, device, sensorUuid),
    'POST /devices/{device_uuid}/readings': (request, device) => this.batch(request, device),
  }

  constructor(readonly state: SensocanState, private readonly context: VendorContext) {}

  readonly handle = async (request: SimulatorRequest): Promise<Reply> => {
    let rate: Record<string, string> = {}
    try {
      rate = this.admit(this.authorise(request))
      const reply = await dispatch(this.routes, request)
      return { ...reply, headers: { ...rate, ...reply.headers } }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { status: error.status, headers: { ...rate, ...error.headers }, json: { message: error.message, ...error.details } }
    }
  }

  /** The token names the device; a token of another device is not "exactly" the right one [N1]. */
  private authorise(request: SimulatorRequest): SensocanDevice {
    const token = bearerToken(request)
    const owner = [...this.state.devices.values()].find(({ accessToken }) => accessToken === token)
    const uuid = request.path.split('/')[2] ?? ''
    if (!owner || this.state.devices.has(uuid) && uuid !== owner.uuid) throw new Refusal(401, 'Unauthenticated.')
    return owner
  }

  private admit(device: SensocanDevice): Record<string, string> {
    const { limits, meters, now } = this.context
    const admission = admit([{ meter: meters.sensocanPerMinute, key: device.uuid, limit: limits.sensocanPerMinute }], now())
    const rate: Record<string, string> = admission.remaining === null ? {} : { 'X-RateLimit-Remaining': String(admission.remaining) }
    if (admission.accepted) return rate
    throw new Refusal(429, 'Too Many Requests', {}, { ...rate, ...(this.state.choices.retryAfter ? retryAfterHeader(admission.wait) : {}) })
  }

  private device(uuid: string): SensocanDevice {
    const device = this.state.devices.get(uuid)
    if (!device) throw new Refusal(404, 'Device not found.')
    return device
  }

  /** 404 "Device not found." serves for the sensor of the URL as well [N1]. */
  private sensor(deviceUuid: string, sensorUuid: string): SensocanSensor {
    const found = this.device(deviceUuid).sensors.find(({ uuid }) => uuid === sensorUuid)
    if (!found) throw new Refusal(404, 'Device not found.')
    return found
  }

  private readonly reading: Handler = (request, deviceUuid = '', sensorUuid = '') => {
    const { uuid } = this.sensor(deviceUuid, sensorUuid)
    const body = bodyOf(request)
    const errors: FieldErrors = {}
    if (!isRecord(body['data'])) errors['data'] = ['The data field is required.']
    else this.checkReading(body['data'], 'data', errors)
    this.finishCheck(body, errors)
    this.store('reading', uuid, body['data'], body)
    return { status: 201, json: { message: 'Reading stored successfully.', sensor: uuid } }
  }

  private readonly bulk: Handler = (request, deviceUuid = '', sensorUuid = '') => {
    const { uuid } = this.sensor(deviceUuid, sensorUuid)
    const body = bodyOf(request)
    const errors: FieldErrors = {}
    const rows = rowsOf(body, errors)
    for (const [index, row] of rows.entries()) this.checkReading(row, `data.${index}`, errors)
    this.finishCheck(body, errors)
    for (const row of rows) this.store('bulk', uuid, row, body)
    return { status: 201, json: { message: `Successfully stored ${rows.length} readings.`, sensor: uuid, count: rows.length } }
  }

  private readonly batch: Handler = (request, deviceUuid = '') => {
    const device = this.device(deviceUuid)
    const body = bodyOf(request)
    const errors: FieldErrors = {}
    const rows = rowsOf(body, errors)
    const sensors = rows.map((row, index) => {
      this.checkReading(row, `data.${index}`, errors)
      return this.sensorOfRow(device, row, `data.${index}`, errors)
    })
    this.finishCheck(body, errors)
    const stored = rows.flatMap((row, index) => (sensors[index] ? [{ row, uuid: sensors[index].uuid }] : []))
    for (const { row, uuid } of stored) this.store('batch', uuid, row, body)
    return { status: 201, json: { message: `Successfully processed ${stored.length} readings.`, count: stored.length } }
  }

  private sensorOfRow(device: SensocanDevice, row: unknown, path: string, errors: FieldErrors): SensocanSensor | undefined {
    const { sensor_slug: slug, sensor_uuid: uuid } = isRecord(row) ? row : {}
    if (slug === undefined && uuid === undefined) {
      errors[`${path}.sensor_slug`] = [`The ${path}.sensor_slug field is required when ${path}.sensor_uuid is not present.`]
      errors[`${path}.sensor_uuid`] = [`The ${path}.sensor_uuid field is required when ${path}.sensor_slug is not present.`]
      return undefined
    }
    const found = device.sensors.find((candidate) => uuid === undefined ? candidate.slug === slug : candidate.uuid === uuid)
    if (found) return found
    if (this.state.choices.unknownBatchSensor === 'left-out') return undefined
    if (this.state.choices.unknownBatchSensor === 404) throw new Refusal(404, 'Device not found.')
    const field = `${path}.${uuid === undefined ? 'sensor_slug' : 'sensor_uuid'}`
    errors[field] = [`The selected ${field} is invalid.`]
    return undefined
  }

  private isNumeric(value: unknown): boolean {
    if (typeof value === 'number') return true
    return this.state.choices.acceptNumericText && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
  }

  private checkReading(row: unknown, path: string, errors: FieldErrors): void {
    const { value, timestamp } = isRecord(row) ? row : {}
    if (value === undefined || value === null) errors[`${path}.value`] = ['The sensor value is required.']
    else if (!this.isNumeric(value)) errors[`${path}.value`] = [`The ${path}.value field must be a number.`]
    if (timestamp === undefined || timestamp === null) return
    if (typeof timestamp !== 'string' || !ISO_8601.test(timestamp) || Number.isNaN(Date.parse(timestamp))) {
      errors[`${path}.timestamp`] = [`The ${path}.timestamp field must be a valid date.`]
    }
  }

  /** All or nothing: one wrong row refuses the request. */
  private finishCheck(body: Record<string, unknown>, errors: FieldErrors): void {
    const volts = body['battery_voltage']
    if (volts !== undefined && volts !== null && (!this.isNumeric(volts) || Number(volts) < 0 || Number(volts) > 100)) {
      errors['battery_voltage'] = ['The battery voltage field must be between 0 and 100.']
    }
    if (Object.keys(errors).length > 0) throw new Refusal(422, 'Validation failed.', { errors })
  }

  private store(form: SensocanReading['form'], sensorUuid: string, row: unknown, body: Record<string, unknown>): void {
    const { value, timestamp } = isRecord(row) ? row : {}
    const volts = body['battery_voltage']
    const storedAt = this.context.now()
    this.state.readings.push({
      sensorUuid,
      value: Number(value),
      timestamp: typeof timestamp === 'string' ? timestamp : new Date(storedAt).toISOString(),
      timestampGiven: typeof timestamp === 'string',
      batteryVoltage: volts === undefined || volts === null ? null : Number(volts),
      form,
      storedAt,
    })
  }
}

/** A body that is not declared as JSON is empty to the server: its fields are then reported as missing (INF, Laravel). */
function bodyOf(request: SimulatorRequest): Record<string, unknown> {
  const body = jsonBody(request)
  return isRecord(body) ? body : {}
}

function rowsOf(body: Record<string, unknown>, errors: FieldErrors): unknown[] {
  const rows = body['data']
  if (Array.isArray(rows) && rows.length > 0) return rows
  errors['data'] = [rows === undefined ? 'The data field is required.' : 'The data field must be an array with at least 1 item.']
  return []
}

export function createSensocan(context: VendorContext, options: Partial<SensocanChoices> = {}): VendorServer<SensocanState> {
  return new Sensocan({
    choices: { retryAfter: false, acceptNumericText: false, unknownBatchSensor: 422, ...options },
    devices: new Map(seededDevices().map((device) => [device.uuid, device])),
    readings: [],
  }, context)
}
