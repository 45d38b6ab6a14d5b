/** A vendor's server in a process of its own: it enforces a limit, takes its time, and counts what it sees. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { mostInAnyWindow, percentUsed } from '../lib/limiter/workload'
import { seededRandom } from '../lib/fake-clock'

export interface CloudOptions {
  /** ms before the answer leaves. */
  delay?: number
  /** Requests in any second; those beyond it get 429 and use up nothing. */
  limit?: number
  /** Most ms of random delay on the way there, before a request is counted, and again on the way back. */
  jitter?: number
}

export interface CloudCounts {
  arrivals: number
  rejected: number
  mostInSecond: number
  /** Percent of the limit, once its first second's worth had come. */
  used: number
  mostSockets: number
}

export interface Cloud {
  origin: string
  counts(): Promise<CloudCounts>
  close(): Promise<void>
}

const ANSWER = JSON.stringify({ data: Array.from({ length: 20 }, (_, index) => ({ ts: 1_770_000_000 + index, vin: 12 + index / 3, ambient: 20 })) })

export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  const child = fork(__filename, [JSON.stringify(options)])
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    origin: `http://127.0.0.1:${port}`,
    counts: async () => {
      child.send('counts')
      const [counts] = (await once(child, 'message')) as [CloudCounts]
      return counts
    },
    close: async () => {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

class Counter {
  readonly #limit: number
  readonly #arrivals: number[] = []
  /** Those of the last second. */
  readonly #accepted: number[] = []
  #rejected = 0
  #sockets = 0
  #mostSockets = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  connected(): void {
    this.#sockets += 1
    this.#mostSockets = Math.max(this.#mostSockets, this.#sockets)
  }

  disconnected(): void {
    this.#sockets -= 1
  }

  /** Counts an arrival; false when it is beyond the limit. */
  admit(at: number): boolean {
    this.#arrivals.push(at)
    while ((this.#accepted[0] ?? at) <= at - 1000) this.#accepted.shift()
    const room = this.#accepted.length < this.#limit
    if (room) this.#accepted.push(at)
    else this.#rejected += 1
    return room
  }

  get counts(): CloudCounts {
    const times = this.#arrivals
    return {
      arrivals: times.length,
      rejected: this.#rejected,
      mostInSecond: mostInAnyWindow(times, 1000),
      used: percentUsed(times, this.#limit),
      mostSockets: this.#mostSockets,
    }
  }
}

/** The other side: serves until its parent lets go of it. */
function serve({ delay = 0, limit = Infinity, jitter = 0 }: CloudOptions): void {
  const counter = new Counter(limit)
  const random = seededRandom(7)
  const pause = async (ms: number): Promise<unknown> => (ms > 0 ? wait(ms) : undefined)
  const answer = async (response: http.ServerResponse): Promise<void> => {
    await pause(random() * jitter)
    const admitted = counter.admit(performance.now())
    await pause(delay + random() * jitter)
    if (admitted) response.setHeader('content-type', 'application/json').end(ANSWER)
    else response.writeHead(429, { 'retry-after': '1' }).end()
  }
  const server = http.createServer((_request, response) => void answer(response))
  server.keepAliveTimeout = 60_000
  server.on('connection', (socket) => {
    counter.connected()
    socket.once('close', () => counter.disconnected())
  })
  server.listen(0, '127.0.0.1', 4096, () => process.send?.({ port: (server.address() as AddressInfo).port }))
  process.on('message', () => process.send?.(counter.counts))
  process.once('disconnect', () => {
    server.close()
    server.closeAllConnections()
  })
}

if (require.main === module) serve(JSON.parse(process.argv[2] ?? '{}') as CloudOptions)
