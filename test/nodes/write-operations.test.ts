import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import type { Verb } from '../../src/lib/vocabulary/operation'
import { operationsOf, type Vendor } from '../../src/lib/vocabulary/vendor'
import { vendors } from '../../src/lib/vendors'
import { startSimulator, type Simulator } from '../simulator'
import { load, unload, type VendorId } from './harness'

helper.init(require.resolve('node-red'))

const WRITES: readonly Verb[] = ['send-reading', 'send-command', 'set-alarm', 'register-device']
const THING = 'TSPD04SIM00000001'
const SENSOR = '7a8b9c0d-1234-5678-90ab-cdef12345678'
const DEVICE = '/devices/a1b2c3d4-e5f6-7890-abcd-ef1234567890'

/** Params, the request that the simulator must see, and its body as JSON or form. */
type Case = readonly [params: Record<string, unknown>, request: string, body?: unknown]

const form = (body: string): unknown => Object.fromEntries(new URLSearchParams(body))

const CASES: Record<string, Record<string, Case>> = {
  'sensocan send-reading': {
    auto: [{ readings: { sensorSlug: 'temp_01', value: 1, timestamp: 1_700_000_000_000 } }, `POST ${DEVICE}/readings`, { data: [{ sensor_slug: 'temp_01', value: 1, timestamp: '2023-11-14T22:13:20.000Z' }] }],
    reading: [{ sensorUuid: SENSOR, value: 2 }, `POST ${DEVICE}/sensors/${SENSOR}/readings`, { data: { value: 2 } }],
    bulk: [{ sensorUuid: SENSOR, readings: [{ value: 3 }], batteryVoltage: 3.6 }, `POST ${DEVICE}/sensors/${SENSOR}/readings/bulk`, { data: [{ value: 3 }], battery_voltage: 3.6 }],
    batch: [{ readings: [{ sensor_uuid: SENSOR, value: 4 }] }, `POST ${DEVICE}/readings`, { data: [{ sensor_uuid: SENSOR, value: 4 }] }],
  },
  'senquip send-command': {
    'update-config': [{ deviceId: 'JDA54E19F', config: { ambient: { interval: 2 } } }, 'POST /devices/JDA54E19F/config', { config: { ambient: { interval: 2 } } }],
    'load-file': [{ deviceId: 'JDA54E19F', fileName: 'mqtt_ca.pem', file: 'content' }, 'POST /devices/JDA54E19F/files/mqtt_ca.pem'],
    request: [{ method: 'POST', path: '/devices/JDA54E19F/config', body: { config: { tc1: { interval: 1 } } } }, 'POST /devices/JDA54E19F/config', { config: { tc1: { interval: 1 } } }],
  },
  'senquip set-alarm': {
    'set-threshold': [{ deviceId: 'JDA54E19F', channel: 'input1', warning: '>5', alarm: '>10', hysteresis: 1 }, 'POST /devices/JDA54E19F/config', { config: { input1: { warning: '>5', alarm: '>10', hysteresis: 1 } } }],
  },
  'senquip register-device': {
    'add-user-to-device': [{ deviceId: 'NEWDEV001', groupName: 'Cellar' }, 'POST /devices/NEWDEV001/users', { groupName: 'Cellar' }],
  },
  'thingsee send-command': {
    command: [{ tuid: THING, commands: { tsmId: 1501, tsmEv: 30, transactionId: 5, nodeRole: 0 } }, `POST /things/${THING}/commands`, [{ tsmId: 1501, tsmEv: 30, transactionId: 5, nodeRole: 0 }]],
    request: [{ method: 'POST', path: `/things/${THING}/installations`, body: { installation_status: 'installed' } }, `POST /things/${THING}/installations`, { installation_status: 'installed' }],
  },
  'thingsee register-device': {
    'set-installation-status': [{ tuid: THING, installationStatus: 'quarantine' }, `POST /things/${THING}/installations`, { installation_status: 'quarantine' }],
    'set-group': [{ tuid: THING, groupId: 'prfi00simplant' }, `POST /things/${THING}/group`, { group_id: 'prfi00simplant' }],
    'create-group': [{ groupId: 'prfi00new', groupDescription: 'New' }, 'POST /groups', { group_id: 'prfi00new', group_description: 'New' }],
    'rename-group': [{ groupId: 'prfi00simplant', newGroupId: 'prfi00plant2' }, 'POST /groups/prfi00simplant/rename', { group_id: 'prfi00plant2' }],
    'delete-group': [{ groupId: 'dmfi00simempty' }, 'DELETE /groups/dmfi00simempty'],
  },
  'sensorist send-command': {
    'gateway-command': [{ gatewayId: '7325', command: 'pairing_start' }, 'POST /gateways/7325/commands', { command: 'pairing_start' }],
    'update-gateway': [{ gatewayId: 7325, gatewayName: 'Office' }, 'POST /gateways/7325', { name: 'Office' }],
    'update-sensor': [{ sensorId: '57951', interval: 900, sensorName: 'Rack' }, 'POST /sensors/57951', { interval: '900', name: 'Rack' }],
    request: [{ method: 'POST', path: '/gateways/7325', body: { name: 'Home' } }, 'POST /gateways/7325', { name: 'Home' }],
  },
  'sensorist set-alarm': {
    'create-alarm': [{ dataSource: '220200', value: -5, direction: 'below', delay: 60 }, 'POST /alarms', { data_source: '220200', value: '-5', direction: 'below', delay: '60' }],
    'delete-alarm': [{ alarmId: 'EXISTING' }, 'DELETE /alarms/EXISTING'],
    'delete-all-alarms': [{}, 'DELETE /alarms'],
    'create-callback': [{ url: 'http://127.0.0.1:9/hook', events: 'alarm,system' }, 'POST /callbacks', { url: 'http://127.0.0.1:9/hook', type: '6' }],
    'delete-callback': [{ callbackId: 'EXISTING' }, 'DELETE /callbacks/EXISTING'],
    'delete-all-callbacks': [{}, 'DELETE /callbacks'],
  },
  'sensorist register-device': {
    'add-gateway': [{ serial: '10000009', gatewayName: 'Home' }, 'POST /gateways', { serial: '10000009', name: 'Home' }],
    'create-user': [{ email: 'new@example.com', password: 'simulated-new', firstName: 'A', lastName: 'B' }, 'POST /users', { email: 'new@example.com', password: 'simulated-new', fname: 'A', lname: 'B' }],
  },
}

const OFFERED = (Object.keys(vendors) as VendorId[]).flatMap((vendor) =>
  WRITES.map((verb) => [vendor, verb, Object.keys(operationsOf(vendors[vendor] as Vendor, verb))] as const).filter(([, , ids]) => ids.length > 0),
)

describe('every write operation, in a flow on the simulator', () => {
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator({ maxAge: 0 })))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  /** Something to delete, made by the same nodes; gives its id. */
  async function existing(operation: string): Promise<string | undefined> {
    const made = operation === 'delete-alarm' ? 'create-alarm' : operation === 'delete-callback' ? 'create-callback' : undefined
    const params = made === undefined ? undefined : CASES['sensorist set-alarm']?.[made]?.[0]
    if (made === undefined || !params) return undefined
    const { out } = await (await load({ simulator, vendor: 'sensorist', verb: 'set-alarm', operation: made, params })).run()
    await unload()
    return String((out[0]?.payload as { id: unknown }).id)
  }

  for (const [vendor, verb, ids] of OFFERED) {
    const cases = CASES[`${vendor} ${verb}`] ?? {}
    it(`${vendor} ${verb} has a case for each operation`, () => assert.deepEqual(Object.keys(cases).sort(), [...ids].sort()))

    for (const [operation, [params, request, body]] of Object.entries(cases))
      it(`${vendor} ${operation}`, async () => {
        const id = await existing(operation)
        const given = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value === 'EXISTING' ? id : value]))
        const { out, caught, completed } = await (await load({ simulator, vendor, verb, operation, params: given, node: { outbox: false } })).run({ topic: 'kept' })
        assert.deepEqual(caught.map(({ error }) => error?.message), [])
        assert.deepEqual([out.length, completed, out[0]?.topic, out[0]?.response?.operation], [1, 1, 'kept', operation])
        const sent = simulator.requests.at(-1)
        assert.equal(`${sent?.method ?? ''} ${sent?.path ?? ''}`, request.replace('EXISTING', id ?? ''))
        if (body !== undefined) assert.deepEqual(vendor === 'sensorist' ? form(sent?.body ?? '') : JSON.parse(sent?.body ?? ''), body)
      })
  }
})
