/** Something that speaks like Redis as far as the handshake, and then says what it is told. */
import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** Bytes that answer a command; undefined for silence, or what is done to the connection. */
export type RedisReply = (command: string, parts: readonly string[]) => string | Buffer | { then: 'end' | 'reset'; bytes?: string } | undefined

const INFO = 'redis_version:7.2.0\r\nloading:0\r\nrole:master\r\n'

/** What a client asks before it can be used. */
function handshake(command: string): string | undefined {
  if (command === 'info') return `$${INFO.length}\r\n${INFO}\r\n`
  // As a Redis before version 6; a client then goes on with the older protocol.
  if (command === 'hello') return '-ERR unknown command `HELLO`, with args beginning with: `3`\r\n'
  if (command === 'ping') return '+PONG\r\n'
  return ['client', 'select', 'auth', 'quit', 'readonly'].includes(command) ? '+OK\r\n' : undefined
}

export class FakeRedis {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  reply: RedisReply = () => '$-1\r\n'
  /** Whether the handshake goes well. */
  polite = true
  /** Commands that `reply` answered. */
  asked = 0

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => this.#serve(socket))
  }

  static async start(): Promise<FakeRedis> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new FakeRedis(server)
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => this.#sockets.delete(socket))
    let text = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk
      for (let taken = commandIn(text); taken; taken = commandIn(text)) {
        text = text.slice(taken.length)
        this.#answer(socket, taken.parts)
      }
    })
  }

  #answer(socket: Socket, [name = '', ...parts]: readonly string[]): void {
    const command = name.toLowerCase()
    const usual = this.polite ? handshake(command) : undefined
    if (usual === undefined) this.asked += 1
    const said = usual ?? this.reply(command, parts)
    if (said === undefined || socket.destroyed) return
    if (typeof said === 'string' || Buffer.isBuffer(said)) {
      socket.write(said)
      return
    }
    socket.write(said.bytes ?? '', () => (said.then === 'end' ? socket.end() : socket.resetAndDestroy()))
  }
}

/** The first whole command of a text: `*2\r\n$3\r\nGET\r\n$1\r\nx\r\n`. */
function commandIn(text: string): { parts: string[]; length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text)
  if (!head) return undefined
  let at = head[0].length
  const parts: string[] = []
  for (let index = 0; index < Number(head[1]); index += 1) {
    const end = text.indexOf('\r\n', at)
    if (end === -1) return undefined
    const from = end + 2
    const length = Number(text.slice(at + 1, end))
    if (text.length < from + length + 2) return undefined
    parts.push(text.slice(from, from + length))
    at = from + length + 2
  }
  return { parts, length: at }
}
