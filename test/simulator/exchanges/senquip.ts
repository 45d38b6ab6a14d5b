import type { Exchange } from './exchange'
import { atLeast, exactly } from './shape'

const base = { vendor: 'senquip' as const }

/** Keys that stand in every example message [S1a, S1c]. */
export const deviceMessage = atLeast({
  deviceid: 'BD6AEDJQ2', ts: 1608416763.9, time: 1608416764, vsys: 4.09, vin: 12.11, vbat: 0, vreg: 8.98, ambient: 25.83, light: 1,
  pitch: -0.9, roll: -1.5, angle: 1.7, motion: 24, pressure: 101.26, wifi_ip: '192.168.1.178', wifi_rssi: -32, state: 0, movement_hrs: 0,
})

const quadMessage = atLeast({ analog1: 0, current1: 0.16, can1: [{ id: 419371762, data: '42C8590803FFD908' }], cp21: 82.8 })

const mqttConfig = {
  config: { endpoint: { mqtt: { enable: true, server: 'mqtt.broker.address:8883', client_id: 'SETYOURID', ssl_cert: 'mqtt_client.crt', ssl_key: 'mqtt_client.key', ssl_ca_cert: 'ca.pem' } } },
}

const boundary = 'simulated-boundary'
const multipart = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="mqtt_client.crt"\r\n\r\ncertificate\r\n--${boundary}--\r\n`

export const senquipExchanges: Exchange[] = [
  {
    ...base, endpoint: 'GET /devices', name: 'list all devices', source: 'S1 name; route and keys U (assumptions table)', path: '/devices', call: {}, status: 200,
    headers: { 'content-type': /^application\/json/ },
    body: { devices: [{ deviceid: 'JDA54E19F', name: 'x', plan: 'Hosted', groupid: '1', groupName: 'x' }] },
  },
  {
    ...base, endpoint: 'GET /devices', name: 'key missing', source: 'S1 codes: 401; text under message', path: '/devices', call: {}, anonymous: true, status: 401,
    body: { message: 'Unauthorized' },
  },
  {
    ...base, endpoint: 'GET /devices', name: 'key wrong', source: 'S1 codes: 403', path: '/devices', call: { headers: { 'X-API-Key': 'wrong' } }, anonymous: true, status: 403,
    body: { message: 'Forbidden' },
  },
  {
    ...base, endpoint: 'GET /devices', name: 'wrong method', source: 'S1 codes: 405', path: '/devices', call: { method: 'DELETE' }, status: 405, body: { message: 'x' },
  },
  {
    ...base, endpoint: 'GET /devices', name: 'unknown path', source: 'S1 codes: 404', path: '/no-such-path', call: {}, status: 404, body: { message: 'x' },
  },
  {
    ...base, endpoint: 'GET /devices/{deviceId}/data', name: 'latest message of a Hosted device', source: 'S1 name; S1a message; default 1 as in S0', path: '/devices/JDA54E19F/data',
    call: {}, status: 200, body: [quadMessage],
  },
  {
    ...base, endpoint: 'GET /devices/{deviceId}/data', name: 'device on trial', source: 'S1 "must either have a Trial or Hosted Plan"', path: '/devices/SIMTRIAL1/data?datapoints=3',
    call: {}, status: 200, body: [deviceMessage],
  },
  {
    ...base, endpoint: 'GET /devices/{deviceId}/data', name: 'non-Hosted device refused', source: 'S1 same; status U', path: '/devices/SIMPLAIN1/data', call: {}, status: 403, body: { message: 'x' },
  },
  {
    ...base, endpoint: 'GET /devices/{deviceId}/data', name: 'unknown device', source: 'S1 codes: 404', path: '/devices/NOSUCHDEV/data', call: {}, status: 404, body: { message: 'x' },
  },
  {
    ...base, endpoint: 'POST /devices/{deviceId}/users', name: 'register a new device, no body', source: 'S1 "No body parameters are required"', path: '/devices/NEWDEV001/users',
    call: { method: 'POST' }, status: 200, body: atLeast({ message: 'x' }),
  },
  {
    ...base, endpoint: 'POST /devices/{deviceId}/users', name: 'with a group', source: 'S1 body keys groupid, groupName', path: '/devices/NEWDEV002/users',
    call: { method: 'POST', json: { groupid: '7', groupName: 'Pumps' } }, status: 200, body: atLeast({ message: 'x' }),
  },
  {
    ...base, endpoint: 'POST /devices/{deviceId}/users', name: 'device of another account', source: 'S1 "Password Required"; status U', path: '/devices/SIMOTHER1/users',
    call: { method: 'POST' }, status: 403, body: { message: exactly('Password Required') },
  },
  {
    ...base, endpoint: 'POST /devices/{deviceId}/users', name: 'with its setup password', source: 'S1 body key setupPassword', path: '/devices/SIMOTHER1/users',
    call: { method: 'POST', json: { setupPassword: 'simulated-setup-password' } }, status: 200, body: atLeast({ message: 'x' }),
  },
  {
    ...base, endpoint: 'POST /devices/{deviceId}/config', name: 'the documented MQTT config', source: 'S1 example body; 202 "accepted and queued"', path: '/devices/JDA54E19F/config',
    call: { method: 'POST', json: mqttConfig }, status: 202, body: { message: 'x' },
  },
  {
    ...base, endpoint: 'POST /devices/{deviceId}/config', name: 'non-Hosted device, 49 left', source: 'S1 50 a month, apiRequestsRemaining; place U', path: '/devices/SIMPLAIN1/config',
    call: { method: 'POST', json: mqttConfig }, status: 202, body: { message: 'x', apiRequestsRemaining: exactly(49) },
  },
  {
    ...base, endpoint: 'POST /devices/{deviceId}/config', name: 'non-Hosted device, month used up', source: 'S1 50 a month, 429; place of apiRequestsRemaining U', path: '/devices/SIMPLAIN1/config',
    call: { method: 'POST', json: mqttConfig }, status: 429, arrange: ({ limits }) => { limits.senquipPerMonth = 0 },
    body: { message: exactly('Too Many Requests'), apiRequestsRemaining: exactly(0) },
  },
  {
    ...base, endpoint: 'POST /devices/{deviceId}/config', name: 'no config in the body', source: 'S1 codes: 422', path: '/devices/JDA54E19F/config', call: { method: 'POST', json: {} }, status: 422,
    body: { message: 'x' },
  },
  {
    ...base, endpoint: 'POST /devices/{deviceId}/files/{fileName}', name: 'raw bytes', source: 'S1 file names; encoding U', path: '/devices/JDA54E19F/files/mqtt_client.key',
    call: { method: 'POST', raw: Buffer.from([0, 255, 13, 10]), headers: { 'content-type': 'application/octet-stream' } }, status: 202, body: { message: 'x' },
  },
  {
    ...base, endpoint: 'POST /devices/{deviceId}/files/{fileName}', name: 'JSON base64', source: 'S1 file names; encoding U', path: '/devices/JDA54E19F/files/mqtt_ca.pem',
    call: { method: 'POST', json: { file: 'Y2VydA==' } }, status: 202, body: { message: 'x' },
  },
  {
    ...base, endpoint: 'POST /devices/{deviceId}/files/{fileName}', name: 'multipart', source: 'S1 file names; encoding U', path: '/devices/JDA54E19F/files/mqtt_client.crt',
    call: { method: 'POST', raw: multipart, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }, status: 202, body: { message: 'x' },
  },
]

const v1 = { vendor: 'senquip-v1' as const }
const clientHeader = { authorization: `Basic ${Buffer.from('simulated-client:simulated-client-secret').toString('base64')}` }

export const senquipV1Exchanges: Exchange[] = [
  {
    ...v1, endpoint: 'POST /token', name: 'client credentials', source: 'S0 flow 1 and 2', path: '/token', anonymous: true,
    call: { method: 'POST', form: { grant_type: 'client_credentials' }, headers: clientHeader }, status: 200,
    body: { access_token: 'x', expires_in: 3600, token_type: exactly('Bearer') },
  },
  {
    ...v1, endpoint: 'POST /token', name: 'wrong secret', source: 'U; RFC 6749 5.2', path: '/token', anonymous: true,
    call: { method: 'POST', form: { grant_type: 'client_credentials' }, headers: { authorization: 'Basic eDp5' } }, status: 401, body: { error: exactly('invalid_client') },
  },
  {
    ...v1, endpoint: 'POST /token', name: 'JSON instead of a form', source: 'S0 Content-Type; status U', path: '/token', anonymous: true,
    call: { method: 'POST', json: { grant_type: 'client_credentials' }, headers: clientHeader }, status: 400, body: { error: exactly('invalid_request') },
  },
  {
    ...v1, endpoint: 'GET /get-data/{deviceid}', name: 'latest datapoint', source: 'S0 array of datapoints, default 1; S1a message INF', path: '/get-data/JDA54E19F', call: {}, status: 200,
    body: [quadMessage],
  },
  {
    ...v1, endpoint: 'GET /get-data/{deviceid}', name: 'five in a period', source: 'S0 datapoints, from, to; unit U', path: '/get-data/JDA54E19F?datapoints=5&from=1789200000&to=1789300000', call: {}, status: 200,
    body: [deviceMessage],
  },
  {
    ...v1, endpoint: 'GET /get-data/{deviceid}', name: 'a period without a number', source: 'S0 datapoints "Optional - Default (1)"', path: '/get-data/JDA54E19F?from=1789200000&to=1789300000', call: {}, status: 200,
    body: (value, path) => (Array.isArray(value) && value.length === 1 ? [] : [`${path}: one datapoint expected`]),
  },
  {
    ...v1, endpoint: 'GET /get-data/{deviceid}', name: 'no token', source: 'U', path: '/get-data/JDA54E19F', call: {}, anonymous: true, status: 401, body: { message: 'x' },
  },
  {
    ...v1, endpoint: 'GET /get-device-summary', name: 'summary', source: 'S0; content U', path: '/get-device-summary', call: {}, status: 200, body: [{ deviceid: 'x', name: 'x', ts: 1.1 }],
  },
]
