/** One HTTP exchange over sockets that the account owns. Knows nothing of vendors, limits or retries. */
import http from 'node:http'
import type { Socket } from 'node:net'
import https from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import axios, { AxiosError, isCancel, type AxiosInstance } from 'axios'
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent'
import { sentence, SentenceError, sentenceOf, type Sentence } from '../base/sentence'
import type { AbortSignalLike } from '../base/abort-signal'
import { httpAdapter, type RequestConfig } from './adapter'
import { proxyFor, proxyRefusal, type Proxy } from './proxy'
import type { HttpRequest } from './request'
import { PROXY_REFUSED, TOO_LARGE } from './retry-policy'

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
  /** `timeout`, `aborted`, PROXY_REFUSED, TOO_LARGE, BROKEN, or a code of Node.js such as ECONNREFUSED. */
  readonly reason: string
  /** What happened in a few words, for the status of a node. */
  readonly summary: Sentence | undefined
  constructor(reason: string, said: Sentence, summary?: Sentence) {
    super(said)
    this.reason = reason
    this.summary = summary
  }
}

const MIB = 1024 * 1024

/** To one host; also how many requests of an account are in flight at once. */
export const DEFAULT_SOCKETS = 16
/** Bytes of an answer; operations with larger ones say so. Parsed JSON takes several times as much memory. */
const DEFAULT_RESPONSE = 8 * MIB
/**
 * Shorter than usual server keep-alive times, so that no closing socket is reused. Node.js follows a server's own
 * Keep-Alive header only where the agent has a time too.
 */
const DEFAULT_IDLE = 15_000
const KEEP_ALIVE = { keepAlive: true, scheduling: 'lifo' } as const

export class Transport {
  readonly #axios: AxiosInstance
  readonly #agent: http.Agent
  readonly #idle: IdleSockets
  readonly #options: TransportOptions
  readonly #maxResponse: number
  /** Receives each request that has ended, with its answer where one came. */
  onEnd: ((request: HttpRequest, answer: HttpAnswer | undefined) => void) | undefined

  /** @throws ProxyError */
  constructor(target: URL, options: TransportOptions = {}) {
    this.#options = options
    const agent = this.#agentFor(target)
    this.#agent = agent
    this.#idle = new IdleSockets(agent, options.now ?? Date.now)
    this.#maxResponse = options.maxResponse ?? DEFAULT_RESPONSE
    this.#axios = createAxios(agent, this.#maxResponse)
  }

  /**
   * Sends a request and reads the whole answer, whatever its status.
   * @param timeout ms for all of it, also for bytes that trickle in
   * @param onSent called when the last byte of the request has been handed to the network
   * @throws TransportError
   */
  async send(
    request: HttpRequest,
    given: Readonly<Record<string, string>>,
    timeout: number,
    signal: AbortSignalLike,
    onSent?: () => void,
  ): Promise<HttpAnswer> {
    const { method, url, body: data, contentType, maxResponse } = request
    let answer: HttpAnswer | undefined
    let sentAt = performance.now()
    const sent = (): void => {
      sentAt = performance.now()
      onSent?.()
    }
    this.#idle.closeStale()
    const headers = contentType === undefined ? given : { 'Content-Type': contentType, ...given }
    const config: RequestConfig = { method, url, data, headers, timeout, signal, onSent: sent }
    if (maxResponse !== undefined) config.maxContentLength = maxResponse
    try {
      const { status, headers: found, data: text } = await this.#axios.request<string>(config)
      answer = { status, headers: found as Record<string, string>, text, roundTrip: performance.now() - sentAt }
      return answer
    } catch (error) {
      throw transportError(error, timeout, maxResponse ?? this.#maxResponse)
    } finally {
      this.onEnd?.(request, answer)
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

/** The axios instance of an account. Any status is an answer, and data stay the text that they are. */
function createAxios(agent: http.Agent, maxContentLength: number): AxiosInstance {
  const settings = { adapter: httpAdapter(agent), maxContentLength, validateStatus: null }
  const instance = axios.create(settings)
  // The other defaults are for browsers, forms and parsing. They do nothing here, but would be merged into each request.
  for (const name of Object.keys(instance.defaults)) if (!(name in settings)) Reflect.deleteProperty(instance.defaults, name)
  return instance
}

function transportError(error: unknown, timeout: number, limit: number): TransportError {
  if (isCancel(error)) return new TransportError('aborted', sentence`the request was stopped`)
  if (!(error instanceof AxiosError)) return new TransportError('UNKNOWN', error instanceof Error ? sentenceOf(error) : sentence`unknown error`)
  const { code = 'UNKNOWN', cause } = error
  // Node.js has codes of the same name for sockets; only its errors are wrapped, and have a cause.
  if (code === AxiosError.ECONNABORTED && !cause) return new TransportError('timeout', sentence`no response within ${timeout / 1000} s`, sentence`no answer in ${timeout / 1000} s`)
  if (code === TOO_LARGE) return new TransportError(code, sentence`the response is larger than ${sizeText(limit)}`, sentence`answer too large`)
  const refusal = proxyRefusal(error)
  if (refusal) return new TransportError(PROXY_REFUSED, refusal)
  // The error of axios holds headers and perhaps the address, so only its words go on.
  return new TransportError(code, sentenceOf(error))
}

const sizeText = (bytes: number): string => (bytes < MIB ? `${bytes} bytes` : `${Math.floor(bytes / MIB)} MiB`)

class IdleSockets {
  readonly #agent: http.Agent
  readonly #now: () => number
  /** Epoch ms at which it was used last. */
  readonly #usedAt = new WeakMap<Socket, number>()

  /** @param now epoch ms, which go on while the machine sleeps */
  constructor(agent: http.Agent, now: () => number) {
    this.#agent = agent
    this.#now = now
    agent.on('free', (socket: Socket) => void this.#usedAt.set(socket, now()))
  }

  /** Closes those whose timer should have rung. After the calendar was set back their age is unknown, so that they go too. */
  closeStale(): void {
    const now = this.#now()
    for (const sockets of Object.values(this.#agent.freeSockets)) {
      const stale = sockets?.filter((socket) => this.#isStale(socket, now)) ?? []
      for (const socket of stale) {
        // The agent takes it off its list at once; otherwise it would still give it out.
        socket.emit('agentRemove')
        socket.destroy()
      }
    }
  }

  #isStale(socket: Socket, now: number): boolean {
    const idle = now - (this.#usedAt.get(socket) ?? -Infinity)
    return idle < 0 || idle >= (socket.timeout ?? Infinity)
  }
}
