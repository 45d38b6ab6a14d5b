/**
 * Connections that are kept open between requests. Their timers stand still while the machine sleeps, and are late while
 * the process is busy. A request on a connection that the server has closed meanwhile fails, and a command is not sent
 * again. So the age of each connection is checked by the calendar before it is used.
 */
import type http from 'node:http'
import type { Socket } from 'node:net'

export class IdleSockets {
  readonly #agent: http.Agent
  readonly #now: () => number
  /** Epoch ms at which it was used last. */
  readonly #usedAt = new WeakMap<Socket, number>()

  /** @param now epoch ms, which go on while the machine sleeps */
  constructor(agent: http.Agent, now: () => number) {
    this.#agent = agent
    this.#now = now
    agent.on('free', (socket: Socket) => void this.#usedAt.set(socket, now()))
  }

  /** Closes those whose timer should have rung. After the calendar was set back their age is unknown, so that they go too. */
  closeStale(): void {
    const now = this.#now()
    for (const sockets of Object.values(this.#agent.freeSockets)) {
      const stale = sockets?.filter((socket) => this.#isStale(socket, now)) ?? []
      for (const socket of stale) {
        // The agent takes it off its list at once; otherwise it would still give it out.
        socket.emit('agentRemove')
        socket.destroy()
      }
    }
  }

  #isStale(socket: Socket, now: number): boolean {
    const idle = now - (this.#usedAt.get(socket) ?? -Infinity)
    return idle < 0 || idle >= (socket.timeout ?? Infinity)
  }
}
