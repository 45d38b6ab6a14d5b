import type { VendorContext } from '../interface'
import { Refusal } from '../route'
import type { DataSource, OwnedGateway, SensoristGateway, SensoristSensor, SensoristUser } from './inventory'

/** Everything here is U in the vendor's text: the value is this simulator's choice. */
export interface SensoristChoices {
  /** where raw's `next` stands: beside `measurements`, or in each id's value, which then is { measurements, next } */
  nextPlace: 'top' | 'inside'
  /** after the last page */
  nextAtEnd: 'null' | 'absent'
  /** 5,000 is documented [R0]; a smaller page makes a shorter test */
  rawPage: number
  usersKey: string
  /** where a post's `impersonate` is read: "with any method call" [R0], whose samples of posts put params into the form */
  impersonateInPost: 'both' | 'form' | 'query'
  /** lists under their likely keys, under another key, or as the bare arrays of the document [R0] */
  lists: 'named' | 'other-key' | 'bare'
  /** errors with HTTP 200 and only the envelope's code telling (R2's client is ready for it) */
  errorsWithStatus200: boolean
  /** content type of callback posts */
  callbackBody: 'json' | 'form'
  /** what a workflow says so many seconds after its start */
  workflowSteps: { after: number; state: string }[]
}

/** type: 1 regular, 5 button, 10 grouped, 20 blank, 30 interpolated [R2]. */
export interface SensoristMeasurement {
  /** epoch ms */
  at: number
  value: number
  type: number
  seq: number
}

export interface SensoristAlarm {
  id: number
  owner: number
  dataSource: number
  value: number
  direction: 'above' | 'below'
  /** minutes */
  delay: number
  state: 'normal' | 'triggered'
}

export interface SensoristAlarmLog {
  id: number
  alarm: number
  state: 'normal' | 'triggered'
  value: number
  /** epoch ms */
  at: number
}

export interface SensoristCallback {
  id: number
  owner: number
  url: string
  /** bit flags: 1 button measurement, 2 alarm, 4 system [R0] */
  type: number
}

export interface SensoristWorkflow {
  id: number
  owner: number
  operation: string
  /** epoch ms */
  startedAt: number
  result: Record<string, unknown>
}

export interface CallbackDelivery {
  callback: number
  url: string
  body: string
  /** of the receiver; null = not delivered */
  status: number | null
  error: string | null
  /** epoch ms */
  at: number
}

/** The kinds are the bits of a callback's type. `fields` are added to the body that is posted. */
export interface SensoristEvent {
  kind: 'button' | 'alarm' | 'system'
  /** button, alarm: the data source measured; 220200 by default */
  dataSource?: number
  /** alarm: an existing alarm's id */
  alarm?: number
  /** the measured value; the generated one by default */
  value?: number
  fields?: Record<string, unknown>
}

export interface SensoristState {
  choices: SensoristChoices
  users: SensoristUser[]
  gateways: OwnedGateway[]
  /** arranged by a test or by button events, merged with the generated ones: data source id -> measurements */
  measurements: Map<number, SensoristMeasurement[]>
  /** data sources without generated measurements */
  silent: Set<number>
  alarms: Map<number, SensoristAlarm>
  alarmLogs: SensoristAlarmLog[]
  callbacks: Map<number, SensoristCallback>
  workflows: Map<number, SensoristWorkflow>
  /** every callback post tried, in order */
  deliveries: CallbackDelivery[]
  /** commands taken by gateways */
  commands: { gateway: number; command: string; at: number }[]
  /** next id of whatever is created */
  nextId: number
  /** Makes the event happen and posts it to every callback that subscribes; resolves when all posts are answered. */
  trigger(event: SensoristEvent | SensoristEvent['kind']): Promise<CallbackDelivery[]>
  /** Compares every alarm with its data source now; posts each change. The demo calls it on a timer. */
  evaluateAlarms(): Promise<CallbackDelivery[]>
}

export interface Caller {
  state: SensoristState
  context: VendorContext
  /** on whose behalf the call executes: the impersonated user, if any */
  user: SensoristUser
}

export function takeId(state: SensoristState): number {
  state.nextId += 1
  return state.nextId
}

export interface Located {
  owned: OwnedGateway
  gateway: SensoristGateway
  sensor: SensoristSensor
  source: DataSource
}

function everySource(state: SensoristState): Located[] {
  return state.gateways.flatMap((owned) => owned.gateway.devices.flatMap((sensor) => (
    sensor.devices.map((source) => ({ owned, gateway: owned.gateway, sensor, source })))))
}

/** Where a data source hangs, whoever owns it; undefined when there is none. */
export function locate(state: SensoristState, dataSource: number): Located | undefined {
  return everySource(state).find(({ source }) => source.id === dataSource)
}

/** As `locate`, for what this user may see; throws 404 otherwise. */
export function sourceOf({ state, user }: Caller, id: string): Located {
  const found = locate(state, Number(id))
  if (found?.owned.owner !== user.id) throw new Refusal(404, `Data source not found: ${id}`)
  return found
}

/** `2026-09-13T16:59:04+0000`: no colon in the zone [R2 live]. */
export function sensoristDate(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}+0000`
}

/** ISO 8601 with or without a zone (then UTC); null when absent or invalid, which means the default period [R0]. */
export function parseDate(text: string | null): number | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}/.test(text)) return null
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) || text.length === 10 ? text : `${text}Z`
  const at = Date.parse(zoned.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
  return Number.isNaN(at) ? null : at
}

/** "the period defaults to -1 week" [R0]. */
export function periodOf(parameters: URLSearchParams, now: number): { from: number; to: number } {
  const to = parseDate(parameters.get('to')) ?? now
  return { from: parseDate(parameters.get('from')) ?? to - 7 * 86_400_000, to }
}

export function requiredField(form: URLSearchParams, name: string): string {
  const value = form.get(name)
  if (value === null || value === '') throw new Refusal(400, `Missing parameter: ${name}`)
  return value
}

/** A flag counts as set when it is present, unless it says no. */
export function flagOf(query: URLSearchParams, name: string): boolean {
  const value = query.get(name)
  return value !== null && value !== '0' && value.toLowerCase() !== 'false'
}
