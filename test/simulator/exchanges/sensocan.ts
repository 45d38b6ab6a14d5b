import type { Exchange } from './exchange'
import { exactly } from './shape'

/** Requests and answers are the page's own examples [N1]. */
const device = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890'
const sensor = '7a8b9c0d-1234-5678-90ab-cdef12345678'
const single = `/devices/${device}/sensors/${sensor}/readings`
const reading = { data: { value: 25.5, timestamp: '2023-10-27T10:00:00Z' }, battery_voltage: 3.7 }
const remaining = { 'x-ratelimit-remaining': '999' }

const one = { vendor: 'sensocan' as const, endpoint: 'POST /devices/{device_uuid}/sensors/{sensor_uuid}/readings' }
const bulk = { vendor: 'sensocan' as const, endpoint: 'POST /devices/{device_uuid}/sensors/{sensor_uuid}/readings/bulk' }
const batch = { vendor: 'sensocan' as const, endpoint: 'POST /devices/{device_uuid}/readings' }

const refused = (...fields: string[]): Exchange['body'] => ({
  message: exactly('Validation failed.'), errors: Object.fromEntries(fields.map((field) => [field, ['text']])),
})

export const sensocanExchanges: Exchange[] = [
  {
    ...one, name: 'single reading', source: 'N1 1', path: single, call: { method: 'POST', json: reading }, status: 201, headers: remaining,
    body: exactly({ message: 'Reading stored successfully.', sensor }),
  },
  {
    ...one, name: 'without timestamp and battery', source: 'N1 1, optional fields', path: single, call: { method: 'POST', json: { data: { value: -3 } } }, status: 201, headers: remaining,
    body: exactly({ message: 'Reading stored successfully.', sensor }),
  },
  {
    ...one, name: 'no token', source: 'N1 401', path: single, call: { method: 'POST', json: reading }, anonymous: true, status: 401, body: exactly({ message: 'Unauthenticated.' }),
  },
  {
    ...one, name: 'token of another device', source: 'N1 401 "matches the Device Access Token exactly"', path: single, anonymous: true,
    call: { method: 'POST', json: reading, headers: { authorization: 'Bearer simulated-second-device-token' } }, status: 401, body: exactly({ message: 'Unauthenticated.' }),
  },
  {
    ...one, name: 'unknown device', source: 'N1 404', path: `/devices/00000000-0000-0000-0000-000000000000/sensors/${sensor}/readings`, call: { method: 'POST', json: reading }, status: 404,
    body: exactly({ message: 'Device not found.' }),
  },
  {
    ...one, name: 'unknown sensor', source: 'N1 404 "or Sensor UUID"', path: `/devices/${device}/sensors/00000000-0000-0000-0000-000000000000/readings`, call: { method: 'POST', json: reading }, status: 404,
    headers: remaining, body: exactly({ message: 'Device not found.' }),
  },
  {
    ...one, name: 'value missing, timestamp wrong', source: 'N1 422 example', path: single, call: { method: 'POST', json: { data: { timestamp: 'yesterday' } } }, status: 422, headers: remaining,
    body: exactly({
      message: 'Validation failed.',
      errors: { 'data.value': ['The sensor value is required.'], 'data.timestamp': ['The data.timestamp field must be a valid date.'] },
    }),
  },
  {
    ...one, name: 'value not numeric, battery out of range', source: 'N1 common validation errors', path: single, call: { method: 'POST', json: { data: { value: true }, battery_voltage: 100.1 } }, status: 422,
    body: refused('data.value', 'battery_voltage'),
  },
  {
    ...one, name: 'too many requests', source: 'N1 429', path: single, call: { method: 'POST', json: reading }, status: 429, headers: { 'x-ratelimit-remaining': '0' },
    arrange: ({ limits }) => { limits.sensocanPerMinute = 0 }, body: exactly({ message: 'Too Many Requests' }),
  },
  {
    ...bulk, name: 'three readings', source: 'N1 2', path: `${single}/bulk`, status: 201, headers: remaining,
    call: {
      method: 'POST',
      json: {
        data: [{ value: 22.1, timestamp: '2023-10-27T09:00:00Z' }, { value: 22.4, timestamp: '2023-10-27T09:15:00Z' }, { value: 22.8, timestamp: '2023-10-27T09:30:00Z' }],
        battery_voltage: 3.6,
      },
    },
    body: exactly({ message: 'Successfully stored 3 readings.', sensor, count: 3 }),
  },
  {
    ...bulk, name: 'second value missing', source: 'N1 422, keyed as Laravel does (INF)', path: `${single}/bulk`, call: { method: 'POST', json: { data: [{ value: 1 }, {}] } }, status: 422, body: refused('data.1.value'),
  },
  {
    ...bulk, name: 'empty list', source: 'N1 2 "at least 1 item"', path: `${single}/bulk`, call: { method: 'POST', json: { data: [] } }, status: 422, body: refused('data'),
  },
  {
    ...batch, name: 'three sensors', source: 'N1 3', path: `/devices/${device}/readings`, status: 201, headers: remaining,
    call: {
      method: 'POST',
      json: {
        data: [{ sensor_slug: 'temp_01', value: 25.5, timestamp: '2023-10-27T10:00:00Z' }, { sensor_uuid: sensor, value: 60.2 }, { sensor_slug: 'battery_level', value: 95 }],
        battery_voltage: 3.7,
      },
    },
    body: exactly({ message: 'Successfully processed 3 readings.', count: 3 }),
  },
  {
    ...batch, name: 'neither slug nor uuid', source: 'N1 common validation errors; keys INF', path: `/devices/${device}/readings`, call: { method: 'POST', json: { data: [{ value: 1 }] } }, status: 422,
    body: refused('data.0.sensor_slug', 'data.0.sensor_uuid'),
  },
  {
    ...batch, name: 'unknown slug', source: 'U', path: `/devices/${device}/readings`, call: { method: 'POST', json: { data: [{ sensor_slug: 'none', value: 1 }] } }, status: 422, body: refused('data.0.sensor_slug'),
  },
]
