/**
 * Connections that nobody uses. Timers close them in time, but stand still while a machine sleeps, and are late while
 * something keeps the process busy: a request on a connection that the server has left behind fails, and a command is
 * not sent twice. So each is looked at by the calendar before it is used again.
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

  /** Closes those whose timer should have rung. A calendar that was set back says nothing, so that they go too. */
  closeStale(): void {
    for (const sockets of Object.values(this.#agent.freeSockets))
      for (const socket of [...(sockets ?? [])]) {
        const idle = this.#now() - (this.#usedAt.get(socket) ?? -Infinity)
        if (idle >= 0 && idle < (socket.timeout ?? Infinity)) continue
        // The agent takes it off its list at once; otherwise it would still give it out.
        socket.emit('agentRemove')
        socket.destroy()
      }
  }
}
