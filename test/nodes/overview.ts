/** What an editor with an open sidebar gets from the flows that run here. */
import type { EventEmitter } from 'node:events'
import { OVERVIEW_TOPIC, WATCH_TOPIC, type AccountRow, type NodeRow, type OverviewChange, type OverviewRow } from '../../src/nodes/runtime/overview'
import { until } from '../until'
import { post } from './admin'

const { events } = require('@node-red/util') as { events: EventEmitter }

interface Published {
  topic: string
  data: OverviewChange
  session: string
}

/** The connection of one editor. */
export class WatchingEditor {
  readonly rows = new Map<string, OverviewRow>()
  readonly changes: OverviewChange[] = []
  readonly #session: string
  readonly #listener = (message: Published): void => this.#take(message)

  private constructor(session: string) {
    this.#session = session
    events.on('comms', this.#listener)
  }

  /** Opens the sidebar; all rows are there when this resolves. */
  static async open(session = 'editor'): Promise<WatchingEditor> {
    const editor = new WatchingEditor(session)
    const { json } = await post('watching', {})
    editor.say(String(json?.ticket))
    await until(() => editor.changes.length > 0, 'the overview is published')
    return editor
  }

  /** Sends over the connection of the editor. */
  say(data: unknown): void {
    events.emit(`comms:message:${WATCH_TOPIC}`, { session: this.#session, data })
  }

  /** The browser is closed. */
  close(): void {
    events.emit('comms:connection-removed', { session: this.#session })
    events.off('comms', this.#listener)
  }

  account(id = 'account'): AccountRow {
    const row = this.rows.get(id)
    if (row?.kind !== 'account') throw new Error(`there is no account ${id}`)
    return row
  }

  node(id = 'action'): NodeRow {
    const row = this.rows.get(id)
    if (row?.kind !== 'node') throw new Error(`there is no node ${id}`)
    return row
  }

  /** All sentences that the sidebar shows. */
  get problems(): string[] {
    return [...this.rows.values()].flatMap(({ problems }) => problems.map(({ text }) => text))
  }

  /** Waits until a sentence is shown, for the 5 s in which that must happen. */
  async shows(wanted: RegExp, within = 5000): Promise<void> {
    await until(() => this.problems.some((text) => wanted.test(text)), () => `${String(wanted)} is among ${JSON.stringify(this.problems)}`, within)
  }

  async clears(within = 5000): Promise<void> {
    await until(() => this.problems.length === 0, () => `nothing is wrong: ${JSON.stringify(this.problems)}`, within)
  }

  #take({ topic, data, session }: Published): void {
    if (topic !== OVERVIEW_TOPIC || session !== this.#session) return
    this.changes.push(data)
    if (data.isWhole) this.rows.clear()
    for (const id of data.gone) this.rows.delete(id)
    for (const row of data.rows) this.rows.set(row.id, row)
  }
}
