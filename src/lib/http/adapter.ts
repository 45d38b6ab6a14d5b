/**
 * The HTTP adapter of the account's axios instance. Unlike axios' own it follows no redirect, resolves no proxy and
 * streams no form: an API with a key needs none of these, and they cost more than the rest of a request.
 */
import { name, version } from '../../../package.json'
import http from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import zlib from 'node:zlib'
import { AxiosError, type AxiosAdapter, AxiosHeaders, type AxiosRequestConfig, type AxiosResponse, CanceledError, type InternalAxiosRequestConfig, type RawAxiosResponseHeaders } from 'axios'
import { BROKEN, TOO_LARGE } from './retry-policy'
import https from 'node:https'
import { type AbortSignalLike, onAbort } from '../base/abort-signal'
import { LONGEST_TIMER } from '../base/clock'

/** Deflate is understood but not asked for: some servers mean a stream without its header by it (RFC 9110, 8.4.1.2). */
const ACCEPTED_ENCODINGS = 'gzip, br'

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


/** A product of a User-Agent holds neither "@" nor "/" [RFC 9110, 10.1.5]. */
const PRODUCT = name.replace(/^@[^/]*\//, '')

/** What all requests say of themselves, names and values in turn. */
const OWN_HEADERS = ['Accept', 'application/json', 'Accept-Encoding', ACCEPTED_ENCODINGS, 'User-Agent', `${PRODUCT}/${version}`]

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

export interface Place {
  protocol: string
  hostname: string
  port: string
  /** For the header of that name. */
  host: string
  /** With its query. */
  path: string
}

/** An address whose path begins with a slash, and in which nothing is left to encode. */
const PLAIN_ADDRESS = /^https?:\/\/[\w.:[\]-]+\/[!"$-~]*$/

type Origin = Omit<Place, 'path'>

/** An account has one origin for data, and perhaps another one for tokens. */
const origins = new Map<string, Origin>()

/** A URL is parsed only once for each origin, since that takes as long as sending does. */
export function placeOf(given: string): Place {
  const url = normalized(given)
  const pathAt = url.indexOf('/', url.indexOf('//') + 2)
  const { protocol, hostname, port, host } = originOf(url.slice(0, pathAt))
  return { protocol, hostname, port, host, path: url.slice(pathAt) }
}

/** The URL with its path encoded, and without the fragment, which servers never see. */
function normalized(given: string): string {
  if (PLAIN_ADDRESS.test(given)) return given
  const url = new URL(given)
  url.hash = ''
  return url.href
}

function originOf(text: string): Origin {
  const known = origins.get(text)
  if (known) return known
  const { protocol, hostname, port, host } = new URL(text)
  // Node.js takes an IPv6 address without its brackets.
  const origin = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port, host }
  origins.set(text, origin)
  return origin
}

/**
 * Reads the whole body.
 * @param limit bytes after decompression; negative for no limit
 * @param done called once
 */
export function readText(response: http.IncomingMessage, limit: number, done: (error: Error | undefined, text: string) => void): void {
  const body = decoded(response)
  const chunks: Buffer[] = []
  let size = 0
  let ended = false
  const end = (error: Error | undefined, text = ''): void => {
    if (ended) return
    ended = true
    done(error, text)
  }
  const broken = (error?: Error): void => {
    if (!ended) end(new AxiosError(error?.message ?? 'the answer broke off', BROKEN))
  }
  body.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (limit < 0 || size <= limit) chunks.push(chunk)
    else {
      end(new AxiosError(`maxContentLength size of ${limit} exceeded`, TOO_LARGE))
      body.destroy()
    }
  })
  body.on('end', () => end(undefined, textOfChunks(chunks)))
  body.on('error', broken)
  body.on('close', broken)
}

function textOfChunks(chunks: readonly Buffer[]): string {
  const [first] = chunks
  const text = (chunks.length > 1 ? Buffer.concat(chunks) : first)?.toString('utf8') ?? ''
  // JSON.parse refuses a byte order mark.
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** The content of an answer. A stream without its end mark is taken as far as it goes, as browsers do. */
function decoded(response: http.IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']
  if (encoding === undefined || encoding === 'identity') return response
  const decoder = decoderOf(encoding.trim().toLowerCase())
  return decoder ? pipeline(response, decoder, () => undefined) : response
}

const LENIENT = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH }

function decoderOf(encoding: string): (zlib.Unzip | zlib.BrotliDecompress) | undefined {
  if (/^(x-)?gzip$|^deflate$/.test(encoding)) return zlib.createUnzip(LENIENT)
  if (encoding === 'br') return zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH, finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH })
  return undefined
}
