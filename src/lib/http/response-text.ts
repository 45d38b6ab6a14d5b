/** The body of an answer as text: decompressed, decoded, and bounded. */
import type http from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import zlib from 'node:zlib'
import { AxiosError } from 'axios'
import { BROKEN, TOO_LARGE } from './retry-policy'

/** Deflate is understood but not asked for: some servers mean a stream without its header by it (RFC 9110, 8.4.1.2). */
export const ACCEPTED_ENCODINGS = 'gzip, br'

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
