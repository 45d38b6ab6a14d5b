import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import type { Reading } from '../../src/lib/vocabulary/reading'
import type { Operation } from '../../src/lib/vocabulary/operation'
import { vendors } from '../../src/lib/vendors'
import { startSimulator, type Simulator } from '../simulator'
import { until } from '../until'
import { load, unload, type FlowMessage, type VendorId } from './harness'

helper.init(require.resolve('node-red'))

interface Case {
  params?: Record<string, unknown>
  /** What the simulator must have seen, relative to the vendor's base. */
  request: RegExp
  check(payload: unknown): void
}

const THING = 'TSPD04SIM00000001'
const quantities = (payload: unknown): string[] => [...new Set((payload as Reading[]).map(({ quantity }) => quantity))].sort()

/** Every reading has the whole shape. */
function assertReadings(payload: unknown, vendor: string): Reading[] {
  assert.ok(Array.isArray(payload) && payload.length > 0, 'no readings came')
  for (const reading of payload as Reading[]) {
    assert.equal(reading.vendor, vendor)
    assert.equal(typeof reading.device, 'string')
    assert.ok(reading.sensor === null || typeof reading.sensor === 'string')
    assert.ok(['number', 'string', 'boolean'].includes(typeof reading.value), JSON.stringify(reading))
    assert.ok(reading.unit === null || typeof reading.unit === 'string')
    assert.ok(Number.isInteger(reading.timestamp) && reading.timestamp > Date.UTC(2020, 0, 1), JSON.stringify(reading))
    assert.equal(typeof reading.extra?.name, 'string')
  }
  return payload as Reading[]
}

const array = (payload: unknown): void => assert.ok(Array.isArray(payload), JSON.stringify(payload))
const keyed = (...keys: string[]) => (payload: unknown): void => {
  for (const key of keys) assert.ok(key in (payload as object), `${key} is missing in ${JSON.stringify(payload)}`)
}

const CASES: Record<VendorId, Record<string, Case>> = {
  senquip: {
    'list-devices': { request: /^\/devices$/, check: (payload) => assert.match(JSON.stringify(payload), /JDA54E19F/) },
    'device-data': {
      params: { deviceId: 'JDA54E19F', datapoints: 3, from: new Date(Date.now() - 86_400_000) },
      request: /^\/devices\/JDA54E19F\/data\?datapoints=3&from=\d{10}$/,
      check: (payload) => {
        const readings = assertReadings(payload, 'senquip')
        assert.ok(quantities(readings).includes('ambient'), 'the temperature inside a device keeps the name of its vendor')
        assert.ok(readings.every(({ device, sensor }) => device === 'JDA54E19F' && sensor === null))
        const pressure = readings.find(({ quantity }) => quantity === 'pressure')
        if (pressure) assert.ok(pressure.unit === 'hPa' && (pressure.value as number) > 900)
      },
    },
    request: { params: { path: '/devices' }, request: /^\/devices$/, check: (payload) => assert.match(JSON.stringify(payload), /JDA54E19F/) },
  },
  'senquip-v1': {
    'device-data': {
      params: { deviceId: 'JDA54E19F', datapoints: 2 },
      request: /^\/get-data\/JDA54E19F\?datapoints=2$/,
      check: (payload) => assert.ok(quantities(assertReadings(payload, 'senquip-v1')).includes('voltage')),
    },
    'device-summary': { request: /^\/get-device-summary$/, check: (payload) => assert.match(JSON.stringify(payload), /JDA54E19F/) },
  },
  sensocan: {},
  thingsee: {
    alerts: { request: /^\/things\/alerts$/, check: keyed('alerting_tuids') },
    'alert-count': { request: /^\/things\/alerts\/count$/, check: (payload) => assert.equal((payload as { alert_count: unknown }).alert_count, 2) },
    'thing-alerts': {
      params: { tuid: 'TSLK01SIM00000007' },
      request: /^\/things\/TSLK01SIM00000007\/alerts$/,
      check: (payload) => assert.match(JSON.stringify(payload), /"from":"[\d-]+T[\d:]+Z"/),
    },
    thing: { params: { tuid: THING }, request: /^\/things\/TSPD04SIM00000001$/, check: (payload) => assert.deepEqual(quantities(assertReadings(payload, 'thingsee')), ['battery', 'gateway_tuid', 'latitude', 'longitude', 'version']) },
    messages: {
      params: { tuid: THING, limit: 50, messageIds: '12100,1110', from: { type: 'jsonata', value: '$millis() - 86400000' } },
      request: /^\/things\/TSPD04SIM00000001\/messages\?limit=50&messageid=12100,1110&from=\d{10}$/,
      check: (payload) => {
        const readings = assertReadings(payload, 'thingsee')
        for (const quantity of ['temperature', 'humidity', 'pressure', 'illuminance']) assert.ok(quantities(readings).includes(quantity), quantity)
        const pressure = readings.find(({ quantity }) => quantity === 'pressure')
        assert.ok(pressure?.unit === 'hPa' && (pressure.value as number) > 900 && (pressure.value as number) < 1100)
        assert.equal(pressure.extra?.name, 'airp')
      },
    },
    commands: { params: { tuid: THING }, request: /\/commands$/, check: array },
    installations: { params: { tuid: THING, limit: 1 }, request: /\/installations\?limit=1$/, check: array },
    'thing-group': { params: { tuid: THING }, request: /\/group$/, check: keyed('group_id', 'tuid') },
    groups: { params: { search: 'sim', limit: 5 }, request: /^\/groups\/?\?q=sim&limit=5$/, check: array },
    'group-things': { params: { groupId: 'prfi00simoffice' }, request: /^\/groups\/prfi00simoffice\/things$/, check: keyed('group_id', 'tuids') },
    request: { params: { path: '/groups', query: { limit: 1 } }, request: /^\/groups\?limit=1$/, check: array },
  },
  sensorist: {
    users: { params: { list: true }, request: /^\/users\?list=1$/, check: array },
    gateways: { params: { serials: ['10000000'], withSlaves: true }, request: /^\/gateways\?serials=10000000&with_slaves=1$/, check: array },
    'measurements-latest': {
      params: { dataSources: '220200,220201,220202,220203' },
      request: /^\/measurements\?type=latest&data_sources=220200,220201,220202,220203$/,
      check: (payload) => {
        const found = assertReadings(payload, 'sensorist').map(({ device, sensor, quantity, unit }) => [device, sensor, quantity, unit])
        assert.deepEqual(found, [
          ['7325', '57951', 'temperature', '°C'],
          ['7325', '57951', 'humidity', '%'],
          ['7325', '57951', 'voltage', 'V'],
          ['7325', '57951', 'signal', '%'],
        ])
      },
    },
    'measurements-min-max': {
      params: { dataSources: [220200] },
      request: /type=min_max&data_sources=220200$/,
      check: (payload) => assert.deepEqual(assertReadings(payload, 'sensorist').map(({ extra }) => extra?.statistic), ['min', 'max']),
    },
    'measurements-range': {
      params: { dataSources: 220200, from: '2026-01-01T00:00:00Z', to: Date.UTC(2026, 0, 2), ticks: 10 },
      request: /type=range&data_sources=220200&from=2026-01-01T00%3A00%3A00Z&to=2026-01-02T00%3A00%3A00Z&ticks=10$/,
      check: array,
    },
    'measurements-raw': {
      params: { dataSources: '220200', from: new Date(Date.now() - 86_400_000) },
      request: /type=raw&data_sources=220200&from=/,
      check: (payload) => assert.ok(assertReadings(payload, 'sensorist').every(({ extra }) => typeof extra?.seq === 'number')),
    },
    alarms: { request: /^\/alarms$/, check: array },
    'alarm-history': { params: { alarms: '1,2' }, request: /^\/alarms\/history\?alarms=1,2$/, check: array },
    callbacks: { request: /^\/callbacks$/, check: array },
    workflow: { params: { workflowId: '90001' }, request: /^\/workflows\/90001$/, check: keyed('id') },
    request: { params: { path: '/users' }, request: /^\/users$/, check: keyed('user') },
  },
}

const readsOf = (vendor: VendorId): string[] =>
  Object.entries(vendors[vendor].operations as Record<string, Operation>)
    .filter(([, operation]) => operation.verb === 'get-data')
    .map(([id]) => id)

describe('every read operation, in a flow on the simulator', () => {
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  for (const vendor of Object.keys(vendors) as VendorId[]) {
    it(`${vendor} has a case for each of its reads`, () => assert.deepEqual(Object.keys(CASES[vendor]).sort(), readsOf(vendor).sort()))

    for (const [operation, { params, request, check }] of Object.entries(CASES[vendor])) {
      it(`${vendor} ${operation}`, async () => {
        if (operation === 'workflow') await reboot(simulator)
        const flow = await load({ simulator, vendor, operation, params: params ?? {} })
        const { out, caught, completed } = await flow.run({ topic: 'kept' })
        assert.deepEqual(caught.map(({ error }) => error?.message), [])
        assert.deepEqual([out.length, completed], [1, 1])
        check(out[0]?.payload)
        assertMessage(out[0], vendor, operation)
        const asked = simulator.requests.filter(({ status }) => status === 200).map(({ path, url }) => path + (/\?.*/.exec(url)?.[0] ?? ''))
        assert.ok(asked.some((path) => request.test(path)), `${asked.join(' ')} has no ${String(request)}`)
        await until(() => flow.statuses.at(-1)?.fill === 'green', 'the status shows it')
      })
    }
  }
})

/** The incoming message goes on, with what the call cost. */
function assertMessage(message: FlowMessage | undefined, vendor: string, operation: string): void {
  assert.ok(message?.response)
  const { budgets, cached, attempts, statusCode } = message.response
  assert.equal(message.topic, 'kept')
  assert.deepEqual([message.response.vendor, message.response.operation], [vendor, operation])
  assert.deepEqual([statusCode, cached, attempts >= 1], [200, false, true])
  for (const { limit, remaining, resetsAt } of budgets) assert.ok(limit > 0 && remaining <= limit && resetsAt > 0)
}

/** Leaves the workflow of a gateway command: 90001, the first of its simulator. */
async function reboot(simulator: Simulator): Promise<void> {
  const { email, password } = simulator.credentials.sensorist
  await fetch(`${simulator.urls.sensorist}/gateways/7325/commands`, {
    method: 'POST',
    body: new URLSearchParams({ command: 'reboot' }),
    headers: { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}` },
  })
}
