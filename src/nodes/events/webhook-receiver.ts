/** Takes posts at secret paths of Node-RED's own web server. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { NodeAPI } from 'node-red'
import { isSecret } from '../../lib/client/webhook-registrations'
import { sentence, SentenceError } from '../../lib/base/sentence'

/**
 * What to do with a post; called after it has been answered.
 * @throws Error when the body is not what the vendor promises: it is then answered with 400
 */
export type Accept = (body: unknown, text: string) => () => void

type WebServer = NodeAPI['httpNode']

/** Bytes of a post. */
const LARGEST = 256 * 1024

/** One handler for each web server, which stays: so nothing piles up, however often flows are deployed. */
const receivers = new WeakMap<WebServer, Map<string, Accept>>()

/**
 * Takes posts at a path from now on.
 * @returns what ends it
 * @throws SentenceError, the end of a sentence about the path, when something else takes them already
 */
export function receive(server: WebServer, path: string, accept: Accept): () => void {
  const known = receivers.get(server) ?? install(server)
  if (known.has(path)) throw new SentenceError(sentence`is also that of another node`)
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

/** Looks at all of them, so that the time tells nothing. */
function acceptOf(known: ReadonlyMap<string, Accept>, path: string): Accept | undefined {
  let found: Accept | undefined
  for (const [secret, accept] of known) if (isSecret(path, secret)) found = accept
  return found
}

type Post = IncomingMessage & { body?: unknown }

async function answer(request: Post, response: ServerResponse, accept: Accept): Promise<void> {
  const finish = (status: number): void => void response.writeHead(status, { 'Content-Length': 0 }).end()
  let happen: () => void
  try {
    const text = await textOf(request)
    if (text === undefined) {
      // The rest is not read.
      response.setHeader('Connection', 'close')
      finish(413)
      return
    }
    happen = accept(parse(text), text)
  } catch {
    finish(400)
    return
  }
  finish(200)
  happen()
}

/** The whole body; undefined when it is too large. Settings of Node-RED may have a parser read it before. */
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

/** The first field of a form, with nothing before it that a form would have encoded. */
const FORM = /^[\w.~*+%[\]-]+=/

/**
 * JSON, or the fields of a form; a field that comes several times is a list. A vendor need not say which it sends, many a
 * library calls JSON a form, and what a parser of Node-RED has read before is JSON here whatever it was.
 * @throws Error when it is neither
 */
function parse(text: string): unknown {
  if (!FORM.test(text)) return JSON.parse(text)
  const form = new URLSearchParams(text)
  return Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name)]).map(([name, values]) => [name, values?.length === 1 ? values[0] : values]))
}
