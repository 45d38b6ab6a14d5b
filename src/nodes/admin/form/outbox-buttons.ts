/** The buttons of an outbox: drops its quarantined readings, or all after a question. */
import { element, show } from '../../editor/platform/dom'
import type { Translate } from '../../editor/platform/red'
import { ask, messageOf } from '../../editor/platform/server'
import type { AccountRow } from '../../runtime/overview'

export class OutboxButtons {
  readonly element: HTMLElement
  readonly #translate: Translate
  readonly #drop: HTMLButtonElement
  readonly #clear: HTMLButtonElement
  readonly #question = element('div', {})
  readonly #confirmation: HTMLElement
  readonly #status = element('div', { role: 'status' })
  #depth = 0

  /** @param id of the account */
  constructor(id: string, translate: Translate) {
    this.#translate = translate
    const buttonOf = (key: string, run: () => void): HTMLButtonElement => {
      const button = element('button', { type: 'button', class: 'red-ui-button red-ui-button-small' }, translate(key))
      button.addEventListener('click', run)
      return button
    }
    this.#drop = buttonOf('form.usage.drop', () => void this.#change(id, 'drop'))
    this.#clear = buttonOf('form.usage.clear', () => this.#ask(true))
    const keep = buttonOf('form.usage.keep', () => {
      this.#ask(false)
      this.#clear.focus()
    })
    this.#confirmation = element('div', { role: 'alert' }, this.#question, buttonOf('form.usage.clearNow', () => void this.#change(id, 'clear')), ' ', keep)
    this.element = element('div', { class: 'sensor-clouds-outbox' }, this.#drop, ' ', this.#clear, this.#confirmation, this.#status)
    show(this.#confirmation, false)
  }

  update({ outbox }: AccountRow): void {
    this.#depth = outbox?.depth ?? 0
    show(this.#drop, (outbox?.quarantined ?? 0) > 0)
    show(this.#clear, this.#depth > 0)
    if (this.#depth === 0) show(this.#confirmation, false)
  }

  #ask(asking: boolean): void {
    this.#question.textContent = asking ? this.#translate('form.usage.confirm', { count: this.#depth }) : ''
    show(this.#confirmation, asking)
  }

  async #change(id: string, action: 'clear' | 'drop'): Promise<void> {
    this.#ask(false)
    try {
      const { dropped } = (await ask(`outbox/${encodeURIComponent(id)}/${action}`, this.#translate, {})) as { dropped: number }
      this.#status.textContent = action === 'clear' ? this.#translate('form.usage.cleared') : this.#translate('form.usage.dropped', { count: dropped })
    } catch (error) {
      this.#status.textContent = messageOf(error)
    }
  }
}
