/** A button beside a param, and the searchable list that it opens: a combobox for mouse and keyboard. */
import type { PickOption } from '../../../lib/vocabulary/vendor'
import { matchingOptions } from '../../runtime/shared-with-forms'
import { chosenOf, detailOf, withChoice } from './choices'
import { element, show } from '../platform/dom'
import type { Param } from '../params/params'
import type { Translate } from '../platform/red'
import { messageOf } from '../platform/server'

export interface Options {
  options: readonly PickOption[]
  /** All that match, also those that the server left out. */
  count: number
  /** Seconds since the vendor was asked; undefined where nobody asked it. */
  age?: number | undefined
}

/** Asks the server for the options that match a search. @throws Error with a sentence for the user */
export type AskOptions = (question: { refresh?: boolean; search?: string }) => Promise<Options>

export interface PickerOptions {
  /** Id of the row's input. */
  id: string
  label: string
  /** Whether the param takes several values. */
  several: boolean
  /** Whether the list never changes, so that nobody has to load it again. */
  isFixed?: boolean
  ask: AskOptions
  translate: Translate
  current: () => Param
  set: (param: Param) => void
  /** Called when options have come. */
  loaded?: () => void
}

/** More than anybody reads; the search narrows them down. */
const MOST_SHOWN = 200
/** Ms without a key before the server is asked for what is typed. */
const TYPING_PAUSE = 300

/**
 * Adds the button behind the row's input, and the list below it.
 * @returns what closes the list
 */
export function addPicker(row: HTMLElement, input: Element | null, options: PickerOptions): () => void {
  const name = options.translate('form.picker.open', { label: options.label })
  const button = element(
    'button',
    { type: 'button', class: 'red-ui-button sensor-clouds-pick', title: name, 'aria-label': name, 'aria-expanded': 'false', 'aria-controls': `${options.id}-picker` },
    element('i', { class: 'fa fa-search', 'aria-hidden': 'true' }),
  )
  input?.after(button)
  row.classList.add('sensor-clouds-picked')
  const list = new PickList(button, options)
  row.append(list.panel)
  return () => list.close()
}

class PickList {
  readonly panel: HTMLElement
  readonly #button: HTMLButtonElement
  readonly #options: PickerOptions
  readonly #search: HTMLInputElement
  readonly #list: HTMLUListElement
  readonly #status: HTMLElement
  #loaded: Options = { options: [], count: 0 }
  /** Whether the server has more than it gave, so that it must be asked for what is typed. */
  #isCut = false
  #typing: ReturnType<typeof setTimeout> | undefined
  #shown: readonly PickOption[] = []
  #active = -1
  /** Number of the latest question: the reply to an older one is not shown. */
  #asked = 0

  constructor(button: HTMLButtonElement, options: PickerOptions) {
    const { id, isFixed, label, several, translate } = options
    this.#button = button
    this.#options = options
    const listId = `${id}-options`
    this.#search = element('input', {
      type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: 'false', placeholder: translate('form.picker.search'),
      'aria-label': translate('form.picker.title', { label }), 'aria-controls': listId, 'aria-expanded': 'false', 'aria-autocomplete': 'list',
    })
    this.#list = element('ul', { id: listId, role: 'listbox', 'aria-label': label, 'aria-multiselectable': several ? 'true' : false })
    this.#status = element('div', { class: 'sensor-clouds-said', role: 'status' })
    const anew = translate('form.picker.refresh')
    const refresh = element('button', { type: 'button', class: 'red-ui-button', title: anew, 'aria-label': anew }, element('i', { class: 'fa fa-refresh', 'aria-hidden': 'true' }))
    const head = element('div', { class: 'sensor-clouds-picker-head' }, this.#search, ...(isFixed ? [] : [refresh]))
    this.panel = element('div', { class: 'sensor-clouds-panel sensor-clouds-picker sensor-clouds-hidden', id: `${id}-picker` }, head, this.#list, this.#status)
    button.addEventListener('click', () => this.#toggle(button.getAttribute('aria-expanded') !== 'true'))
    refresh.addEventListener('click', () => {
      this.#search.focus()
      void this.#load({ refresh: true })
    })
    this.#search.addEventListener('input', () => this.#searched())
    // Neither the editor nor the row takes what is typed here for its own.
    this.panel.addEventListener('keydown', (event) => this.#key(event))
    for (const event of ['input', 'change', 'keyup']) this.panel.addEventListener(event, (heard) => heard.stopPropagation())
    // The search keeps the focus while one clicks into the list.
    this.#list.addEventListener('mousedown', (event) => event.preventDefault())
    this.#list.addEventListener('click', (event) => this.#clicked(event))
  }

  /** Leaves the focus where it is. */
  close(): void {
    show(this.panel, false)
    this.#button.setAttribute('aria-expanded', 'false')
    // A late reply is not shown the next time.
    this.#asked += 1
    clearTimeout(this.#typing)
  }

  #toggle(open: boolean): void {
    if (!open) {
      this.close()
      this.#button.focus()
      return
    }
    show(this.panel, true)
    this.#button.setAttribute('aria-expanded', 'true')
    this.#search.value = ''
    this.#search.focus()
    this.#isCut = false
    void this.#load({})
  }

  #searched(): void {
    clearTimeout(this.#typing)
    if (this.#isCut) this.#typing = setTimeout(() => void this.#load({}), TYPING_PAUSE)
    else this.#render(true)
  }

  async #load({ refresh = false }: { refresh?: boolean }): Promise<void> {
    const { ask, translate } = this.#options
    const own = ++this.#asked
    this.#status.dataset.outcome = 'running'
    this.#status.textContent = translate('form.picker.loading')
    let problem: string | undefined
    const search = this.#isCut ? this.#search.value : ''
    const loaded = await ask({ refresh, search }).catch((error: unknown): Options => {
      problem = messageOf(error)
      return { options: [], count: 0 }
    })
    if (own !== this.#asked) return
    this.#loaded = loaded
    this.#options.loaded?.()
    this.#isCut ||= loaded.count > loaded.options.length
    this.#render(true)
    if (problem === undefined) return
    this.#status.dataset.outcome = 'failed'
    this.#status.textContent = problem
  }

  /** @param first whether the first option becomes the active one */
  #render(first: boolean): void {
    const { current, several } = this.#options
    const found = matchingOptions(this.#loaded.options, this.#search.value)
    const chosen = new Set(chosenOf(current(), several))
    this.#shown = found.slice(0, MOST_SHOWN)
    this.#list.replaceChildren(...this.#shown.map((option, index) => this.#entry(option, index, chosen.has(option.value))))
    show(this.#list, this.#shown.length > 0)
    this.#search.setAttribute('aria-expanded', String(this.#shown.length > 0))
    this.#count(found.length)
    const at = first ? this.#shown.findIndex(({ value }) => chosen.has(value)) : this.#active
    this.#activate(Math.min(Math.max(at, 0), this.#shown.length - 1))
  }

  #entry(option: PickOption, index: number, chosen: boolean): HTMLLIElement {
    const mark = element('i', { class: `fa ${chosen ? 'fa-check' : ''} sensor-clouds-mark`, 'aria-hidden': 'true' })
    const label = element('span', {}, option.label)
    const detail = element('span', { class: 'sensor-clouds-detail' }, detailOf(option))
    return element('li', { role: 'option', id: `${this.#list.id}-${index}`, 'aria-selected': String(chosen) }, mark, label, ' ', detail)
  }

  #count(found: number): void {
    const { translate } = this.#options
    const { age = 0, count } = this.#loaded
    delete this.#status.dataset.outcome
    const texts = [this.#countText(this.#isCut ? count : found)]
    if (age > 0) texts.push(translate('form.picker.age', { seconds: age }))
    this.#status.textContent = texts.join(' ')
  }

  #countText(found: number): string {
    const { translate } = this.#options
    if (found === 0) return translate(this.#loaded.options.length === 0 && !this.#isCut ? 'form.picker.none' : 'form.picker.noMatch')
    return found > MOST_SHOWN ? translate('form.picker.shown', { shown: MOST_SHOWN, count: found }) : translate('form.picker.count', { count: found })
  }

  #activate(index: number): void {
    this.#list.children[this.#active]?.classList.remove('sensor-clouds-active')
    this.#active = index
    const entry = this.#list.children[index]
    if (!entry) {
      this.#search.removeAttribute('aria-activedescendant')
      return
    }
    entry.classList.add('sensor-clouds-active')
    entry.scrollIntoView({ block: 'nearest' })
    this.#search.setAttribute('aria-activedescendant', entry.id)
  }

  #clicked(event: Event): void {
    const entry = event.target instanceof Element ? event.target.closest('li') : null
    const index = entry ? [...this.#list.children].indexOf(entry) : -1
    if (index < 0) return
    this.#activate(index)
    this.#choose()
  }

  /** A list stays open for the next choice. */
  #choose(): void {
    const option = this.#shown[this.#active]
    if (!option) return
    const { current, set, several } = this.#options
    set(withChoice(current(), option.value, several))
    if (several) this.#render(false)
    else this.#toggle(false)
  }

  #key(event: KeyboardEvent): void {
    event.stopPropagation()
    if (event.key === 'Escape') {
      event.preventDefault()
      this.#toggle(false)
      return
    }
    if (event.target !== this.#search) return
    const last = this.#shown.length - 1
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.#active === last ? 0 : this.#active + 1,
      ArrowUp: this.#active <= 0 ? last : this.#active - 1,
      PageDown: Math.min(last, this.#active + 8),
      PageUp: Math.max(0, this.#active - 8),
    }
    const to = moves[event.key]
    if (to === undefined && event.key !== 'Enter') return
    event.preventDefault()
    if (to === undefined) this.#choose()
    else this.#activate(to)
  }
}
