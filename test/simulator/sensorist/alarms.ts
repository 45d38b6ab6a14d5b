import type { VendorContext } from '../interface'
import { Refusal } from '../route'
import { commaList } from '../request'
import { latestOf, measurementsOf } from './measurements'
import type { SensoristAlarm, SensoristAlarmLog, SensoristState, Caller } from './state'
import { locate, periodOf, requiredField, sensoristDate, sourceOf, takeId } from './state'

const LOGS_SHOWN = 5

/** U: names. `data_source`, `value`, `direction` and `delay` are the POST's own [R0]. */
export function logView(log: SensoristAlarmLog): Record<string, unknown> {
  return { id: log.id, alarm: log.alarm, state: log.state, value: log.value, date: sensoristDate(log.at) }
}

export function alarmView(state: SensoristState, alarm: SensoristAlarm): Record<string, unknown> {
  const logs = state.alarmLogs.filter((log) => log.alarm === alarm.id).slice(-LOGS_SHOWN).reverse()
  return {
    id: alarm.id, data_source: alarm.dataSource, value: alarm.value, direction: alarm.direction, delay: alarm.delay,
    state: alarm.state, logs: logs.map(logView),
  }
}

export function alarmsOf({ state, user }: Caller): SensoristAlarm[] {
  return [...state.alarms.values()].filter(({ owner }) => owner === user.id)
}

export function createAlarm(caller: Caller, form: URLSearchParams): Record<string, unknown> {
  const { state, user } = caller
  const { source } = sourceOf(caller, requiredField(form, 'data_source'))
  const value = Number(requiredField(form, 'value'))
  const direction = requiredField(form, 'direction')
  const delay = Number(form.get('delay') ?? 0)
  if (!Number.isFinite(value)) throw new Refusal(400, 'value must be a number')
  if (direction !== 'above' && direction !== 'below') throw new Refusal(400, 'direction must be above or below')
  if (!Number.isFinite(delay) || delay < 0) throw new Refusal(400, 'delay must be minutes')
  const alarm: SensoristAlarm = { id: takeId(state), owner: user.id, dataSource: source.id, value, direction, delay, state: 'normal' }
  state.alarms.set(alarm.id, alarm)
  return { alarm: alarmView(state, alarm) }
}

/** Without an id all of the user's alarms go [R0]. U: the answer. */
export function deleteAlarms(caller: Caller, id?: string): Record<string, unknown> {
  const own = alarmsOf(caller)
  const gone = id === undefined ? own : own.filter((alarm) => alarm.id === Number(id))
  if (id !== undefined && gone.length === 0) throw new Refusal(404, `Alarm not found: ${id}`)
  for (const alarm of gone) caller.state.alarms.delete(alarm.id)
  return {}
}

export function alarmHistory({ state, context, user }: Caller, query: URLSearchParams): Record<string, unknown> {
  const ids = commaList(query.get('alarms'))?.map(Number)
  const { from, to } = periodOf(query, context.now())
  // Logs of a deleted alarm stay (U); they have no owner any more and show to everyone.
  const visible = (log: SensoristAlarmLog): boolean => (state.alarms.get(log.alarm)?.owner ?? user.id) === user.id
  const logs = state.alarmLogs.filter((log) => visible(log) && (!ids || ids.includes(log.alarm)) && log.at >= from && log.at <= to)
  return { logs: logs.map(logView) }
}

function exceeds(alarm: SensoristAlarm, value: number): boolean {
  return alarm.direction === 'above' ? value > alarm.value : value < alarm.value
}

/** "only after one hour of measurements continuously exceeding the threshold" [R0]. */
function isExceeded(state: SensoristState, context: VendorContext, alarm: SensoristAlarm): boolean {
  const located = locate(state, alarm.dataSource)
  const last = located && latestOf(state, context, located.source)
  if (!last || !exceeds(alarm, last.value)) return false
  const since = context.now() - alarm.delay * 60_000
  return measurementsOf(state, context, located.source, since, context.now()).every(({ value }) => exceeds(alarm, value))
}

/** Writes a log line for each alarm whose state has changed, and gives those. */
export function changedAlarms(state: SensoristState, context: VendorContext): { alarm: SensoristAlarm; log: SensoristAlarmLog }[] {
  const changes: { alarm: SensoristAlarm; log: SensoristAlarmLog }[] = []
  for (const alarm of state.alarms.values()) {
    const now = isExceeded(state, context, alarm) ? 'triggered' : 'normal'
    if (now === alarm.state) continue
    const located = locate(state, alarm.dataSource)
    const value = located ? latestOf(state, context, located.source)?.value : undefined
    changes.push({ alarm, log: recordAlarm(state, alarm, now, value ?? alarm.value, context.now()) })
  }
  return changes
}

export function recordAlarm(state: SensoristState, alarm: SensoristAlarm, now: SensoristAlarm['state'], value: number, at: number): SensoristAlarmLog {
  alarm.state = now
  const log = { id: takeId(state), alarm: alarm.id, state: now, value, at }
  state.alarmLogs.push(log)
  return log
}
