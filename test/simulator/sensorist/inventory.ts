/** Shapes as captured live [R2]: gateway -> sensor -> data source, all nested under `devices`. */
export interface DataSource {
  id: number
  title: string
  serial: string
  /** seconds */
  interval: number
  /** null for battery and wireless [R2 live] */
  subtype: string | null
  disconnected_date: string | null
  devices: never[]
  type: { id: number; name: string; precision: number; capability: number; unit: { id: number; name: string } }
}

export interface SensoristSensor {
  id: number
  serial: string
  title: string
  firmware: string
  type: { id: number; name: string }
  disconnected_date: string | null
  current_gateway_id: number
  devices: DataSource[]
}

export interface SensoristGateway {
  id: number
  serial: string
  title: string
  firmware: string
  type: { id: number; name: string }
  disconnected_date: string | null
  master_id: number | null
  ipv4: string
  local_ipv4: string
  devices: SensoristSensor[]
}

export interface OwnedGateway {
  /** user id; null = not yet associated with an account */
  owner: number | null
  /** epoch ms at which it was added to the account */
  added: number
  gateway: SensoristGateway
}

export interface SensoristUser {
  id: number
  email: string
  password: string
  fname: string
  lname: string
  /** the user above in the hierarchy */
  parent: number | null
  /** may change sampling intervals: "requires special privileges" [R0] */
  privileged: boolean
}

export const SENSORIST_USER = 14886
export const SENSORIST_CHILD = 14887

export function seededUsers(email: string, password: string): SensoristUser[] {
  return [
    { id: SENSORIST_USER, email, password, fname: 'Sim', lname: 'Owner', parent: null, privileged: true },
    { id: SENSORIST_CHILD, email: 'technician@example.com', password: 'simulated-technician-password', fname: 'Sim', lname: 'Technician', parent: SENSORIST_USER, privileged: false },
  ]
}

/** The live object [R2]; the password never leaves. */
export function userView(user: SensoristUser): Record<string, unknown> {
  return {
    id: user.id, email: user.email, fname: user.fname, lname: user.lname,
    country: { code: 'DK' }, tz: { tz: 'Europe/Copenhagen' }, temp_unit: { id: 1, name: '°C' },
    notification_channel: 15, notification_type: 3,
    accounts: [{ role: user.parent === null ? 'admin' : 'user', account: { id: user.id - 25, provider: { id: 1, name: 'Sensorist', image_phone: null } } }],
  }
}

/** Kinds seen live [R2]: type id, precision, capability, unit and interval. */
const kinds: [string, string, number, DataSource['type']][] = [
  ['Temperature', 't', 900, { id: 5, name: 'temp', precision: 1, capability: 72, unit: { id: 1, name: '°C' } }],
  ['Humidity', 'h', 900, { id: 4, name: 'humi', precision: 0, capability: 80, unit: { id: 2, name: '%' } }],
  ['Battery', 'b', 10_800, { id: 1, name: 'batt', precision: 2, capability: 4, unit: { id: 3, name: 'v' } }],
  ['Wireless', 'w', 1800, { id: 7, name: 'wireless', precision: 0, capability: 4, unit: { id: 6, name: '%' } }],
]

/** Four data sources with the ids first … first + 3: temp, humi, batt, wireless. `scale` shortens the live intervals. */
export function sensoristSensor(id: number, gatewayId: number, title: string, first: number, scale: number): SensoristSensor {
  const serial = `aa${String(id).padStart(6, '0')}`
  return {
    id, serial, title, firmware: '1.99', type: { id: 4, name: 'S2.0' }, disconnected_date: null, current_gateway_id: gatewayId,
    devices: kinds.map(([name, letter, interval, type], index) => ({
      id: first + index, title: name, serial: `${letter}5p0${serial.slice(-4)}`, interval: Math.max(1, Math.round(interval * scale)),
      subtype: type.name === 'temp' || type.name === 'humi' ? 'digital' : null, disconnected_date: null, devices: [], type,
    })),
  }
}

function gatewayOf(id: number, serial: string, title: string, master: number | null, devices: SensoristSensor[]): SensoristGateway {
  return {
    id, serial, title, firmware: '2.43', type: { id: 10, name: 'B16' }, disconnected_date: null, master_id: master,
    ipv4: '203.0.113.10', local_ipv4: '192.168.1.10', devices,
  }
}

/** @param interval seconds between temperatures; the other kinds keep their live ratio */
export function seededGateways(startedAt: number, interval: number): OwnedGateway[] {
  const scale = interval / 900
  const day = 86_400_000
  const sensor = (id: number, gateway: number, title: string, first: number): SensoristSensor => sensoristSensor(id, gateway, title, first, scale)
  return [
    {
      owner: SENSORIST_USER, added: startedAt - 80 * day,
      gateway: gatewayOf(7325, '10000000', 'Cellar', null, [sensor(57951, 7325, 'Rack left', 220200), sensor(57952, 7325, 'Rack right', 220204)]),
    },
    {
      owner: SENSORIST_USER, added: startedAt - 10 * day,
      gateway: gatewayOf(7326, '10000001', 'Kitchen', null, [sensor(57953, 7326, 'Fridge', 220208), sensor(57954, 7326, 'Freezer', 220212)]),
    },
    { owner: SENSORIST_USER, added: startedAt - 80 * day, gateway: gatewayOf(7327, '10000002', 'Cellar extension', 7325, [sensor(57955, 7327, 'Tunnel', 220216)]) },
    { owner: SENSORIST_CHILD, added: startedAt - 40 * day, gateway: gatewayOf(7328, '10000003', 'Workshop', null, [sensor(57956, 7328, 'Bench', 220220)]) },
    { owner: null, added: 0, gateway: gatewayOf(7329, '10000009', 'Gateway', null, [sensor(57957, 7329, 'Sensor 1', 220224)]) },
  ]
}
