import type { VendorContext, VendorServer } from './interface'
import { admit, retryAfterHeader } from './limits'
import type { Handler, Reply, Routes } from './route'
import { Refusal, dispatch } from './route'
import type { SimulatorRequest } from './request'
import { basicCredentials, formBody } from './request'
import type { SenquipDevice } from './senquip'
import { senquipRange } from './senquip'
import { messagesOf, seededDevices } from './senquip/devices'

export const senquipV1Credentials = { clientId: 'simulated-client', clientSecret: 'simulated-client-secret' }

/** U in the vendor's text [S0]: this simulator's choices. */
export interface SenquipV1Choices {
  /** the flow text says Bearer, the sample sends the bare token: both by default */
  authorization: 'both' | 'bearer' | 'raw'
  /** `{query}` of the text is taken as the device id; a route without a variable reads `deviceid` from the query instead */
  getDataRoute: string
  /** key that wraps the array of datapoints; null = a bare array, as the text says */
  dataKey: string | null
  /** key that wraps the summary; null = a bare array */
  summaryKey: string | null
  order: 'oldest-first' | 'newest-first'
  /** a period without a number of datapoints: "Optional - Default (1)" is the text [S0], all of the period a likely practice */
  periodWithoutNumber: 'one' | 'all'
  /** Retry-After on 429 */
  retryAfter: boolean
}

export interface SenquipV1State {
  choices: SenquipV1Choices
  /** client id -> secret */
  clients: Map<string, string>
  /** access token -> epoch ms of its end; several at once */
  tokens: Map<string, number>
  tokensIssued: number
  /** "a Hosted plan for each device" [S0b]: only Hosted ones are seeded */
  devices: Map<string, SenquipDevice>
}

function createState(options: Partial<SenquipV1Choices>): SenquipV1State {
  const hosted = seededDevices().filter(({ plan }) => plan === 'hosted')
  return {
    choices: { authorization: 'both', getDataRoute: 'GET /get-data/{deviceid}', dataKey: null, summaryKey: null, order: 'oldest-first', periodWithoutNumber: 'one', retryAfter: false, ...options },
    clients: new Map([[senquipV1Credentials.clientId, senquipV1Credentials.clientSecret]]),
    tokens: new Map(),
    tokensIssued: 0,
    devices: new Map(hosted.map((device) => [device.deviceId, device])),
  }
}

class SenquipV1 {
  constructor(readonly state: SenquipV1State, private readonly context: VendorContext) {}

  readonly handle = async (request: SimulatorRequest): Promise<Reply> => {
    try {
      if (request.path !== '/token') {
        this.authorise(request)
        this.admit()
      }
      return await dispatch(this.routes(), request)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // OAuth names its errors (RFC 6749, 5.2); for the API itself the body is U.
      const json = 'error' in error.details ? error.details : { message: error.message, ...error.details }
      return { status: error.status, headers: error.headers, json }
    }
  }

  private routes(): Routes {
    return {
      'POST /token': this.token,
      [this.state.choices.getDataRoute]: this.getData,
      'GET /get-device-summary': this.getDeviceSummary,
    }
  }

  private admit(): void {
    const { limits, meters, now } = this.context
    const admission = admit([{ meter: meters.senquipV1PerSecond, key: 'account', limit: limits.senquipV1PerSecond }], now())
    if (admission.accepted) return
    throw new Refusal(429, 'Too Many Requests', {}, this.state.choices.retryAfter ? retryAfterHeader(admission.wait) : {})
  }

  private authorise(request: SimulatorRequest): void {
    const [, prefix, token] = /^(Bearer )?(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
    const form = prefix === undefined ? 'raw' : 'bearer'
    const { authorization } = this.state.choices
    const end = token === undefined ? undefined : this.state.tokens.get(token)
    if (authorization !== 'both' && authorization !== form || end === undefined) throw new Refusal(401, 'Unauthorized')
    if (this.context.now() >= end) throw new Refusal(401, 'The incoming token has expired')
  }

  private readonly token: Handler = (request) => {
    const form = formBody(request)
    if (!form) throw new Refusal(400, 'invalid_request', { error: 'invalid_request' })
    const credentials = basicCredentials(request)
    if (!credentials || this.state.clients.get(credentials.user) !== credentials.password) {
      throw new Refusal(401, 'invalid_client', { error: 'invalid_client' }, { 'www-authenticate': 'Basic' })
    }
    if (form.get('grant_type') !== 'client_credentials') {
      throw new Refusal(400, 'unsupported_grant_type', { error: 'unsupported_grant_type' })
    }
    const lifetime = this.context.tokenLifetime ?? 3600
    this.state.tokensIssued += 1
    const token = `simulated-v1-token-${this.state.tokensIssued}`
    this.state.tokens.set(token, this.context.now() + lifetime * 1000)
    return { status: 200, json: { access_token: token, expires_in: lifetime, token_type: 'Bearer' } }
  }

  private readonly getData: Handler = (request, deviceId = request.query.get('deviceid') ?? '') => {
    const device = this.state.devices.get(deviceId)
    if (!device) throw new Refusal(404, 'Device not found')
    const { now, startedAt, interval } = this.context
    const rows = messagesOf(device, senquipRange(request.query, this.state.choices.periodWithoutNumber), now(), startedAt, interval)
    if (this.state.choices.order === 'newest-first') rows.reverse()
    const { dataKey } = this.state.choices
    return { status: 200, json: dataKey === null ? rows : { [dataKey]: rows } }
  }

  /** U: what a summary holds. */
  private readonly getDeviceSummary: Handler = () => {
    const { now, startedAt, interval } = this.context
    const rows = [...this.state.devices.values()].map((device) => {
      const last = messagesOf(device, { datapoints: 1, from: null, to: null }, now(), startedAt, interval)[0]
      return { deviceid: device.deviceId, name: device.name, ts: last?.['ts'] ?? null }
    })
    const { summaryKey } = this.state.choices
    return { status: 200, json: summaryKey === null ? rows : { [summaryKey]: rows } }
  }
}

export function createSenquipV1(context: VendorContext, options: Partial<SenquipV1Choices> = {}): VendorServer<SenquipV1State> {
  return new SenquipV1(createState(options), context)
}
