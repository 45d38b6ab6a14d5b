import assert from 'node:assert/strict'
import { knownExchanges } from './exchanges/known'
import { play } from './exchanges/play'
import { seenExchanges } from './exchanges/seen'
import { mismatches } from './exchanges/shape'

const all = knownExchanges
const seen = seenExchanges(all)

/** Every row of the vendors' tables: Senquip 1.1, 1.2, 2.2; SensoCAN 3.1; Thingsee 4.1, 4.2; Sensorist 5.3, 5.4. */
const documented = `
senquip GET /devices
senquip GET /devices/{deviceId}/data
senquip POST /devices/{deviceId}/users
senquip POST /devices/{deviceId}/config
senquip POST /devices/{deviceId}/files/{fileName}
senquip-v1 POST /token
senquip-v1 GET /get-data/{deviceid}
senquip-v1 GET /get-device-summary
sensocan POST /devices/{device_uuid}/sensors/{sensor_uuid}/readings
sensocan POST /devices/{device_uuid}/sensors/{sensor_uuid}/readings/bulk
sensocan POST /devices/{device_uuid}/readings
thingsee POST /auth/client-token
thingsee GET /things/alerts
thingsee GET /things/alerts/count
thingsee GET /things/{tuid}/alerts
thingsee GET /things/{tuid}
thingsee GET /things/{tuid}/messages
thingsee GET /things/{tuid}/commands
thingsee POST /things/{tuid}/commands
thingsee GET /things/{tuid}/installations
thingsee POST /things/{tuid}/installations
thingsee GET /things/{tuid}/group
thingsee POST /things/{tuid}/group
thingsee POST /groups
thingsee POST /groups/{groupid}/rename
thingsee GET /groups
thingsee GET /groups/{groupid}/things
thingsee DELETE /groups/{groupid}
sensorist GET /users
sensorist GET /gateways
sensorist GET /measurements
sensorist GET /alarms
sensorist GET /alarms/history
sensorist GET /callbacks
sensorist GET /workflows/{id}
sensorist POST /users
sensorist POST /gateways
sensorist POST /gateways/{id}
sensorist POST /gateways/{id}/commands
sensorist POST /sensors/{id}
sensorist POST /alarms
sensorist POST /callbacks
sensorist DELETE /alarms
sensorist DELETE /alarms/{id}
sensorist DELETE /callbacks
sensorist DELETE /callbacks/{id}
`.trim().split('\n')

describe('simulator: the exchanges of the vendors\' texts', () => {
  it('has a successful exchange for every documented endpoint, and no other endpoint', () => {
    const played = new Set(all.filter(({ status }) => status < 300).map(({ vendor, endpoint }) => `${vendor} ${endpoint}`))
    assert.deepEqual([...played].sort(), [...documented].sort())
  })

  for (const exchange of [...all, ...seen]) {
    it(`${exchange.vendor} ${exchange.endpoint}: ${exchange.name} [${exchange.source}]`, () => play(exchange))
  }
})

describe('simulator: the shape match itself', () => {
  it('reports a missing key, an extra key, a wrong type and an empty list', () => {
    assert.deepEqual(mismatches({ a: 1 }, {}), ['body.a: missing'])
    assert.deepEqual(mismatches({ a: 1 }, { a: 2, b: 3 }), ['body.b: not expected'])
    assert.equal(mismatches({ a: 1 }, { a: '1' }).length, 1)
    assert.equal(mismatches([1], []).length, 1)
    assert.deepEqual(mismatches({ a: [{ b: null }] }, { a: [{ b: null }, { b: null }] }), [])
  })
})
