/** A connection that can be cut as a crash or a cable cuts it. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export class Relay {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #clients = new Set<Socket>()
  #port = 0
  #deaf = false
  #instead: string | undefined

  private constructor(target: number) {
    this.#server = createServer((client) => {
      const upstream = connect(target, '127.0.0.1')
      this.#clients.add(client)
      client.on('close', () => this.#clients.delete(client))
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket)
        socket.on('error', () => undefined)
        socket.on('close', () => {
          this.#sockets.delete(socket)
          client.destroy()
          upstream.destroy()
        })
      }
      client.on('data', (data) => upstream.write(data))
      upstream.on('data', (data) => {
        if (!this.#deaf) client.write(this.#instead ?? data)
      })
    })
  }

  static async to(target: number): Promise<Relay> {
    const relay = new Relay(target)
    await relay.mend()
    return relay
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`
  }

  get connections(): number {
    return this.#sockets.size / 2
  }

  /** Drops the answers of Redis from now on; the requests arrive. */
  deafen(): void {
    this.#deaf = true
  }

  /** Every answer is this text from now on. */
  answerAlways(text: string): void {
    this.#instead = text
  }

  /** Sends a text that nobody has asked for. */
  send(text: string): void {
    for (const client of this.#clients) client.write(text)
  }

  async mend(): Promise<void> {
    this.#deaf = false
    this.#instead = undefined
    if (this.#server.listening) return
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async cut(): Promise<void> {
    const ended = new Promise((resolve) => this.#server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await ended
  }
}
