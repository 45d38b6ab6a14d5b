/** The sidebar: problems first, then every account with its nodes. Only what changed is drawn, a part a frame. */
import { element } from '../../editor/platform/dom'
import type { Translate } from '../../editor/platform/red'
import type { AccountRow, NodeRow, OverviewChange, OverviewRow } from '../../runtime/overview'
import { AccountEntry } from './account-entry'
import { NodeList } from './node-list'
import { nameOf } from './open-node'
import { place, ProblemList } from './problem-list'
import { watchOverview } from './watching'

/** ms of a frame that are used for drawing. */
const FRAME_PART = 8

/** Comparing without one is slow. */
const byName = new Intl.Collator()

type TextsOfType = (type: string) => Translate

class Sidebar {
  readonly #textsOfType: TextsOfType
  readonly #translate: Translate
  readonly #rows = new Map<string, OverviewRow>()
  readonly #nodesOf = new Map<string, Set<string>>()
  readonly #entries = new Map<string, AccountEntry>()
  readonly #message = element('p', { role: 'alert' })
  readonly #problems: ProblemList
  readonly #heading = element('h2', {})
  readonly #accounts = element('div', {})
  readonly #loose = element('section', {})
  readonly #looseNodes: NodeList
  /** Ids of accounts that are to be drawn. */
  readonly #waiting = new Set<string>()
  #isDrawing = false

  constructor(container: HTMLElement, translate: Translate, textsOfType: TextsOfType) {
    this.#translate = translate
    this.#textsOfType = textsOfType
    this.#problems = new ProblemList(translate)
    this.#looseNodes = new NodeList(translate)
    this.#loose.append(element('h2', {}, translate('form.sidebar.noAccount')), this.#looseNodes.element)
    this.#loose.hidden = true
    const accounts = element('section', {}, this.#heading, this.#accounts)
    container.replaceChildren(this.#message, this.#problems.element, accounts, this.#loose)
  }

  failed(message: string): void {
    this.#message.textContent = message
  }

  changed({ isWhole, rows, gone }: OverviewChange): void {
    this.#message.textContent = ''
    const present = new Set(rows.map(({ id }) => id))
    const removed = isWhole ? [...this.#rows.keys()].filter((id) => !present.has(id)) : gone
    for (const id of removed) this.#remove(id)
    for (const row of rows) this.#set(row)
    if (this.#isDrawing) return
    this.#isDrawing = true
    requestAnimationFrame(() => this.#draw())
  }

  #set(row: OverviewRow): void {
    const before = this.#rows.get(row.id)
    if (before?.kind === 'node' && row.kind === 'node' && before.account !== row.account) this.#remove(row.id)
    this.#rows.set(row.id, row)
    if (row.kind === 'account') this.#waiting.add(row.id)
    if (row.kind !== 'node') return
    const nodes = this.#nodesOf.get(row.account) ?? new Set()
    this.#nodesOf.set(row.account, nodes.add(row.id))
    this.#waiting.add(row.account)
  }

  #remove(id: string): void {
    const row = this.#rows.get(id)
    this.#rows.delete(id)
    if (row?.kind === 'account') {
      this.#entries.get(id)?.element.remove()
      this.#entries.delete(id)
      this.#waiting.add('')
    }
    if (row?.kind !== 'node') return
    this.#nodesOf.get(row.account)?.delete(id)
    this.#waiting.add(row.account)
  }

  #draw(): void {
    const end = performance.now() + FRAME_PART
    for (const id of this.#waiting) {
      this.#waiting.delete(id)
      this.#drawAccount(id)
      if (performance.now() > end) break
    }
    if (this.#waiting.size > 0) {
      requestAnimationFrame(() => this.#draw())
      return
    }
    this.#isDrawing = false
    this.#drawRest()
  }

  #drawAccount(id: string): void {
    const row = this.#rows.get(id)
    if (row?.kind !== 'account') {
      this.#waiting.delete('')
      return
    }
    const entry = this.#entries.get(id) ?? new AccountEntry(row, this.#textsOfType(row.type))
    this.#entries.set(id, entry)
    entry.update(row, this.#nodes(id))
    if (!entry.element.isConnected) this.#accounts.append(entry.element)
  }

  /** Nodes with problems first, then by name. */
  #nodes(account: string): NodeRow[] {
    const rows = [...(this.#nodesOf.get(account) ?? [])].flatMap((id) => {
      const row = this.#rows.get(id)
      return row?.kind === 'node' ? [row] : []
    })
    return rows.sort((one, other) => other.problems.length - one.problems.length || byName.compare(nameOf(one), nameOf(other)))
  }

  /** Headings, problems, the order of the accounts, and the nodes whose account does not exist. */
  #drawRest(): void {
    const accounts = [...this.#rows.values()].filter((row): row is AccountRow => row.kind === 'account')
    this.#heading.textContent = accounts.length === 0 ? this.#translate('form.sidebar.none') : this.#translate('form.sidebar.accounts', { count: accounts.length })
    this.#problems.show(this.#rows.values())
    accounts.sort((one, other) => other.problems.length - one.problems.length || byName.compare(nameOf(one), nameOf(other)))
    place(this.#accounts, accounts.flatMap(({ id }) => this.#entries.get(id)?.element ?? []))
    const loose = [...this.#nodesOf.keys()].filter((id) => !this.#entries.has(id)).flatMap((id) => this.#nodes(id))
    this.#loose.hidden = loose.length === 0
    this.#looseNodes.update(loose)
  }
}

/**
 * Fills the tab.
 * @param type of any account: all have the texts of the sidebar
 */
export function openSidebar(container: HTMLElement, textsOfType: TextsOfType, type: string): void {
  const translate = textsOfType(type)
  const sidebar = new Sidebar(container, translate, textsOfType)
  watchOverview(container, translate, sidebar)
}
