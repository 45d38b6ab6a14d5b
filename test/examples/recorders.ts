/**
 * Nodes of other palettes that examples end in. They take what the real nodes document, complain of anything else, and
 * keep what came.
 */
import assert from 'node:assert/strict'
import type { NodeAPI, NodeDef } from 'node-red'
import type { FlowMessage } from '../nodes/harness'

/** A point as the node "influxdb batch" takes it. */
export interface TakenPoint {
  measurement: string
  tags: Record<string, string>
  fields: Record<string, number | string>
  timestamp: Date
}

export type TakenRow = Record<string, string | number | null>

export interface Marker {
  name: string
  lat: number
  lon: number
  label: string
  layer: string
  popup: string
}

/** Everything that the nodes have taken. */
export const recorded = {
  points: [] as TakenPoint[],
  /** Rows of the table, by their primary key. */
  rows: new Map<string, TakenRow>(),
  inserts: 0,
  markers: [] as Marker[],
  /** How often the database rejects points before it takes them. */
  outages: 0,
}

export function clearRecorded(): void {
  Object.assign(recorded, { points: [], rows: new Map(), inserts: 0, markers: [], outages: 0 })
}

function takePoints({ payload }: FlowMessage): void {
  assert.ok(Array.isArray(payload) && payload.length > 0, 'no list of points')
  if (recorded.outages > 0) {
    recorded.outages -= 1
    throw new Error('connect ECONNREFUSED')
  }
  for (const point of payload as TakenPoint[]) {
    assert.deepEqual(Object.keys(point).sort(), ['fields', 'measurement', 'tags', 'timestamp'])
    assert.match(point.measurement, /^[^\s,=\\]+$/)
    assert.ok(point.timestamp instanceof Date && !Number.isNaN(point.timestamp.getTime()))
    const fields = Object.entries(point.fields)
    assert.ok(fields.length > 0, 'a point without a field')
    for (const [name, value] of fields) assert.equal(typeof value, { value: 'number', text: 'string' }[name], name)
    for (const [name, value] of Object.entries(point.tags)) assert.ok(/^\w+$/.test(name) && typeof value === 'string' && value !== '' && !/[\r\n]/.test(value), name)
    recorded.points.push(point)
  }
}

/** Columns of the primary key, and those that must have a value. */
let table: { key: string[]; required: string[]; columns: string[] } | undefined

function createTable(sql: string): void {
  const columns = [...sql.matchAll(/^ {2}(\w+) (?:TEXT|REAL|INTEGER)/gm)].map(([, column]) => column!)
  const required = [...sql.matchAll(/^ {2}(\w+) \w+ NOT NULL/gm)].map(([, column]) => column!)
  table = { columns, required, key: /PRIMARY KEY \(([^)]*)\)/.exec(sql)![1]!.split(', ') }
}

/** The real node binds every param to a name of the statement, and fails when a name is missing on either side. */
function insert(sql: string, params: Record<string, unknown>): void {
  assert.ok(table, 'no such table')
  const [, columns = '', values = ''] = /INTO \w+ \((.*)\)\s+VALUES \((.*)\)\s+ON CONFLICT DO NOTHING$/.exec(sql)!
  assert.deepEqual(Object.keys(params).sort(), [...sql.matchAll(/\$\w+/g)].map(([name]) => name).sort())
  const bound = values.split(/, (?=\$|IFNULL)/).map((value) => {
    const param = params[/\$\w+/.exec(value)![0]] ?? (value.startsWith('IFNULL') ? '' : null)
    assert.ok(param === null || typeof param === 'string' || typeof param === 'number', value)
    return param
  })
  const row: TakenRow = Object.fromEntries(columns.split(', ').map((column, index) => [column, bound[index]!]))
  assert.deepEqual(Object.keys(row), table.columns)
  for (const column of table.required) assert.notEqual(row[column], null, column)
  recorded.inserts += 1
  const key = JSON.stringify(table.key.map((column) => row[column]))
  if (!recorded.rows.has(key)) recorded.rows.set(key, row)
}

function takeStatement(sql: string, kind: string, { params }: FlowMessage & { params?: Record<string, unknown> }): void {
  if (kind === 'prepared') {
    assert.ok(typeof params === 'object', 'msg.params not passed')
    insert(sql, params)
  } else if (sql.startsWith('CREATE TABLE IF NOT EXISTS')) createTable(sql)
  else assert.match(sql, /^SELECT /)
}

const TEXTS = ['name', 'label', 'layer', 'popup'] as const

function takeMarker({ payload }: FlowMessage): void {
  const marker = payload as Marker
  assert.deepEqual(Object.keys(marker).sort(), ['label', 'lat', 'layer', 'lon', 'name', 'popup'])
  for (const text of TEXTS) assert.ok(typeof marker[text] === 'string' && marker[text] !== '', text)
  assert.ok(Math.abs(marker.lat) <= 90 && Math.abs(marker.lon) <= 180)
  recorded.markers.push(marker)
}

interface SqliteDef extends NodeDef {
  sql: string
  sqlquery: string
}

type Taker<Def extends NodeDef> = (message: FlowMessage, def: Def) => void

/** Registers the nodes as Node-RED loads those of a palette. */
export function recorders(RED: NodeAPI): void {
  const register = <Def extends NodeDef>(type: string, take?: Taker<Def>, sends = false): void =>
    RED.nodes.registerType(type, function (def: Def) {
      RED.nodes.createNode(this, def)
      if (!take) return
      this.on('input', (message, send, done) => {
        try {
          take(message as FlowMessage, def)
        } catch (error) {
          done(error as Error)
          return
        }
        if (sends) send({ ...message, payload: [] })
        done()
      })
    })
  register('influxdb')
  register('influxdb batch', takePoints)
  register('sqlitedb')
  register<SqliteDef>('sqlite', (message, { sql, sqlquery }) => takeStatement(sql, sqlquery, message), true)
  register('worldmap', takeMarker)
}
