/**
 * The HTTP adapter of the account's axios instance. Unlike axios' own it follows no redirect, resolves no proxy and
 * streams no form: an API with a key needs none of these, and they cost more than the rest of a request.
 */
import http from 'node:http'
import https from 'node:https'
import { type AxiosAdapter, AxiosError, AxiosHeaders, type AxiosRequestConfig, type AxiosResponse, CanceledError, type InternalAxiosRequestConfig, type RawAxiosResponseHeaders } from 'axios'
import { type AbortSignalLike, onAbort } from '../base/abort-signal'
import { LONGEST_TIMER } from '../base/clock'
import { placeOf } from './place'
import { ACCEPTED_ENCODINGS, readText } from './response-text'

/** What a request can carry beside the settings of axios. */
export interface RequestConfig extends AxiosRequestConfig<string | Uint8Array | undefined> {
  signal?: AbortSignalLike
  /** Called when the last byte of the request has been handed to the network. */
  onSent?: (() => void) | undefined
}

type Config = Omit<InternalAxiosRequestConfig<RequestConfig['data']>, 'signal'> & RequestConfig & Pick<InternalAxiosRequestConfig, 'headers'>

/**
 * An adapter over an agent. It heeds `url`, `method`, `headers`, `data`, `signal`, `validateStatus`, `maxContentLength`
 * (bytes after decompression) and `timeout`. Unlike axios' own, which is for each silence, `timeout` is for the whole
 * request. The data of an answer are its text, and a redirect is an answer.
 * Its promise rejects with a CanceledError, or an AxiosError: ECONNABORTED (timeout), ERR_TOO_LARGE, ERR_BAD_RESPONSE (broken off),
 * ERR_BAD_REQUEST or ERR_BAD_RESPONSE with a response (status refused), or a code of Node.js.
 */
export const httpAdapter =
  (agent: http.Agent): AxiosAdapter =>
  (config) =>
    new Promise((resolve, reject) => new Exchange(config as Config, agent, resolve, reject))

/** One request and its answer. */
class Exchange {
  readonly #config: Config
  readonly #resolve: (response: AxiosResponse<string>) => void
  readonly #reject: (error: Error) => void
  readonly #request: http.ClientRequest
  readonly #timer: NodeJS.Timeout | undefined
  readonly #unsubscribe: (() => void) | undefined
  #answered = false

  constructor(config: Config, agent: http.Agent, resolve: (response: AxiosResponse<string>) => void, reject: (error: Error) => void) {
    this.#config = config
    this.#resolve = resolve
    this.#reject = reject
    const request = startRequest(config, agent)
    this.#request = request
    const { timeout = 0, signal, onSent } = config
    if (timeout > 0) this.#timer = setTimeout(() => this.#fail(new AxiosError(`timeout of ${timeout}ms exceeded`, AxiosError.ECONNABORTED, config, request)), Math.min(timeout, LONGEST_TIMER))
    if (signal) this.#unsubscribe = onAbort(signal, () => this.#fail(new CanceledError(undefined, config, request)))
    request.on('response', (response) => this.#read(response))
    request.on('error', (error) => this.#fail(error))
    request.on('close', () => {
      if (!this.#answered) this.#fail(new AxiosError('the connection was closed without an answer', 'ECONNRESET', config, request))
    })
    if (onSent) request.on('finish', onSent)
    request.end(config.data)
  }

  #read(response: http.IncomingMessage): void {
    this.#answered = true
    readText(response, this.#config.maxContentLength ?? -1, (error, text) => {
      if (error) this.#fail(error)
      else this.#settle(response, text)
    })
  }

  #settle(answer: http.IncomingMessage, data: string): void {
    this.#release()
    const { statusCode: status = 0, statusMessage: statusText = '' } = answer
    const config = this.#config
    // Node.js has checked the headers and written their names small, so that they need not be set one by one.
    const headers: AxiosResponse['headers'] = Object.assign(new AxiosHeaders(), answer.headers as RawAxiosResponseHeaders)
    const response: AxiosResponse<string> = { data, status, statusText, headers, config, request: this.#request }
    const { validateStatus } = config
    if (!validateStatus || validateStatus(status)) {
      this.#resolve(response)
      return
    }
    const code = status >= 400 && status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE
    this.#reject(new AxiosError(`Request failed with status code ${status}`, code, config, this.#request, response))
  }

  #fail(error: Error): void {
    this.#release()
    this.#answered = true
    this.#reject(error instanceof AxiosError ? error : AxiosError.from(error, undefined, this.#config, this.#request))
    this.#request.destroy()
  }

  #release(): void {
    clearTimeout(this.#timer)
    this.#unsubscribe?.()
  }
}

function startRequest(config: Config, agent: http.Agent): http.ClientRequest {
  const { protocol, hostname, port, host, path } = placeOf(config.url ?? '')
  const options = { protocol, hostname, port, path, method: config.method?.toUpperCase() ?? 'GET', headers: headersOf(config, host), agent }
  return protocol === 'https:' ? https.request(options) : http.request(options)
}

/** What all requests say of themselves, names and values in turn. */
const OWN_HEADERS = ['Accept', 'application/json', 'Accept-Encoding', ACCEPTED_ENCODINGS, 'User-Agent', 'node-red-contrib-sensor-clouds']

/** Names and values in turn, which Node.js writes as they are: its own header store costs more than all of axios' headers. */
function headersOf({ headers, data }: Config, host: string): string[] {
  const all = ['Host', host, ...OWN_HEADERS]
  // Without it, Node.js does not say where the body of a DELETE ends, and a server would take it for the next request.
  if (data !== undefined) all.push('Content-Length', String(Buffer.byteLength(data)))
  for (const name of Object.keys(headers)) {
    const value: unknown = headers[name]
    if (typeof value === 'string') all.push(name, value)
  }
  return all
}
