/**
 * Publishes the overview to the editors that show the sidebar, and to no other. An editor gets a ticket from
 * `POST /sensor-clouds/watching`, which needs the permission to read flows, and sends it over its own connection.
 */
import { randomBytes } from 'node:crypto'
import { systemClock, type Clock, type Timer } from '../../lib/base/clock'
import { OVERVIEW_TOPIC, WATCH_TOPIC, type OverviewChange, type OverviewRow } from '../runtime/overview'
import { answer, hear, onceForEach } from './admin-route'
import { overviewRows } from './overview'

/** ms between two messages. */
const INTERVAL = 1000
/** ms in which a ticket must be used. */
const TICKET_LIFETIME = 60_000
const MOST_TICKETS = 1000

interface Heard {
  /** Of the connection to one editor. */
  session: string
  data?: unknown
}

export class LiveOverview {
  readonly #collect: () => Promise<OverviewRow[]>
  readonly #send: (change: OverviewChange, session: string) => void
  readonly #clock: Clock
  /** Monotonic ms until which each is valid. */
  readonly #tickets = new Map<string, number>()
  /** Editors that show the sidebar; those that have got no row yet are new. */
  readonly #sessions = new Map<string, { isNew: boolean }>()
  /** Rows as they were published, by id. */
  #published = new Map<string, string>()
  #timer: Timer | undefined
  #isPublishing = false

  constructor(collect: () => Promise<OverviewRow[]>, send: (change: OverviewChange, session: string) => void, clock: Clock = systemClock) {
    this.#collect = collect
    this.#send = send
    this.#clock = clock
  }

  /** Allows one connection to watch. */
  ticket(): string {
    const now = this.#clock.monotonic()
    for (const [ticket, until] of this.#tickets) if (until < now || this.#tickets.size >= MOST_TICKETS) this.#tickets.delete(ticket)
    const ticket = randomBytes(24).toString('base64url')
    this.#tickets.set(ticket, now + TICKET_LIFETIME)
    return ticket
  }

  /** @param data a ticket; anything else ends the watch */
  heard({ session, data }: Heard): void {
    const isValid = typeof data === 'string' && (this.#tickets.get(data) ?? -1) >= this.#clock.monotonic()
    if (!isValid) {
      this.left({ session })
      return
    }
    this.#tickets.delete(data)
    this.#sessions.set(session, { isNew: true })
    if (!this.#isPublishing) void this.#publish()
  }

  left({ session }: Heard): void {
    this.#sessions.delete(session)
    if (this.#sessions.size > 0) return
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#published = new Map()
  }

  async #publish(): Promise<void> {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isPublishing = true
    try {
      this.#sendRows(await this.#collect())
    } catch {
      // The flows are just being replaced: the next second shows the new ones.
    } finally {
      this.#isPublishing = false
    }
    if (this.#sessions.size > 0) this.#timer = this.#clock.setTimeout(() => void this.#publish(), INTERVAL)
  }

  #sendRows(rows: readonly OverviewRow[]): void {
    const texts = new Map(rows.map((row) => [row.id, JSON.stringify(row)]))
    const changed = rows.filter(({ id }) => texts.get(id) !== this.#published.get(id))
    const gone = [...this.#published.keys()].filter((id) => !texts.has(id))
    this.#published = texts
    for (const [session, watcher] of this.#sessions) {
      if (watcher.isNew) this.#send({ isWhole: true, rows: [...rows], gone: [] }, session)
      else if (changed.length > 0 || gone.length > 0) this.#send({ isWhole: false, rows: changed, gone }, session)
      watcher.isNew = false
    }
  }
}

export const serveOverview = onceForEach((RED) => {
  const send = (data: OverviewChange, session: string): void => void RED.events.emit('comms', { topic: OVERVIEW_TOPIC, data, session })
  const live = new LiveOverview(() => overviewRows(RED), send)
  RED.httpAdmin.post('/sensor-clouds/watching', RED.auth.needsPermission('flows.read'), (request, response) => {
    answer(RED, request, response, () => Promise.resolve({ ticket: live.ticket() }))
  })
  hear(RED, `comms:message:${WATCH_TOPIC}`, (heard: Heard) => live.heard(heard))
  hear(RED, 'comms:connection-removed', (heard: Heard) => live.left(heard))
})
