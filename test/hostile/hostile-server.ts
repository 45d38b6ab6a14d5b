/** A server that answers as it is told, also with what no HTTP server would say. It is the vendor of every account under attack. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** Answers a request; `path` is what follows the base URL of the account, with its query. */
export type Reply = (request: IncomingMessage, response: ServerResponse, path: string) => void

/** What came for a base URL. */
export interface Seen {
  method: string
  path: string
  headers: IncomingMessage['headers']
}

interface Place {
  reply: Reply
  seen: Seen[]
}

export class HostileServer {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #places = new Map<string, Place>()
  /** Of all base URLs. */
  readonly all: Seen[] = []
  /** Addresses that are below no base URL. */
  readonly strays: string[] = []
  /** Connections that were ever made. */
  connections = 0
  #count = 0

  private constructor(server: Server) {
    this.#server = server
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response))
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      this.connections += 1
      // Who is attacked may leave at any moment.
      socket.on('error', () => undefined)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    server.on('clientError', (_error, socket) => void socket.destroy())
  }

  static async start(): Promise<HostileServer> {
    const server = createServer({ maxHeaderSize: 1_000_000 })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new HostileServer(server)
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** A base URL that nobody had before, so that nothing is remembered of it. */
  place(reply: Reply): { url: string; seen: readonly Seen[] } {
    this.#count += 1
    const name = `p${this.#count}`
    const seen: Seen[] = []
    this.#places.set(name, { reply, seen })
    return { url: `${this.origin}/${name}/`, seen }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '', method = '', headers } = request
    const [, name = '', path = ''] = /^\/([^/]*)\/?(.*)$/s.exec(url) ?? []
    const place = this.#places.get(name)
    response.on('error', () => undefined)
    if (!place) {
      this.strays.push(url)
      response.writeHead(404).end()
      return
    }
    const seen = { method, path, headers }
    place.seen.push(seen)
    this.all.push(seen)
    place.reply(request, response, path)
  }
}

/** A whole answer. */
export const say =
  (status: number, body: string | Buffer, headers: Readonly<Record<string, string | string[]>> = {}): Reply =>
  (request, response) => {
    request.resume()
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  }

export const sayJson = (value: unknown, status = 200): Reply => say(status, JSON.stringify(value))

/** Bytes as they are, without any rule of HTTP. @param end how the connection goes on */
export const sayBytes =
  (bytes: string | Buffer, end: 'end' | 'reset' | 'stay' = 'end'): Reply =>
  (request, response) => {
    request.resume()
    const { socket } = response
    if (!socket) return
    if (end === 'end') socket.end(bytes)
    else socket.write(bytes, () => (end === 'reset' ? socket.resetAndDestroy() : undefined))
  }
