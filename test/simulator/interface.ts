import type { IncomingHttpHeaders } from 'node:http'
import type { Fault, Faults } from './faults'
import type { Limits, MeterName, Meters, Peak } from './limits'
import type { Reply } from './route'
import type { SimulatorRequest, VendorId } from './request'
import type { SenquipOptions, SenquipState } from './senquip'
import type { SenquipV1Choices, SenquipV1State } from './senquip-v1'
import type { SensocanChoices, SensocanState } from './sensocan'
import type { SensoristChoices, SensoristState } from './sensorist'
import type { ThingseeChoices, ThingseeState } from './thingsee'

export interface SimulatorOptions {
  /** 0 by default: the system picks a free one */
  port?: number
  /** serve HTTPS with this key pair (PEM) */
  tls?: { key: string; cert: string }
  /** epoch ms; Date.now by default. Rules limits, token expiry, measurements, workflows; not the fault delays. */
  now?: () => number
  /** seconds; Sensorist's max-age, 900 live [R2] */
  maxAge?: number
  /** seconds between generated measurements; slower quantities keep their documented ratio. 900 by default. */
  interval?: number
  limits?: Partial<Limits>
  /** seconds; 900 for Thingsee [H0], 3600 for Senquip v1 (U) unless given */
  tokenLifetime?: number
  /** how many requests `requests` keeps; 10,000 by default */
  logSize?: number
  /** what the vendors' texts leave open; also changeable later at `state.<vendor>.choices` */
  senquip?: SenquipOptions
  senquipV1?: Partial<SenquipV1Choices>
  sensocan?: Partial<SensocanChoices>
  thingsee?: Partial<ThingseeChoices>
  sensorist?: Partial<SensoristChoices>
}

export interface LoggedRequest {
  /** null = a path outside all five APIs */
  vendor: VendorId | null
  method: string
  /** relative to the vendor's base URL, begins with '/', no query, as encoded on the wire */
  path: string
  /** the whole request target as on the wire */
  url: string
  /** the last value of each name; `url` has them all */
  query: Record<string, string>
  headers: IncomingHttpHeaders
  /** the body as UTF-8 text; `raw` has its bytes */
  body: string
  raw: Buffer
  /** epoch ms of the simulator's clock */
  at: number
  /** 0 = not answered (yet): in progress, reset, or the client left */
  status: number
  /** the fault that hit it */
  fault?: Fault
}

export interface SimulatorState {
  senquip: SenquipState
  senquipV1: SenquipV1State
  sensocan: SensocanState
  thingsee: ThingseeState
  sensorist: SensoristState
}

export interface SimulatorUrls {
  senquip: string
  senquipV1: { token: string; endpoint: string }
  sensocan: string
  /** ends with '/', as Haltian's own apps keep it [H4, H5] */
  thingsee: string
  sensorist: string
}

export interface SimulatorCredentials {
  senquip: { apiKey: string }
  senquipV1: { clientId: string; clientSecret: string }
  sensocan: { deviceUuid: string; accessToken: string }
  thingsee: { clientId: string; clientSecret: string }
  sensorist: { email: string; password: string }
}

export interface Simulator {
  port: number
  /** http(s)://127.0.0.1:port */
  origin: string
  urls: SimulatorUrls
  credentials: SimulatorCredentials
  /** live: a test arranges by changing it and inspects by reading it */
  state: SimulatorState
  /** live: takes effect with the next request */
  limits: Limits
  /** oldest first; bounded by `logSize` */
  requests: LoggedRequest[]
  faults: Faults
  /** live */
  peak: Record<MeterName, Peak>
  /** those that are open now */
  connections(): Promise<number>
  /** Ends all sockets, delayed answers and callback deliveries; leaves no handle. May be called twice. */
  close(): Promise<void>
}

/** What a vendor's half gets from the server. */
export interface VendorContext {
  now: () => number
  /** epoch ms */
  startedAt: number
  /** ms between generated measurements */
  interval: number
  limits: Limits
  meters: Meters
  tokenLifetime: number | undefined
  /** seconds */
  maxAge: number
  secure: boolean
  /** trusted for https callbacks to a loopback server that uses the same pair */
  certificate: string | undefined
  /** aborted by close() */
  closing: AbortSignal
}

export interface VendorServer<State> {
  state: State
  handle: (request: SimulatorRequest) => Promise<Reply>
}
