/** One account in the sidebar: a line with its state, and what is behind it once it is opened. */
import { moment, usageLines, usageRows } from '../../accounts/form/usage'
import { element } from '../../editor/platform/dom'
import type { Translate } from '../../editor/platform/red'
import type { AccountRow, NodeRow } from '../../runtime/overview'
import { NodeList } from './node-list'
import { nameOf, openButton, openRow } from './open-node'
import { OutboxButtons } from './outbox-buttons'

interface Body {
  facts: HTMLElement
  outbox: OutboxButtons
  nodes: NodeList
}

export class AccountEntry {
  readonly element = element('details', { class: 'sensor-clouds-account' })
  readonly #translate: Translate
  readonly #summary = element('summary', {})
  #row: AccountRow
  #nodes: readonly NodeRow[] = []
  /** Made when it is opened first. */
  #body: Body | undefined
  #drawnRow: AccountRow | undefined
  #drawnCount = -1

  /** @param translate texts of the account's type */
  constructor(row: AccountRow, translate: Translate) {
    this.#translate = translate
    this.#row = row
    this.element.append(this.#summary)
    this.element.addEventListener('toggle', () => this.#drawBody())
  }

  /** @param nodes that use the account, in the order in which they are shown */
  update(row: AccountRow, nodes: readonly NodeRow[]): void {
    this.#row = row
    this.#nodes = nodes
    if (row !== this.#drawnRow || nodes.length !== this.#drawnCount) this.#drawSummary()
    this.#drawBody()
    this.#drawnRow = row
    this.#drawnCount = nodes.length
  }

  #drawSummary(): void {
    const { queued, running, state, title } = this.#row
    const activity = queued + running > 0 ? this.#translate('form.usage.waiting', { queued, running }) : ''
    const nodes = this.#translate('form.sidebar.nodes', { count: this.#nodes.length })
    this.#summary.replaceChildren(
      element('span', { class: 'sensor-clouds-dot', 'data-state': state, 'aria-hidden': 'true' }),
      element('strong', {}, nameOf(this.#row)),
      ' ',
      element('span', {}, [title, this.#stateText(), nodes, activity].filter((part) => part !== '').join(' · ')),
    )
  }

  #stateText(): string {
    const { awaySince = 0, pausedUntil = 0, state } = this.#row
    const now = Date.now()
    if (state === 'away') return this.#translate('form.sidebar.state.away', { time: moment(awaySince, now) })
    if (state === 'paused') return this.#translate('form.sidebar.state.paused', { time: moment(pausedUntil, now) })
    return this.#translate(`form.sidebar.state.${state}`)
  }

  #drawBody(): void {
    if (!this.element.open) return
    const body = (this.#body ??= this.#createBody())
    if (body.facts.childElementCount === 0 || this.#row !== this.#drawnRow) body.facts.replaceChildren(...this.#facts())
    body.outbox.update(this.#row)
    body.nodes.update(this.#nodes)
    this.#drawnRow = this.#row
  }

  #createBody(): Body {
    const row = this.#row
    const name = nameOf(row)
    const body = { facts: element('div', { class: 'sensor-clouds-facts' }), outbox: new OutboxButtons(row.id, this.#translate), nodes: new NodeList(this.#translate) }
    const label = this.#translate('form.sidebar.open', { name })
    this.element.append(openButton(label, label, () => openRow(row)), body.facts, body.outbox.element, body.nodes.element)
    return body
  }

  #facts(): HTMLElement[] {
    const { cacheHits = 0, failures = 0, lastError, outbox, requests } = this.#row
    const translate = this.#translate
    const now = Date.now()
    const limits = usageRows(this.#row, translate, now).map((cells) => cells.filter((cell) => cell !== '').join(' · '))
    const lines = usageLines({ queued: 0, running: 0, ...(outbox ? { outbox } : {}) }, translate, now)
    if (requests !== undefined) lines.push(translate('form.sidebar.requests', { requests, failures, hits: cacheHits }))
    if (lastError) lines.push(translate('form.sidebar.lastError', { code: lastError.code, operation: lastError.operation, time: moment(lastError.time, now) }))
    return [...limits, ...lines].map((line) => element('div', {}, line))
  }
}
