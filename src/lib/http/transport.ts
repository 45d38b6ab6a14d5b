/** One HTTP exchange over sockets that the account owns. Knows nothing of vendors, limits or retries. */
import http from 'node:http'
import https from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import { AxiosError, AxiosHeaders } from 'axios'
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent'
import { sentence, SentenceError, sentenceOf, type Sentence } from '../base/sentence'
import { LightAbortSignal, onAbort, type AbortSignalLike } from '../base/abort-signal'
import { LONGEST_TIMER } from '../base/clock'
import { httpAdapter, type Adapter } from './adapter'
import { IdleSockets } from './idle-sockets'
import { proxyFor, type Proxy } from './proxy'
import type { HttpRequest } from './request'

export type TlsOptions = SecureContextOptions & { servername?: string; rejectUnauthorized?: boolean }

export interface TransportOptions {
  tls?: TlsOptions
  proxy?: Proxy
  /** Sockets to one host. */
  maxSockets?: number
  /** Ms after which a connection that nobody uses is closed, and a proxy is given up that opens none. */
  idle?: number
  /** Largest answer, in bytes after decompression. */
  maxResponse?: number
  /** Epoch ms, which go on while the machine sleeps. */
  now?: () => number
}

export interface HttpAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  text: string
  /** Milliseconds from the request's last byte to the whole answer. */
  roundTrip: number
}

/** Why no answer came. */
export class TransportError extends SentenceError {
  /** `timeout`, `aborted`, or a code of Node.js such as ECONNREFUSED. */
  readonly reason: string
  constructor(reason: string, said: Sentence) {
    super(said)
    this.reason = reason
  }
}

/** To one host; also how many requests of an account are in flight at once. */
export const DEFAULT_SOCKETS = 16
const DEFAULT_RESPONSE = 32 * 1024 * 1024
/** Before a server does it, whose end may come while the next request is on its way. Node.js heeds what a server says of it only where an agent has a time too. */
const DEFAULT_IDLE = 15_000
const KEEP_ALIVE = { keepAlive: true, scheduling: 'lifo' } as const

export class Transport {
  /** Called by itself: what axios does around its adapter, merging defaults and transforming data, costs a sixth of a request. */
  readonly #adapter: Adapter
  readonly #agent: http.Agent
  readonly #idle: IdleSockets
  readonly #options: TransportOptions

  /** @throws ProxyError */
  constructor(target: URL, options: TransportOptions = {}) {
    this.#options = options
    const agent = this.#agentFor(target)
    this.#agent = agent
    this.#idle = new IdleSockets(agent, options.now ?? Date.now)
    this.#adapter = httpAdapter(agent, options.maxResponse ?? DEFAULT_RESPONSE)
  }

  /**
   * Sends a request and reads the whole answer, whatever its status.
   * @param timeout ms for all of it, also for bytes that trickle in
   * @param onSent called when the last byte of the request has been handed to the network
   * @throws TransportError
   */
  async send(
    request: HttpRequest,
    headers: Readonly<Record<string, string>>,
    timeout: number,
    signal: AbortSignalLike,
    onSent?: () => void,
  ): Promise<HttpAnswer> {
    let sentAt = performance.now()
    const sent = (): void => {
      sentAt = performance.now()
      onSent?.()
    }
    const stop = new LightAbortSignal()
    let late = false
    const timer = setTimeout(() => {
      late = true
      stop.abort()
    }, Math.min(timeout, LONGEST_TIMER))
    const leave = onAbort(signal, () => stop.abort())
    if (signal.aborted) stop.abort()
    try {
      this.#idle.closeStale()
      const answer = await this.#adapter({
        method: request.method,
        url: request.url,
        data: request.body,
        headers: new AxiosHeaders({
          Accept: 'application/json',
          'User-Agent': 'node-red-contrib-sensor-clouds',
          ...(request.contentType === undefined ? {} : { 'Content-Type': request.contentType }),
          ...headers,
        }),
        signal: stop,
        onSent: sent,
      })
      return {
        status: answer.status,
        headers: answer.headers as Record<string, string>,
        text: answer.data,
        roundTrip: performance.now() - sentAt,
      }
    } catch (error) {
      throw transportError(error, late, signal.aborted, timeout)
    } finally {
      clearTimeout(timer)
      leave()
    }
  }

  /** Ends all sockets, also those in use. */
  close(): void {
    this.#agent.destroy()
  }

  #agentFor(target: URL): http.Agent {
    const { idle = DEFAULT_IDLE, maxSockets = DEFAULT_SOCKETS, tls } = this.#options
    const options = { ...KEEP_ALIVE, maxSockets, timeout: idle, ...tls }
    const proxy = proxyFor(target, this.#options.proxy)
    if (!proxy) return target.protocol === 'https:' ? new https.Agent(options) : new http.Agent(options)
    return target.protocol === 'https:'
      ? new HttpsProxyAgent({ ...options, proxy })
      : new HttpProxyAgent({ ...options, proxy })
  }
}

function transportError(error: unknown, late: boolean, aborted: boolean, timeout: number): TransportError {
  if (aborted) return new TransportError('aborted', sentence`was stopped`)
  if (late) return new TransportError('timeout', sentence`no answer within ${timeout / 1000} s`)
  const code = error instanceof AxiosError ? (error.code ?? 'UNKNOWN') : 'UNKNOWN'
  // The message of an axios error can hold the address, never headers; the error itself holds both and stays here.
  return new TransportError(code, error instanceof Error ? sentenceOf(error) : sentence`unknown fault`)
}
