/** Receives posts at secret paths of Node-RED's own web server. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { NodeAPI } from 'node-red'
import { isSecret } from '../../lib/client/webhook-registrations'
import { sentence, SentenceError } from '../../lib/base/sentence'

/**
 * Checks a post, and gives what to do once it has been answered.
 * @throws Error when the body has an unexpected format; the answer is then 400
 */
export type Accept = (body: unknown, text: string) => () => void

type WebServer = NodeAPI['httpNode']

/** Bytes of a post. */
const LARGEST = 256 * 1024

/** One handler for each web server, however often flows are deployed. */
const receivers = new WeakMap<WebServer, Map<string, Accept>>()

/**
 * Takes posts at a path from now on.
 * @returns what ends that
 * @throws SentenceError, the end of a sentence about the path, when another node has this path
 */
export function receive(server: WebServer, path: string, accept: Accept): () => void {
  const known = receivers.get(server) ?? install(server)
  if (known.has(path)) throw new SentenceError(sentence`is already used by another node`)
  known.set(path, accept)
  return () => {
    if (known.get(path) === accept) known.delete(path)
  }
}

function install(server: WebServer): Map<string, Accept> {
  const known = new Map<string, Accept>()
  receivers.set(server, known)
  server.use((request, response, next) => {
    const accept = request.method === 'POST' ? acceptOf(known, request.path) : undefined
    if (accept) void answer(request, response, accept)
    else next()
  })
  return known
}

/** Compares all paths, so that the time reveals none. */
function acceptOf(known: ReadonlyMap<string, Accept>, path: string): Accept | undefined {
  let found: Accept | undefined
  for (const [secret, accept] of known) if (isSecret(path, secret)) found = accept
  return found
}

type Post = IncomingMessage & { body?: unknown }

async function answer(request: Post, response: ServerResponse, accept: Accept): Promise<void> {
  const finish = (status: number): void => void response.writeHead(status, { 'Content-Length': 0 }).end()
  let afterwards: () => void
  try {
    const text = await textOf(request)
    if (text === undefined) {
      // The rest is not read.
      response.setHeader('Connection', 'close')
      finish(413)
      return
    }
    afterwards = accept(parse(text), text)
  } catch {
    finish(400)
    return
  }
  finish(200)
  afterwards()
}

/** The whole body; undefined when it is too large. A parser in Node-RED's settings may have read it before. */
async function textOf(request: Post): Promise<string | undefined> {
  if (request.body !== undefined) return typeof request.body === 'string' ? request.body : JSON.stringify(request.body)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** How a form begins: a name, with nothing that a form would have encoded. */
const FORM = /^[\w.~*+%[\]-]+=/

/** Fields of a form. */
const MOST_FIELDS = 1000

/**
 * Reads JSON or a form, whatever the content type says: many a library calls JSON a form, and a parser of Node-RED may
 * have read the body before.
 * @throws Error when it is neither
 */
const parse = (text: string): unknown => (FORM.test(text) ? parseForm(text) : JSON.parse(text))

/**
 * The fields of a form; a field that comes several times is a list.
 * @throws Error for a form of too many fields
 */
function parseForm(text: string): Record<string, unknown> {
  const fields = new Map<string, string[]>()
  let count = 0
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1
    if (count > MOST_FIELDS) throw new Error('a form of too many fields')
    const values = fields.get(name)
    if (values) values.push(value)
    else fields.set(name, [value])
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]))
}
