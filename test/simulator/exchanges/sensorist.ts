import type { Exchange } from './exchange'
import type { Shape } from './shape'
import { either, exactly, keyedBy, text } from './shape'

const vendor = 'sensorist' as const

/** Envelope and cache header of every live answer [R2]. */
const live = (content: { readonly [key: string]: Shape }): Shape => ({ code: exactly(200), max_age: exactly(900), time: 0.094, ...content })
const cached = { 'cache-control': 'max-age=900, private' }
const ok = { vendor, status: 200, headers: cached }
const failure = (code: number): Shape => ({ code: exactly(code), max_age: 0, time: 0.1, message: 'text' })

const date = text(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+0000$/)
const row: Shape = { date, value: 20.34, type: exactly(1), seq: 1789318746316133, min: null, max: null }

const user: Shape = {
  id: 14886, email: 'a@b.c', fname: 'F', lname: 'L', country: { code: 'DK' }, tz: { tz: 'Europe/Copenhagen' }, temp_unit: { id: 1, name: '°C' },
  notification_channel: 15, notification_type: 3, accounts: [{ role: 'admin', account: { id: 14861, provider: { id: 1, name: 'Sensorist', image_phone: null } } }],
}

/** Kinds with their live capability, and a subtype only where one was seen [R2]. */
const kindOf = (name: string, capability: number, subtype: string | null): Shape => ({
  id: 220200, title: 'Temperature', serial: 't5p0xxxx', interval: 900, subtype: exactly(subtype), disconnected_date: null, devices: exactly([]),
  type: { id: 5, name: exactly(name), precision: 1, capability: exactly(capability), unit: { id: 1, name: '°C' } },
})

const dataSource = either(kindOf('temp', 72, 'digital'), kindOf('humi', 80, 'digital'), kindOf('batt', 4, null), kindOf('wireless', 4, null))

const sensor: Shape = {
  id: 57951, serial: 'aa00bb01', title: 'Sensor 2', firmware: '1.99', type: { id: 4, name: 'S2.0' }, disconnected_date: null, current_gateway_id: 7325, devices: [dataSource],
}

const gateway: Shape = {
  id: 7325, serial: '10000000', title: 'Gateway', firmware: '2.43', type: { id: 10, name: 'B16' }, disconnected_date: null, master_id: either(null, 7325),
  ipv4: '203.0.113.10', local_ipv4: '192.168.1.10', devices: [sensor],
}

/** U: names of these four; the parameters' own names where they have any. */
const alarm: Shape = { id: 1, data_source: 1, value: -5, direction: 'below', delay: 0, state: 'normal', logs: exactly([]) }
const log: Shape = { id: 1, alarm: 1, state: 'triggered', value: 1, date }
const callback: Shape = { id: 1, url: 'x', type: 3 }
const workflow: Shape = { id: 1, operation: 'reboot', state: 'pending', created: date, result: null }

const measured = (query: string): string => `/measurements?data_sources=220200,220201&${query}`

const reads: Exchange[] = [
  { ...ok, endpoint: 'GET /users', name: 'own user', source: 'R0 4.1; R2 live', path: '/users', call: {}, body: live({ user }) },
  { ...ok, endpoint: 'GET /users', name: 'list', source: 'R0 4.1; key U', path: '/users?list=1', call: {}, body: live({ users: [user] }) },
  { vendor, endpoint: 'GET /users', name: 'no credentials', source: 'R0 2; R2 client maps 401; body U', path: '/users', call: {}, anonymous: true, status: 401, body: failure(401) },
  {
    ...ok, endpoint: 'GET /users', name: 'on behalf of a user of the hierarchy', source: 'R0 2 impersonate', path: '/users?impersonate=14887', call: {}, body: live({ user: user }),
  },
  { vendor, endpoint: 'GET /users', name: 'on behalf of a stranger', source: 'R0 2 "required privileges"; status U', path: '/users?impersonate=1', call: {}, status: 403, body: failure(403) },
  { ...ok, endpoint: 'GET /gateways', name: 'masters', source: 'R0 4.2; R2 live', path: '/gateways', call: {}, body: live({ gateways: [gateway] }) },
  { ...ok, endpoint: 'GET /gateways', name: 'with slaves, one serial', source: 'R0 4.2; R2 live', path: '/gateways?with_slaves=1&serials=10000002', call: {}, body: live({ gateways: [gateway] }) },
  { ...ok, endpoint: 'GET /measurements', name: 'latest', source: 'R0 4.3; R2 live', path: measured('type=latest'), call: {}, body: live({ measurements: keyedBy(/^22020[01]$/, row) }) },
  {
    ...ok, endpoint: 'GET /measurements', name: 'range', source: 'R0 4.3.1; R4; min and max INF', path: measured('type=range&ticks=10&from=2026-09-12T00:00:00Z&to=2026-09-13T00:00:00Z'), call: {},
    body: live({ measurements: keyedBy(/^22020[01]$/, [{ date, value: 20.3, type: exactly(10), seq: 1, min: 19, max: 21 }]) }),
  },
  {
    ...ok, endpoint: 'GET /measurements', name: 'min_max', source: 'R0 4.3.1; names U', path: measured('type=min_max'), call: {},
    body: live({ measurements: keyedBy(/^22020[01]$/, { min: { date, value: 1 }, max: { date, value: 1 } }) }),
  },
  {
    ...ok, endpoint: 'GET /measurements', name: 'raw', source: 'R0 4.3.1; array INF; place of next U', path: measured('type=raw'), call: {},
    body: live({ measurements: keyedBy(/^22020[01]$/, [row]), next: null }),
  },
  {
    vendor, endpoint: 'GET /measurements', name: 'data sources of two gateways', source: 'R0 4.3 "one gateway at a time"; R2 rejected; status U', path: '/measurements?data_sources=220200,220208&type=latest',
    call: {}, status: 400, body: failure(400),
  },
  { vendor, endpoint: 'GET /measurements', name: 'type missing', source: 'R0 4.3 "requires two parameters"; status U', path: '/measurements?data_sources=220200', call: {}, status: 400, body: failure(400) },
  {
    ...ok, endpoint: 'GET /alarms', name: 'alarms', source: 'R0 4.4; names U', path: '/alarms', call: {}, body: live({ alarms: [alarm] }),
    arrange: ({ state }) => { state.sensorist.alarms.set(5, { id: 5, owner: 14886, dataSource: 220200, value: -40, direction: 'below', delay: 0, state: 'normal' }) },
  },
  {
    ...ok, endpoint: 'GET /alarms/history', name: 'history', source: 'R0 4.5; names U', path: '/alarms/history?alarms=5', call: {}, body: live({ logs: [log] }),
    arrange: ({ state }) => { state.sensorist.alarmLogs.push({ id: 1, alarm: 5, state: 'triggered', value: 9, at: Date.UTC(2026, 8, 13, 16) }) },
  },
  {
    ...ok, endpoint: 'GET /callbacks', name: 'callbacks', source: 'R0 4.6; names U', path: '/callbacks', call: {}, body: live({ callbacks: [callback] }),
    arrange: ({ state }) => { state.sensorist.callbacks.set(6, { id: 6, owner: 14886, url: 'http://127.0.0.1:9/', type: 3 }) },
  },
  {
    ...ok, endpoint: 'GET /workflows/{id}', name: 'workflow', source: 'R0 4.7; names U', path: '/workflows/7', call: {}, body: live({ workflow }),
    arrange: ({ state }) => { state.sensorist.workflows.set(7, { id: 7, owner: 14886, operation: 'reboot', startedAt: Date.UTC(2026, 8, 13, 17), result: {} }) },
  },
  { vendor, endpoint: 'GET /workflows/{id}', name: 'unknown workflow', source: 'U', path: '/workflows/8', call: {}, status: 404, body: failure(404) },
]

const writes: Exchange[] = [
  {
    ...ok, endpoint: 'POST /users', name: 'create', source: 'R0 5.1', path: '/users', body: live({ user }),
    call: { method: 'POST', form: { email: 'my@example.com', password: '12345678', fname: 'my', lname: 'name' } },
  },
  { vendor, endpoint: 'POST /users', name: 'JSON body', source: 'R0 5 curl -d', path: '/users', call: { method: 'POST', json: { email: 'my@example.com' } }, status: 400, body: failure(400) },
  { ...ok, endpoint: 'POST /gateways', name: 'associate', source: 'R0 5.2', path: '/gateways', call: { method: 'POST', form: { serial: '10000009', name: 'Home' } }, body: live({ gateway }) },
  { vendor, endpoint: 'POST /gateways', name: 'serial missing', source: 'R0 5.2 "requires parameter serial"; status U', path: '/gateways', call: { method: 'POST', form: { name: 'Home' } }, status: 400, body: failure(400) },
  { ...ok, endpoint: 'POST /gateways/{id}', name: 'rename', source: 'R0 5.3', path: '/gateways/7325', call: { method: 'POST', form: { name: 'Office' } }, body: live({ gateway }) },
  { ...ok, endpoint: 'POST /gateways/{id}/commands', name: 'reboot', source: 'R0 5.4; names U', path: '/gateways/7325/commands', call: { method: 'POST', form: { command: 'reboot' } }, body: live({ workflow }) },
  { ...ok, endpoint: 'POST /sensors/{id}', name: 'interval', source: 'R0 5.5; names U', path: '/sensors/57951', call: { method: 'POST', form: { interval: '900' } }, body: live({ sensor, workflow }) },
  { ...ok, endpoint: 'POST /sensors/{id}', name: 'name', source: 'R0 5.5 "possibly a workflow"', path: '/sensors/57951', call: { method: 'POST', form: { name: 'Rack' } }, body: live({ sensor }) },
  {
    vendor, endpoint: 'POST /sensors/{id}', name: 'interval without privilege', source: 'R0 5.5 "requires special privileges"; status U', path: '/sensors/57956', status: 403, body: failure(403),
    call: { method: 'POST', form: { interval: '60', impersonate: '14887' } },
  },
  { ...ok, endpoint: 'POST /alarms', name: 'create', source: 'R0 5.6', path: '/alarms', call: { method: 'POST', form: { data_source: '220200', value: '-5', direction: 'below' } }, body: live({ alarm }) },
  {
    vendor, endpoint: 'POST /alarms', name: 'wrong direction', source: 'R0 5.6; status U', path: '/alarms', call: { method: 'POST', form: { data_source: '220200', value: '-5', direction: 'left' } }, status: 400,
    body: failure(400),
  },
  { ...ok, endpoint: 'POST /callbacks', name: 'register', source: 'R0 5.7', path: '/callbacks', call: { method: 'POST', form: { url: 'http://127.0.0.1:9/hook', type: '3' } }, body: live({ callback }) },
  { ...ok, endpoint: 'DELETE /alarms', name: 'all', source: 'R0 6.1', path: '/alarms', call: { method: 'DELETE' }, body: live({}) },
  {
    ...ok, endpoint: 'DELETE /alarms/{id}', name: 'one', source: 'R0 6.1', path: '/alarms/5', call: { method: 'DELETE' }, body: live({}),
    arrange: ({ state }) => { state.sensorist.alarms.set(5, { id: 5, owner: 14886, dataSource: 220200, value: 5, direction: 'below', delay: 0, state: 'normal' }) },
  },
  { vendor, endpoint: 'DELETE /alarms/{id}', name: 'unknown', source: 'U', path: '/alarms/5', call: { method: 'DELETE' }, status: 404, body: failure(404) },
  { ...ok, endpoint: 'DELETE /callbacks', name: 'all', source: 'R0 6.2', path: '/callbacks', call: { method: 'DELETE' }, body: live({}) },
  {
    ...ok, endpoint: 'DELETE /callbacks/{id}', name: 'one', source: 'R0 6.2', path: '/callbacks/6', call: { method: 'DELETE' }, body: live({}),
    arrange: ({ state }) => { state.sensorist.callbacks.set(6, { id: 6, owner: 14886, url: 'http://127.0.0.1:9/', type: 3 }) },
  },
]

export const sensoristExchanges: Exchange[] = [...reads, ...writes]
