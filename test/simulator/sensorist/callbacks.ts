import * as http from 'node:http'
import * as https from 'node:https'
import type { VendorContext } from '../interface'
import { Refusal } from '../route'
import { alarmView, changedAlarms, logView, recordAlarm } from './alarms'
import { generatedMeasurement, measurementRow } from './measurements'
import type { CallbackDelivery, SensoristCallback, SensoristEvent, SensoristState, Caller } from './state'
import { locate, requiredField, sensoristDate, takeId } from './state'

/** Bit flags of a callback's type [R0]. */
const BITS = { button: 1, alarm: 2, system: 4 } as const

export function callbackView({ id, url, type }: SensoristCallback): Record<string, unknown> {
  return { id, url, type }
}

export function callbacksOf({ state, user }: Caller): SensoristCallback[] {
  return [...state.callbacks.values()].filter(({ owner }) => owner === user.id)
}

export function createCallback({ state, user }: Caller, form: URLSearchParams): Record<string, unknown> {
  const url = requiredField(form, 'url')
  const type = Number(requiredField(form, 'type'))
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new Refusal(400, 'url must be http or https')
  if (!Number.isInteger(type) || type < 1 || type > 7) throw new Refusal(400, 'type must be 1 to 7')
  const callback = { id: takeId(state), owner: user.id, url, type }
  state.callbacks.set(callback.id, callback)
  return { callback: callbackView(callback) }
}

export function deleteCallbacks(caller: Caller, id?: string): Record<string, unknown> {
  const own = callbacksOf(caller)
  const gone = id === undefined ? own : own.filter((callback) => callback.id === Number(id))
  if (id !== undefined && gone.length === 0) throw new Refusal(404, `Callback not found: ${id}`)
  for (const callback of gone) caller.state.callbacks.delete(callback.id)
  return {}
}

function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname)
}

function send(url: URL, contentType: string, body: string, context: VendorContext): Promise<number> {
  const options = {
    method: 'POST', agent: false, signal: context.closing,
    headers: { 'content-type': contentType, 'content-length': Buffer.byteLength(body) },
    ...(context.certificate === undefined ? {} : { ca: context.certificate }),
  }
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, options, (response) => {
      response.on('end', () => resolve(response.statusCode ?? 0)).on('error', reject).resume()
    })
    request.on('error', reject).end(body)
  })
}

/** U: the payload. One event in a JSON object, or the same as a form with nested objects as JSON text. */
function encoded(state: SensoristState, body: Record<string, unknown>): { contentType: string; text: string } {
  if (state.choices.callbackBody === 'json') return { contentType: 'application/json', text: JSON.stringify(body) }
  const form = new URLSearchParams()
  for (const [key, value] of Object.entries(body)) form.set(key, typeof value === 'string' ? value : JSON.stringify(value))
  return { contentType: 'application/x-www-form-urlencoded', text: form.toString() }
}

async function deliver(state: SensoristState, context: VendorContext, callback: SensoristCallback, body: Record<string, unknown>): Promise<CallbackDelivery> {
  const { contentType, text } = encoded(state, body)
  const delivery: CallbackDelivery = { callback: callback.id, url: callback.url, body: text, status: null, error: null, at: context.now() }
  state.deliveries.push(delivery)
  const url = new URL(callback.url)
  if (!isLoopback(url)) {
    // A test must never reach out to somebody's server.
    delivery.error = 'not a loopback address'
    return delivery
  }
  try {
    delivery.status = await send(url, contentType, text, context)
  } catch (error) {
    delivery.error = error instanceof Error ? error.message : String(error)
  }
  return delivery
}

/** What happens at the vendor besides the posts: a button measurement is stored, an alarm gets a log line. */
function happen(state: SensoristState, context: VendorContext, event: SensoristEvent): Record<string, unknown> {
  const alarm = event.alarm === undefined ? undefined : state.alarms.get(event.alarm)
  if (event.alarm !== undefined && !alarm) throw new Error(`no alarm has the id ${event.alarm}`)
  const dataSource = event.dataSource ?? alarm?.dataSource ?? 220200
  const located = locate(state, dataSource)
  if (!located) throw new Error(`no data source has the id ${dataSource}`)
  const { source, sensor, gateway } = located
  if (event.kind === 'system') return { gateway: gateway.id, sensor: sensor.id, text: 'Sensor battery low' }
  const measured = { ...generatedMeasurement(source, context.now()), type: event.kind === 'button' ? 5 : 1 }
  const measurement = { ...measured, value: event.value ?? measured.value }
  if (event.kind === 'button') state.measurements.set(source.id, [...state.measurements.get(source.id) ?? [], measurement])
  const base = { data_source: source.id, measurement: measurementRow(measurement) }
  if (!alarm) return base
  const log = recordAlarm(state, alarm, 'triggered', measurement.value, context.now())
  return { ...base, alarm: alarmView(state, alarm), log: logView(log) }
}

function post(state: SensoristState, context: VendorContext, kind: SensoristEvent['kind'], details: Record<string, unknown>): Promise<CallbackDelivery[]> {
  const body = { type: BITS[kind], date: sensoristDate(context.now()), ...details }
  const subscribed = [...state.callbacks.values()].filter(({ type }) => (type & BITS[kind]) !== 0)
  return Promise.all(subscribed.map((callback) => deliver(state, context, callback, body)))
}

export function triggerIn(state: SensoristState, context: VendorContext): SensoristState['trigger'] {
  return (given) => {
    const event = typeof given === 'string' ? { kind: given } : given
    return post(state, context, event.kind, { ...happen(state, context, event), ...event.fields })
  }
}

export function evaluateAlarmsIn(state: SensoristState, context: VendorContext): SensoristState['evaluateAlarms'] {
  return async () => {
    const posts = changedAlarms(state, context).map(({ alarm, log }) => (
      post(state, context, 'alarm', { data_source: alarm.dataSource, alarm: alarmView(state, alarm), log: logView(log) })))
    return (await Promise.all(posts)).flat()
  }
}
