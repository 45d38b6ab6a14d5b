import type { VendorContext, VendorServer } from '../interface'
import { admit } from '../limits'
import type { Handler, Reply, Routes } from '../route'
import { Refusal, dispatch } from '../route'
import type { SimulatorRequest } from '../request'
import { bearerToken, isRecord, jsonBody } from '../request'
import { lastGeneratedAt } from './catalogue'
import { groupRoutes, requireGroup } from './groups'
import { messageRoutes, secondsParameter } from './messages'
import type { ThingseeChoices, ThingseeState } from './state'
import { thingIn } from './state'
import type { InstallationStatus, Thing, ThingAlert } from './things'
import { INSTALLATION_STATUSES, seededGroups, seededThings } from './things'

export { thingOf } from './things'
export type { ThingseeChoices, ThingseeState } from './state'
export type { InstallationStatus, Thing, ThingAlert, ThingCommand, ThingInstallation } from './things'
export type { StampedMessage, ThingModel, ThingseeMessage } from './catalogue'

export const thingseeCredentials = { clientId: 'simulated-client', clientSecret: 'simulated-client-secret' }

const REASONS: Record<number, string> = {
  400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 409: 'Conflict', 429: 'Too Many Requests',
}

function isActive(thing: Thing): boolean {
  return thing.alerts.some(({ to }) => to === null)
}

/** ISO without zone [H0]; UTC is assumed. U: an alert that goes on has null here. */
function alertTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString().slice(0, 19)
}

class Thingsee {
  private readonly routes: Routes
  constructor(readonly state: ThingseeState, private readonly context: VendorContext) {
    this.routes = {
      'POST /auth/client-token': this.token,
      'GET /things/alerts': () => ({ status: 200, json: { data: { alerting_tuids: this.alerting() } } }),
      'GET /things/alerts/count': () => ({ status: 200, json: { data: { alert_count: String(this.alerting().length) } } }),
      'GET /things/{tuid}/alerts': this.alerts,
      'GET /things/{tuid}': this.thing,
      ...messageRoutes(state, context),
      'GET /things/{tuid}/installations': this.installations,
      'POST /things/{tuid}/installations': this.install,
      'GET /things/{tuid}/group': (_request, tuid = '') => this.groupOf(thingIn(state, tuid)),
      'POST /things/{tuid}/group': this.setGroup,
      ...groupRoutes(state),
    }
  }

  readonly handle = async (request: SimulatorRequest): Promise<Reply> => {
    try {
      if (request.path !== '/auth/client-token') this.authorise(request)
      const { limits, meters, now } = this.context
      const claim = { meter: meters.thingseePerSecond, key: 'deployment', limit: limits.thingseePerSecond }
      if (!admit([claim], now()).accepted) throw new Refusal(429, 'Too Many Requests')
      return await dispatch(this.routes, request)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const short = this.state.choices.gatewayErrors && error.status === 401
      const json = { statusCode: error.status, error: REASONS[error.status] ?? 'Error', message: error.message }
      return { status: error.status, headers: error.headers, json: short ? { message: error.message } : json }
    }
  }

  private authorise(request: SimulatorRequest): void {
    const end = this.state.tokens.get(bearerToken(request) ?? '')
    if (end === undefined) throw new Refusal(401, 'Unauthorized')
    if (this.context.now() >= end) throw new Refusal(401, 'Token expired')
  }

  private readonly token: Handler = (request) => {
    const body = jsonBody(request)
    const { client_id: id, client_secret: secret } = isRecord(body) ? body : {}
    if (typeof id !== 'string' || typeof secret !== 'string') throw new Refusal(400, 'client_id and client_secret are required')
    if (this.state.clients.get(id) !== secret) throw new Refusal(401, 'Unknown client')
    this.state.tokensIssued += 1
    const token = `simulated-thingsee-token-${this.state.tokensIssued}`
    // 15 minutes [H0]
    this.state.tokens.set(token, this.context.now() + (this.context.tokenLifetime ?? 900) * 1000)
    return { status: 200, json: { data: { token } } }
  }

  private alerting(): string[] {
    return [...this.state.things.values()].filter(isActive).map(({ tuid }) => tuid)
  }

  /** One row for each type of alert; U: from and to choose the alerts that touch the period. */
  private readonly alerts: Handler = (request, tuid = '') => {
    const thing = thingIn(this.state, tuid)
    const from = secondsParameter(request.query, 'from') ?? 0
    const to = secondsParameter(request.query, 'to') ?? Infinity
    const touching = thing.alerts.filter((alert) => (alert.from ?? 0) <= to && (alert.to ?? Infinity) >= from)
    const types = [...new Set(touching.map(({ type }) => type))]
    const row = (alert: ThingAlert): unknown => ({ from: alertTime(alert.from ?? 0), to: alertTime(alert.to) })
    const data = types.map((type) => ({ tuid, alert_type: type, alerts: touching.filter((alert) => alert.type === type).map(row) }))
    return { status: 200, json: { data } }
  }

  private readonly thing: Handler = (_request, tuid = '') => {
    const thing = thingIn(this.state, tuid)
    const { now, interval } = this.context
    const arranged = thing.messages.map(({ at }) => at).filter((at) => at <= now())
    const generated = thing.generated ? lastGeneratedAt(tuid, interval, now()) : null
    const last = arranged.reduce((latest, at) => Math.max(latest, at), generated ?? 0)
    const data = {
      battery_level: thing.batteryLevel,
      timestamp: last === 0 ? null : Math.floor(last / 1000),
      // The table types lat and lon as text, the sample shows numbers [H0]: numbers.
      location: thing.location,
      gateway_tuid: thing.gatewayTuid,
      version: thing.version,
    }
    return { status: 200, json: { data } }
  }

  private readonly installations: Handler = (request, tuid = '') => {
    const thing = thingIn(this.state, tuid)
    const limit = request.query.get('limit')
    if (limit !== null && !/^\d+$/.test(limit)) throw new Refusal(400, 'limit must be a number')
    // Newest first is INF from both apps, which ask for one [H4, H5].
    return { status: 200, json: { data: limit === null ? thing.installations : thing.installations.slice(0, Number(limit)) } }
  }

  private readonly install: Handler = (request, tuid = '') => {
    const thing = thingIn(this.state, tuid)
    const body = jsonBody(request)
    const status = isRecord(body) ? body['installation_status'] : undefined
    if (!INSTALLATION_STATUSES.some((known) => known === status)) {
      throw new Refusal(400, `installation_status must be one of ${INSTALLATION_STATUSES.join(', ')}`)
    }
    const groupId = isRecord(body) ? body['group_id'] : undefined
    if (typeof groupId === 'string') {
      requireGroup(this.state, groupId)
      thing.groupId = groupId
    }
    const row = { tuid, installation_status: status as InstallationStatus, timestamp: Math.floor(this.context.now() / 1000), responsible: this.state.responsible }
    thing.installations.unshift(row)
    return { status: 200, json: { data: { tuid, installation_status: row.installation_status } } }
  }

  private groupOf(thing: Thing): Reply {
    return { status: 200, json: { data: { group_id: thing.groupId, tuid: thing.tuid } } }
  }

  private readonly setGroup: Handler = (request, tuid = '') => {
    const thing = thingIn(this.state, tuid)
    const body = jsonBody(request)
    const groupId = isRecord(body) ? body['group_id'] : undefined
    if (typeof groupId !== 'string' || groupId === '') throw new Refusal(400, 'group_id is required')
    requireGroup(this.state, groupId)
    thing.groupId = groupId
    return this.groupOf(thing)
  }
}

const ALLOWED_COMMANDS = [1500, 1501, 12200, 13200, 17110, 12211, 16200, 17220]

export function createThingsee(context: VendorContext, options: Partial<ThingseeChoices> = {}): VendorServer<ThingseeState> {
  return new Thingsee({
    choices: {
      order: 'newest-first', messagesMaximum: 10_000, commandsMaximum: 10_000, leavesOut: 'oldest', failures: false, disorder: false, answerDelay: 2,
      allowedCommands: ALLOWED_COMMANDS, gatewayErrors: false, ...options,
    },
    clients: new Map([[thingseeCredentials.clientId, thingseeCredentials.clientSecret]]),
    tokens: new Map(),
    tokensIssued: 0,
    responsible: 'simulated-client',
    things: new Map(seededThings(context.startedAt).map((thing) => [thing.tuid, thing])),
    groups: seededGroups(),
  }, context)
}
