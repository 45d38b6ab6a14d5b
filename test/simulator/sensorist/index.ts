import type { VendorContext, VendorServer } from '../interface'
import { admit } from '../limits'
import type { Handler, Reply, Routes } from '../route'
import { Refusal, dispatch } from '../route'
import type { SimulatorRequest } from '../request'
import { basicCredentials, commaList, formBody } from '../request'
import { alarmHistory, alarmView, alarmsOf, createAlarm, deleteAlarms } from './alarms'
import { callbackView, callbacksOf, createCallback, deleteCallbacks, evaluateAlarmsIn, triggerIn } from './callbacks'
import type { OwnedGateway, SensoristUser } from './inventory'
import { seededGateways, seededUsers, userView } from './inventory'
import { measurements } from './measurements'
import type { SensoristChoices, SensoristState, SensoristWorkflow, Caller } from './state'
import { flagOf, parseDate, requiredField, sensoristDate, takeId } from './state'

export type { DataSource, OwnedGateway, SensoristGateway, SensoristSensor, SensoristUser } from './inventory'
export type {
  CallbackDelivery, SensoristAlarm, SensoristAlarmLog, SensoristCallback, SensoristChoices, SensoristEvent, SensoristMeasurement,
  SensoristState, SensoristWorkflow,
} from './state'

export const sensoristCredentials = { email: 'owner@example.com', password: 'simulated-password' }

/** What an operation gives: the envelope is put around it. */
type Operation = (caller: Caller, parameters: URLSearchParams, id?: string) => Record<string, unknown>

const users: Operation = ({ state, user }, query) => {
  if (!flagOf(query, 'list')) return { user: userView(user) }
  return { [state.choices.usersKey]: hierarchyOf(state, user).map(userView) }
}

function hierarchyOf(state: SensoristState, user: SensoristUser): SensoristUser[] {
  const below = state.users.filter(({ parent }) => parent === user.id)
  return [user, ...below.flatMap((child) => hierarchyOf(state, child))]
}

const createUser: Operation = ({ state, user }, form) => {
  const email = requiredField(form, 'email')
  const created: SensoristUser = {
    id: 0, email, password: requiredField(form, 'password'), fname: requiredField(form, 'fname'), lname: requiredField(form, 'lname'),
    parent: user.id, privileged: false,
  }
  if (state.users.some((other) => other.email === email)) throw new Refusal(409, 'The email address is taken')
  created.id = takeId(state)
  state.users.push(created)
  return { user: userView(created) }
}

const gateways: Operation = ({ state, user }, query) => {
  const serials = commaList(query.get('serials'))
  const from = parseDate(query.get('from'))
  const withSlaves = flagOf(query, 'with_slaves')
  const found = state.gateways.filter(({ owner, added, gateway }) => (
    owner === user.id && (withSlaves || gateway.master_id === null)
    && (!serials || serials.includes(gateway.serial)) && (from === null || added > from)))
  return { gateways: found.map(({ gateway }) => gateway) }
}

function ownGateway({ state, user }: Caller, id = ''): OwnedGateway {
  const found = state.gateways.find(({ owner, gateway }) => owner === user.id && gateway.id === Number(id))
  if (!found) throw new Refusal(404, `Gateway not found: ${id}`)
  return found
}

const addGateway: Operation = ({ state, user, context }, form) => {
  const serial = requiredField(form, 'serial')
  const found = state.gateways.find(({ gateway }) => gateway.serial === serial)
  if (!found) throw new Refusal(404, `Gateway not found: ${serial}`)
  if (found.owner !== null) throw new Refusal(409, 'The gateway is associated already')
  found.owner = user.id
  found.added = context.now()
  found.gateway.title = form.get('name') ?? found.gateway.title
  return { gateway: found.gateway }
}

const updateGateway: Operation = (caller, form, id) => {
  const { gateway } = ownGateway(caller, id)
  gateway.title = form.get('name') ?? gateway.title
  return { gateway }
}

function startWorkflow({ state, user, context }: Caller, operation: string, result: Record<string, unknown>): SensoristWorkflow {
  const workflow = { id: takeId(state), owner: user.id, operation, startedAt: context.now(), result }
  state.workflows.set(workflow.id, workflow)
  return workflow
}

/** U: names and states. The result appears with the last state ("eventually the result" [R0]). */
function workflowView({ state, context }: Caller, workflow: SensoristWorkflow): Record<string, unknown> {
  const { workflowSteps } = state.choices
  const seconds = (context.now() - workflow.startedAt) / 1000
  const passed = workflowSteps.filter(({ after }) => seconds >= after)
  const done = passed.length === workflowSteps.length
  return {
    id: workflow.id, operation: workflow.operation, state: passed.at(-1)?.state ?? 'pending',
    created: sensoristDate(workflow.startedAt), result: done ? workflow.result : null,
  }
}

const gatewayCommand: Operation = (caller, form, id) => {
  const { gateway } = ownGateway(caller, id)
  const command = requiredField(form, 'command')
  if (command !== 'reboot' && command !== 'pairing_start') throw new Refusal(400, 'command must be reboot or pairing_start')
  caller.state.commands.push({ gateway: gateway.id, command, at: caller.context.now() })
  return { workflow: workflowView(caller, startWorkflow(caller, command, { gateway: gateway.id })) }
}

/** "possibly a workflow managing the interval change" [R0]: only when the interval changes. */
const updateSensor: Operation = (caller, form, id) => {
  const { state, user } = caller
  const sensor = state.gateways.filter(({ owner }) => owner === user.id)
    .flatMap(({ gateway }) => gateway.devices).find((candidate) => candidate.id === Number(id))
  if (!sensor) throw new Refusal(404, `Sensor not found: ${id ?? ''}`)
  const interval = form.get('interval')
  if (interval !== null && !user.privileged) throw new Refusal(403, 'Changing the interval requires special privileges')
  if (interval !== null && !/^[1-9]\d*$/.test(interval)) throw new Refusal(400, 'interval must be seconds')
  sensor.title = form.get('name') ?? sensor.title
  if (interval === null) return { sensor }
  // Live, the interval stands in the data sources [R2]; only the two that share the sampling rhythm follow.
  for (const source of sensor.devices.filter(({ type }) => type.name === 'temp' || type.name === 'humi')) source.interval = Number(interval)
  return { sensor, workflow: workflowView(caller, startWorkflow(caller, 'sensor_interval', { sensor: sensor.id })) }
}

const alarms: Operation = (caller) => {
  // The posts leave on their own; the states have changed by the time this call returns.
  void caller.state.evaluateAlarms()
  return { alarms: alarmsOf(caller).map((alarm) => alarmView(caller.state, alarm)) }
}

const workflow: Operation = (caller, _query, id) => {
  const found = caller.state.workflows.get(Number(id))
  if (found?.owner !== caller.user.id) throw new Refusal(404, `Workflow not found: ${id ?? ''}`)
  return { workflow: workflowView(caller, found) }
}

const operations: Record<string, Operation> = {
  'GET /users': users,
  'POST /users': createUser,
  'GET /gateways': gateways,
  'POST /gateways': addGateway,
  'POST /gateways/{id}': updateGateway,
  'POST /gateways/{id}/commands': gatewayCommand,
  'POST /sensors/{id}': updateSensor,
  'GET /measurements': measurements,
  'GET /alarms': alarms,
  'POST /alarms': createAlarm,
  'GET /alarms/history': alarmHistory,
  'DELETE /alarms': (caller) => deleteAlarms(caller),
  'DELETE /alarms/{id}': (caller, _parameters, id) => deleteAlarms(caller, id),
  'GET /callbacks': (caller) => ({ callbacks: callbacksOf(caller).map(callbackView) }),
  'POST /callbacks': createCallback,
  'DELETE /callbacks': (caller) => deleteCallbacks(caller),
  'DELETE /callbacks/{id}': (caller, _parameters, id) => deleteCallbacks(caller, id),
  'GET /workflows/{id}': workflow,
}

class Sensorist {
  private readonly routes: Routes
  constructor(readonly state: SensoristState, private readonly context: VendorContext) {
    this.routes = Object.fromEntries(Object.entries(operations).map(([row, operation]) => [row, this.handler(operation)]))
  }

  readonly handle = async (request: SimulatorRequest): Promise<Reply> => {
    const startedAt = performance.now()
    const seconds = (): number => Math.round(performance.now() - startedAt + 1) / 1000
    try {
      const caller = this.authenticate(request)
      const { limits, meters, now } = this.context
      const claim = { meter: meters.sensoristPerSecond, key: String(caller.id), limit: limits.sensoristPerSecond }
      if (!admit([claim], now()).accepted) throw new Refusal(429, 'Too Many Requests')
      const reply = await dispatch(this.routes, request)
      return this.enveloped(200, this.context.maxAge, seconds(), reply.json as Record<string, unknown>, {})
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // U: error bodies. The same envelope with a message, and nothing to keep.
      return this.enveloped(error.status, 0, seconds(), { message: error.message, ...error.details }, error.headers)
    }
  }

  /** Every answer has max-age [R0], also that of a write: nothing says otherwise. */
  private enveloped(code: number, maxAge: number, time: number, content: Record<string, unknown>, extra: Record<string, string>): Reply {
    return {
      status: this.state.choices.errorsWithStatus200 ? 200 : code,
      headers: { 'cache-control': `max-age=${maxAge}, private`, ...extra },
      json: this.listed({ code, max_age: maxAge, time, ...content }, content),
      compress: true,
    }
  }

  /** The answer in the form that is chosen for lists. */
  private listed(body: Record<string, unknown>, content: Record<string, unknown>): unknown {
    const [[key, list] = []] = Object.entries(content)
    const { lists } = this.state.choices
    if (key === undefined || !Array.isArray(list) || lists === 'named') return body
    if (lists === 'bare') return list
    return Object.fromEntries(Object.entries(body).map(([name, value]) => [name === key ? 'items' : name, value]))
  }

  private handler(operation: Operation): Handler {
    return (request, id) => {
      const parameters = this.parameters(request)
      const user = this.impersonated(this.authenticate(request), this.impersonate(request, parameters))
      return { status: 200, json: operation({ state: this.state, context: this.context, user }, parameters, id) }
    }
  }

  private impersonate(request: SimulatorRequest, parameters: URLSearchParams): string | null {
    const { impersonateInPost } = this.state.choices
    const inForm = impersonateInPost === 'query' && request.method === 'POST' ? null : parameters.get('impersonate')
    const inQuery = impersonateInPost === 'form' && request.method === 'POST' ? null : request.query.get('impersonate')
    return inForm ?? inQuery
  }

  private authenticate(request: SimulatorRequest): SensoristUser {
    const given = basicCredentials(request)
    const user = given && this.state.users.find(({ email, password }) => email === given.user && password === given.password)
    if (!user) throw new Refusal(401, 'Unauthorized', {}, { 'www-authenticate': 'Basic realm="Sensorist"' })
    return user
  }

  /** POST bodies are form-urlencoded [R0]; JSON would arrive as no parameters at all, so it is refused aloud. */
  private parameters(request: SimulatorRequest): URLSearchParams {
    if (request.method !== 'POST') return request.query
    const form = formBody(request)
    if (!form && request.body.length > 0) throw new Refusal(400, 'The body must be application/x-www-form-urlencoded')
    return form ?? new URLSearchParams()
  }

  /** "provided you have the required privileges" [R0]: users of the own hierarchy. */
  private impersonated(user: SensoristUser, id: string | null): SensoristUser {
    if (id === null || id === '') return user
    const found = hierarchyOf(this.state, user).find((candidate) => candidate.id === Number(id))
    if (!found) throw new Refusal(403, 'You may not impersonate this user')
    return found
  }
}

function createState(context: VendorContext, options: Partial<SensoristChoices>): SensoristState {
  const state: SensoristState = {
    choices: {
      nextPlace: 'top', nextAtEnd: 'null', rawPage: 5000, usersKey: 'users', impersonateInPost: 'both', lists: 'named', errorsWithStatus200: false, callbackBody: 'json',
      workflowSteps: [{ after: 0, state: 'pending' }, { after: 1, state: 'running' }, { after: 3, state: 'completed' }],
      ...options,
    },
    users: seededUsers(sensoristCredentials.email, sensoristCredentials.password),
    gateways: seededGateways(context.startedAt, context.interval / 1000),
    measurements: new Map(),
    silent: new Set(),
    alarms: new Map(),
    alarmLogs: [],
    callbacks: new Map(),
    workflows: new Map(),
    deliveries: [],
    commands: [],
    nextId: 90_000,
    trigger: (event) => triggerIn(state, context)(event),
    evaluateAlarms: () => evaluateAlarmsIn(state, context)(),
  }
  return state
}

export function createSensorist(context: VendorContext, options: Partial<SensoristChoices> = {}): VendorServer<SensoristState> {
  return new Sensorist(createState(context, options), context)
}
