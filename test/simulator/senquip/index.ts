import type { VendorContext, VendorServer } from '../interface'
import type { Claim } from '../limits'
import { admit, retryAfterHeader } from '../limits'
import type { Handler, Reply, Routes } from '../route'
import { Refusal, dispatch } from '../route'
import type { SimulatorRequest } from '../request'
import { isJson, isRecord, jsonBody, multipartBody } from '../request'
import type { SenquipDevice } from './devices'
import { messagesOf, senquipDevice, seededDevices } from './devices'

export { senquipDevice } from './devices'
export type { SenquipDevice, SenquipMessage, SenquipModel, SenquipPlan } from './devices'

export const senquipCredentials = { apiKey: 'simulated-senquip-key' }

export type SenquipOperation = 'list-devices' | 'device-data' | 'add-user-to-device' | 'update-config' | 'load-file'

/** Everything here is U in the vendor's text: the value is this simulator's choice. */
export interface SenquipChoices {
  /** 'METHOD /path/{deviceId}/{fileName}': names of the variables are free, the first is the device, the second the file */
  routes: Record<SenquipOperation, string>
  /** key that wraps the list of devices in an object; null = a bare array */
  listKey: string | null
  /** key that wraps device data in an object; null = a bare array, as v1's "array of datapoints" */
  dataKey: string | null
  order: 'oldest-first' | 'newest-first'
  /** a period without a number of datapoints: "Optional - Default (1)" is the text [S0], all of the period a likely practice */
  periodWithoutNumber: 'one' | 'all'
  /** status of the documented answer "Password Required" */
  passwordRequiredStatus: number
  /** Retry-After on 429: not mentioned by the vendor */
  retryAfter: boolean
  /** seconds that a verdict on a key is kept: 60 is documented [S1], not a guess; 0 turns it off */
  authorisationCache: number
  /** the documented 301 from http to https [S1]; off because the simulator itself mostly runs on http */
  redirectHttp: boolean
}

export interface SenquipState {
  choices: SenquipChoices
  apiKeys: Set<string>
  devices: Map<string, SenquipDevice>
  /** devices of another account: device id -> setup password */
  foreignDevices: Map<string, string>
  /** Hosted devices as counted last; recounted every 12 h [S1] */
  hosted: { count: number; countedAt: number }
}

const documentedRoutes: Record<SenquipOperation, string> = {
  'list-devices': 'GET /devices',
  'device-data': 'GET /devices/{deviceId}/data',
  'add-user-to-device': 'POST /devices/{deviceId}/users',
  'update-config': 'POST /devices/{deviceId}/config',
  'load-file': 'POST /devices/{deviceId}/files/{fileName}',
}

const RECOUNT = 12 * 3_600_000

/** Routes may be given in part. */
export type SenquipOptions = Partial<Omit<SenquipChoices, 'routes'>> & { routes?: Partial<SenquipChoices['routes']> }

function createState(options: SenquipOptions, context: VendorContext): SenquipState {
  const devices = new Map(seededDevices().map((device) => [device.deviceId, device]))
  return {
    choices: {
      listKey: 'devices', dataKey: null, order: 'oldest-first', periodWithoutNumber: 'one', passwordRequiredStatus: 403,
      retryAfter: false, authorisationCache: 60, redirectHttp: false, ...options,
      routes: { ...documentedRoutes, ...options.routes },
    },
    apiKeys: new Set([senquipCredentials.apiKey]),
    devices,
    foreignDevices: new Map([['SIMOTHER1', 'simulated-setup-password']]),
    hosted: { count: countHosted(devices), countedAt: context.startedAt },
  }
}

function countHosted(devices: Map<string, SenquipDevice>): number {
  return [...devices.values()].filter(({ plan }) => plan === 'hosted').length
}

/** Unix seconds or ISO text; U: the vendor does not name the unit. */
export function senquipTime(text: string | null): number | null {
  if (text === null || text === '') return null
  const seconds = Number(text)
  const at = Number.isNaN(seconds) ? Date.parse(text) : seconds * 1000
  if (Number.isNaN(at)) throw new Refusal(400, `Invalid timestamp: ${text}`)
  return at
}

/** `datapoints`, `from` and `to` of both API versions: default 1 [S0]. */
export function senquipRange(query: URLSearchParams, periodWithoutNumber: SenquipChoices['periodWithoutNumber']): { datapoints: number | null; from: number | null; to: number | null } {
  const from = senquipTime(query.get('from'))
  const to = senquipTime(query.get('to'))
  const text = query.get('datapoints')
  if (text !== null && !/^[1-9]\d*$/.test(text)) throw new Refusal(400, 'datapoints must be a positive number')
  const isPeriod = from !== null || to !== null
  const usual = isPeriod && periodWithoutNumber === 'all' ? null : 1
  return { datapoints: text === null ? usual : Number(text), from, to }
}

class Senquip {
  private readonly verdicts = new Map<string, { valid: boolean; until: number }>()
  constructor(readonly state: SenquipState, private readonly context: VendorContext) {}

  readonly handle = async (request: SimulatorRequest): Promise<Reply> => {
    try {
      this.requireHttps(request)
      this.authorise(request)
      this.admit(this.accountClaims())
      return await dispatch(this.routes(), request)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { status: error.status, headers: error.headers, json: { message: error.message, ...error.details } }
    }
  }

  private requireHttps(request: SimulatorRequest): void {
    if (!this.state.choices.redirectHttp || this.context.secure) return
    const location = `https://${request.headers.host ?? '127.0.0.1'}/senquip/v2${request.path}`
    throw new Refusal(301, 'Moved Permanently', {}, { location })
  }

  private authorise(request: SimulatorRequest): void {
    const key = request.headers['x-api-key']
    if (typeof key !== 'string' || key === '') throw new Refusal(401, 'Unauthorized')
    const now = this.context.now()
    const known = this.verdicts.get(key)
    const valid = known && now < known.until ? known.valid : this.state.apiKeys.has(key)
    if (!known || now >= known.until) {
      this.verdicts.set(key, { valid, until: now + this.state.choices.authorisationCache * 1000 })
    }
    if (!valid) throw new Refusal(403, 'Forbidden')
  }

  private accountClaims(): Claim[] {
    const { limits, meters, now } = this.context
    const { hosted, devices } = this.state
    if (now() - hosted.countedAt >= RECOUNT) {
      hosted.count = countHosted(devices)
      hosted.countedAt = now()
    }
    const scale = Math.max(1, limits.senquipHostedDevices ?? hosted.count)
    const scaled = (limit: number | false): number | false => limit === false ? false : limit * scale
    return [
      { meter: meters.senquipPerSecond, key: 'account', limit: scaled(limits.senquipPerSecond) },
      { meter: meters.senquipPerDay, key: 'account', limit: scaled(limits.senquipPerDay) },
    ]
  }

  private admit(claims: Claim[], details: Record<string, unknown> = {}): number | null {
    const admission = admit(claims, this.context.now())
    if (admission.accepted) return admission.remaining
    const headers = this.state.choices.retryAfter ? retryAfterHeader(admission.wait) : {}
    throw new Refusal(429, 'Too Many Requests', details, headers)
  }

  /** Counts the request against a non-Hosted device's month and names what is left [S1]. */
  private allowance(device: SenquipDevice): Record<string, unknown> {
    if (device.plan === 'hosted') return {}
    const { limits, meters } = this.context
    const claim = { meter: meters.senquipPerMonth, key: device.deviceId, limit: limits.senquipPerMonth }
    const remaining = this.admit([claim], { apiRequestsRemaining: 0 })
    return remaining === null ? {} : { apiRequestsRemaining: remaining }
  }

  private device(deviceId: string): SenquipDevice {
    const device = this.state.devices.get(deviceId)
    if (device) return device
    // U: a device of another account could also be 404; 403 is "you do not have access to make this request" [S1].
    if (this.state.foreignDevices.has(deviceId)) throw new Refusal(403, 'You do not have access to this device')
    throw new Refusal(404, 'Device not found')
  }

  private routes(): Routes {
    const { routes } = this.state.choices
    return {
      [routes['list-devices']]: this.listDevices,
      [routes['device-data']]: this.deviceData,
      [routes['add-user-to-device']]: this.addUser,
      [routes['update-config']]: this.updateConfig,
      [routes['load-file']]: this.loadFile,
    }
  }

  /** U: keys of a row. `deviceid` is the message's own key [S1a], `groupid`/`groupName` the body's [S1]. */
  private readonly listDevices: Handler = () => {
    const { choices, devices } = this.state
    const rows = [...devices.values()].map(({ deviceId, name, plan, groupId, groupName }) => ({
      deviceid: deviceId, name, plan: { hosted: 'Hosted', trial: 'Trial', none: 'None' }[plan], groupid: groupId, groupName,
    }))
    return { status: 200, json: choices.listKey === null ? rows : { [choices.listKey]: rows } }
  }

  /** "the device must either have a Trial or Hosted Plan"; the monthly allowance does not apply [S1]. */
  private readonly deviceData: Handler = (request, deviceId = '') => {
    const device = this.device(deviceId)
    if (device.plan === 'none') throw new Refusal(403, 'Get Device Data needs a Trial or Hosted plan')
    const { choices } = this.state
    const { now, startedAt, interval } = this.context
    const rows = messagesOf(device, senquipRange(request.query, choices.periodWithoutNumber), now(), startedAt, interval)
    if (choices.order === 'newest-first') rows.reverse()
    return { status: 200, json: choices.dataKey === null ? rows : { [choices.dataKey]: rows } }
  }

  /** Registers a new device, or adds the user to one that exists; the body is optional [S1]. */
  private readonly addUser: Handler = (request, deviceId = '') => {
    const { devices, foreignDevices, choices } = this.state
    if (!/^[A-Za-z0-9]{9}$/.test(deviceId)) throw new Refusal(422, 'Invalid Device ID')
    const body = this.optionalObject(request)
    const password = foreignDevices.get(deviceId)
    if (password !== undefined && body['setupPassword'] === undefined) {
      throw new Refusal(choices.passwordRequiredStatus, 'Password Required')
    }
    if (password !== undefined && body['setupPassword'] !== password) throw new Refusal(403, 'Password Incorrect')
    const known = devices.get(deviceId)
    const allowance = known ? this.allowance(known) : {}
    const device = known ?? senquipDevice(deviceId, deviceId, 'quad', 'none')
    const groupId = body['groupid']
    if (typeof groupId === 'string' || typeof groupId === 'number') device.groupId = String(groupId)
    if (typeof body['groupName'] === 'string') device.groupName = body['groupName']
    foreignDevices.delete(deviceId)
    devices.set(deviceId, device)
    return { status: 200, json: { message: 'User added to device', deviceid: deviceId, ...allowance } }
  }

  private optionalObject(request: SimulatorRequest): Record<string, unknown> {
    if (request.body.length === 0) return {}
    const body = jsonBody(request)
    if (!isRecord(body)) throw new Refusal(422, 'The body must be a JSON object')
    return body
  }

  private readonly updateConfig: Handler = (request, deviceId = '') => {
    const device = this.device(deviceId)
    const body = jsonBody(request)
    if (!isRecord(body) || !isRecord(body['config'])) throw new Refusal(422, 'The body must be {"config": {…}}')
    const allowance = this.allowance(device)
    device.queued.push(body['config'])
    device.config = merged(device.config, body['config'])
    return { status: 202, json: { message: 'Accepted', ...allowance } }
  }

  private readonly loadFile: Handler = (request, deviceId = '', fileName = '') => {
    const device = this.device(deviceId)
    const file = fileOf(request)
    const name = fileName || request.query.get('fileName') || file.name
    if (!name) throw new Refusal(422, 'A file name is required')
    const allowance = this.allowance(device)
    device.files.set(name, file.content)
    return { status: 202, json: { message: 'Accepted', ...allowance } }
  }
}

function merged(base: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  const result = { ...base }
  for (const [key, value] of Object.entries(change)) {
    const old = result[key]
    result[key] = isRecord(old) && isRecord(value) ? merged(old, value) : value
  }
  return result
}

/** U: the encoding. Raw bytes, JSON {"file": base64} and multipart are all understood. */
function fileOf(request: SimulatorRequest): { name: string; content: Buffer } {
  const part = multipartBody(request)?.[0]
  if (part) return { name: part.fileName ?? part.name, content: part.content }
  if (!isJson(request)) {
    if (request.body.length === 0) throw new Refusal(422, 'The file is empty')
    return { name: '', content: request.body }
  }
  const body = jsonBody(request)
  if (!isRecord(body) || typeof body['file'] !== 'string') throw new Refusal(422, 'The body must be {"file": base64}')
  return { name: typeof body['fileName'] === 'string' ? body['fileName'] : '', content: Buffer.from(body['file'], 'base64') }
}

export function createSenquip(context: VendorContext, options: SenquipOptions = {}): VendorServer<SenquipState> {
  return new Senquip(createState(options, context), context)
}
