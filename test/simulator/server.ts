import { setMaxListeners } from 'node:events'
import * as http from 'node:http'
import * as https from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Fault, FaultBox } from './faults'
import { reachesVendor, replacesReply, withWrongType } from './faults'
import type { LoggedRequest, SimulatorOptions } from './interface'
import type { SimulatorRequest, VendorId } from './request'
import type { Reply } from './route'

const compress = promisify(gzip)

export interface Mount {
  vendor: VendorId
  /** no slash at its end */
  prefix: string
  handle: (request: SimulatorRequest) => Promise<Reply>
}

export interface Listener {
  port: number
  connections(): Promise<number>
  close(): Promise<void>
}

export interface Frame {
  mounts: readonly Mount[]
  faults: FaultBox
  requests: LoggedRequest[]
  logSize: number
  now: () => number
  closing: AbortController
}

interface Encoded {
  status: number
  headers: Record<string, string>
  bytes: Buffer
}

async function readBody(incoming: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function note(frame: Frame, incoming: http.IncomingMessage, raw: Buffer): { entry: LoggedRequest; mount: Mount | undefined; target: URL } {
  const url = incoming.url ?? '/'
  const target = new URL(`http://localhost${url.startsWith('/') ? url : '/'}`)
  const mount = frame.mounts.find(({ prefix }) => target.pathname === prefix || target.pathname.startsWith(`${prefix}/`))
  const entry: LoggedRequest = {
    vendor: mount?.vendor ?? null,
    method: incoming.method ?? 'GET',
    path: mount ? target.pathname.slice(mount.prefix.length) || '/' : target.pathname,
    url,
    query: Object.fromEntries(target.searchParams),
    headers: incoming.headers,
    body: raw.toString('utf8'),
    raw,
    at: frame.now(),
    status: 0,
  }
  frame.requests.push(entry)
  if (frame.requests.length > frame.logSize) {
    frame.requests.splice(0, Math.max(1, Math.ceil(frame.logSize / 10)))
  }
  return { entry, mount, target }
}

function replacement(fault: Fault): Reply {
  if (fault.html !== undefined && fault.html !== false) {
    const page = typeof fault.html === 'string' ? fault.html : '<!doctype html><html><body><h1>Please sign in</h1></body></html>'
    return { status: fault.status ?? 200, headers: { 'content-type': 'text/html; charset=utf-8', ...fault.headers }, text: page }
  }
  const headers = { 'content-type': 'application/json', ...fault.headers }
  const text = typeof fault.body === 'string' ? fault.body : fault.body === undefined ? '' : JSON.stringify(fault.body)
  return { status: fault.status ?? 200, headers, text }
}

async function encode(reply: Reply, acceptEncoding: string, fault: Fault | undefined): Promise<Encoded> {
  const json = fault?.wrongType !== undefined && reply.json !== undefined ? withWrongType(reply.json, fault.wrongType) : reply.json
  const headers: Record<string, string> = { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...reply.headers }
  let bytes = Buffer.from(json === undefined ? reply.text ?? '' : JSON.stringify(json))
  if (fault?.truncate === 'json') bytes = bytes.subarray(0, bytes.length >> 1)
  if (reply.compress && /\bgzip\b/.test(acceptEncoding)) {
    bytes = await compress(bytes)
    headers['content-encoding'] = 'gzip'
    headers['vary'] = 'accept-encoding'
  }
  headers['content-length'] = String(bytes.length)
  return { status: reply.status, headers, bytes }
}

function reset(outgoing: http.ServerResponse): void {
  const socket = outgoing.socket
  if (!socket) return
  // A TLS socket has no TCP handle of its own to send RST on.
  if ('encrypted' in socket) socket.destroy()
  else socket.resetAndDestroy()
}

async function trickleOut(outgoing: http.ServerResponse, bytes: Buffer, pause: number, closing: AbortSignal): Promise<void> {
  outgoing.flushHeaders()
  for (let index = 0; index < bytes.length && !outgoing.destroyed; index += 1) {
    outgoing.write(bytes.subarray(index, index + 1))
    await wait(pause, undefined, { signal: closing })
  }
  outgoing.end()
}

async function send(outgoing: http.ServerResponse, encoded: Encoded, fault: Fault | undefined, closing: AbortSignal): Promise<void> {
  outgoing.writeHead(encoded.status, encoded.headers)
  if (fault?.truncate === true || fault?.truncate === 'connection') {
    // The callback comes once the half has left, so the client sees a cut body and not just a reset.
    outgoing.write(encoded.bytes.subarray(0, encoded.bytes.length >> 1), () => outgoing.socket?.destroy())
  } else if (fault?.trickle !== undefined) {
    await trickleOut(outgoing, encoded.bytes, fault.trickle, closing)
  } else {
    outgoing.end(encoded.bytes)
  }
}

async function answer(frame: Frame, incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
  const raw = await readBody(incoming)
  const { entry, mount, target } = note(frame, incoming, raw)
  const fault = frame.faults.take({ vendor: entry.vendor, method: entry.method, path: entry.path, wholePath: target.pathname, body: entry.body })
  if (fault) entry.fault = fault
  const request: SimulatorRequest = { method: entry.method, path: entry.path, query: target.searchParams, headers: entry.headers, body: raw }
  let reply: Reply = { status: 404, json: { message: 'No simulated API has this path' } }
  if (mount && reachesVendor(fault)) reply = await mount.handle(request)
  if (fault?.delay !== undefined) await wait(fault.delay, undefined, { signal: frame.closing.signal })
  if (fault?.reset) {
    reset(outgoing)
    return
  }
  if (fault && replacesReply(fault)) reply = replacement(fault)
  else if (fault?.headers) reply = { ...reply, headers: { ...reply.headers, ...fault.headers } }
  const encoded = await encode(reply, incoming.headers['accept-encoding'] ?? '', fault)
  if (outgoing.destroyed) return
  entry.status = encoded.status
  await send(outgoing, encoded, fault, frame.closing.signal)
}

function onRequest(frame: Frame): http.RequestListener {
  return (incoming, outgoing) => {
    answer(frame, incoming, outgoing).catch((error: unknown) => {
      // A client that left or close() is no fault of the simulator; anything else must be seen by the test.
      if (frame.closing.signal.aborted || incoming.destroyed && !incoming.complete || outgoing.destroyed) return
      const text = error instanceof Error ? error.stack ?? error.message : String(error)
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(`simulator defect: ${text}`)
    })
  }
}

export async function listen(frame: Frame, options: SimulatorOptions): Promise<Listener> {
  // One listener for each delayed or trickling answer: many at once are meant, not a leak.
  setMaxListeners(0, frame.closing.signal)
  const server = options.tls ? https.createServer(options.tls, onRequest(frame)) : http.createServer(onRequest(frame))
  // Longer than any test waits: a socket that the server ends while a client reuses it looks like a fault nobody ordered.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  let closed: Promise<void> | undefined
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count)))),
    close: () => {
      closed ??= new Promise<void>((resolve) => {
        frame.closing.abort()
        server.close(() => resolve())
        server.closeAllConnections()
      })
      return closed
    },
  }
}
