/**
 * How axios talks HTTP here. The adapter that comes with it also follows redirects, resolves proxies, and streams forms:
 * none of that is wanted for an API with a key, and it costs more than all else that is done for a request.
 */
import http from 'node:http'
import https from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import zlib from 'node:zlib'
import { AxiosError, CanceledError, type AxiosRequestHeaders, type AxiosResponse, type InternalAxiosRequestConfig, type RawAxiosResponseHeaders } from 'axios'
import { onAbort, type AbortSignalLike } from '../base/abort-signal'
import { BROKEN, TOO_LARGE } from './retry-policy'

/** What a request of axios carries for it. */
export interface AdapterConfig extends InternalAxiosRequestConfig<string | Uint8Array | undefined> {
  signal: AbortSignalLike
  /** Called when the last byte of the request has been handed to the network. */
  onSent?: (() => void) | undefined
}

/** An adapter as axios takes it, whose answers are texts. */
export type Adapter = (config: AdapterConfig) => Promise<AxiosResponse<string>>

/** `decoded` can undo deflate too, but some servers mean a stream without its header by that word (RFC 9110, 8.4.1.2). */
const ENCODINGS = 'gzip, br'

/**
 * Requests over an agent; each resolves with the whole answer as text, whatever its status. A redirect is an answer.
 * @param limit bytes of an answer after decompression
 * @throws AxiosError with a code of Node.js, TOO_LARGE or BROKEN; CanceledError
 */
export const httpAdapter = (agent: http.Agent, limit: number): Adapter => (config) =>
  new Promise((resolve, reject) => {
    config.signal.throwIfAborted()
    const request = start(config, agent)
    let answered = false
    const leave = onAbort(config.signal, () => fail(new CanceledError(undefined, config)))
    const fail = (error: Error): void => {
      leave()
      reject(AxiosError.from(error, undefined, config))
      request.destroy()
    }
    request.once('response', (response) => {
      answered = true
      readText(response, limit).then((data) => {
        leave()
        resolve({ data, status: response.statusCode ?? 0, statusText: response.statusMessage ?? '', headers: response.headers as RawAxiosResponseHeaders, config })
      }, fail)
    })
    request.on('error', fail)
    request.once('close', () => {
      if (!answered) fail(new AxiosError('the connection was closed without an answer', 'ECONNRESET'))
    })
    if (config.onSent) request.once('finish', config.onSent)
    request.end(config.data)
  })

/** An address whose path begins with a slash, in which nothing is left to encode. */
const PLAIN_ADDRESS = /^https?:\/\/[\w.:[\]-]+\/[!"$-~]*$/

/** As it is asked for; a fragment is for browsers. */
function asked(given: string): string {
  if (PLAIN_ADDRESS.test(given)) return given
  const url = new URL(given)
  url.hash = ''
  return url.href
}

function start({ url: given = '', method = 'GET', headers, data }: AdapterConfig, agent: http.Agent): http.ClientRequest {
  const url = asked(given)
  const pathAt = url.indexOf('/', url.indexOf('//') + 2)
  const place = placeOf(url.slice(0, pathAt))
  const options = { ...place, path: url.slice(pathAt), method, headers: outgoing(headers, data), agent }
  return place.protocol === 'https:' ? https.request(options) : http.request(options)
}

type Place = Pick<https.RequestOptions, 'protocol' | 'hostname' | 'port'>

/** An account speaks to one origin, or to two with that of its tokens. */
const places = new Map<string, Place>()

function placeOf(origin: string): Place {
  const known = places.get(origin)
  if (known) return known
  const { protocol, hostname, port } = new URL(origin)
  // Node.js wants an address of IPv6 without its brackets.
  const place = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port }
  places.set(origin, place)
  return place
}

function outgoing(headers: AxiosRequestHeaders, body: AdapterConfig['data']): http.OutgoingHttpHeaders {
  const all: http.OutgoingHttpHeaders = { 'Accept-Encoding': ENCODINGS }
  // Node.js does not tell where the body of a DELETE ends, so that a server would take it for the next request.
  if (body !== undefined) all['Content-Length'] = Buffer.byteLength(body)
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') all[name] = value
  return all
}

function readText(response: http.IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const body = decoded(response)
    const chunks: Buffer[] = []
    let size = 0
    let ended = false
    const broken = (error?: Error): void => {
      if (!ended) reject(new AxiosError(error?.message ?? 'the answer broke off', BROKEN))
      ended = true
    }
    body.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else if (!ended) {
        ended = true
        body.destroy()
        reject(new AxiosError(`the answer is larger than ${limit} bytes`, TOO_LARGE))
      }
    })
    body.once('end', () => {
      ended = true
      const [first, ...more] = chunks
      resolve(withoutMark((more.length === 0 ? first : Buffer.concat(chunks))?.toString('utf8') ?? ''))
    })
    body.on('error', broken)
    body.once('close', broken)
  })
}

/** The content of an answer. Like browsers, it takes what there is of a stream without its end mark. */
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

const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
