/** Makes the buttons that the editor puts beside the select of a config node reachable by keyboard and screen reader. */
import { byId } from './dom'
import { wrap, type Translate } from './red'

/**
 * @param prefix `node-input-` or `node-config-input-`
 * @param none what an empty select says, where the config node is optional
 */
export function reachConfigButtons(prefix: string, property: string, label: string, translate: Translate, none?: string): void {
  const buttons = [
    [byId(`${prefix}btn-${property}-edit`), translate('form.editConfig', { label })],
    [byId(`${prefix}btn-${property}-add`), translate('form.addConfig', { label })],
  ] as const
  for (const [button, name] of buttons) if (button) reach(button, name)
  const select = byId(`${prefix}${property}`)
  if (!select) return
  const update = (): void => {
    for (const [button] of buttons) if (button) mirror(button)
    // Without a node of the type, the editor's only entry offers to add one, as if that were chosen.
    const empty = select.querySelector('option[value="_ADD_"]')
    if (empty && none !== undefined) empty.textContent = none
  }
  update()
  // Heard after the editor, which sets the class on the same event.
  wrap(select).on('change', update)
}

function reach(button: HTMLElement, name: string): void {
  button.setAttribute('role', 'button')
  button.setAttribute('aria-label', name)
  button.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    // Else the editor takes Enter for the end of the dialog.
    event.stopPropagation()
    button.click()
  })
}

/** One that does nothing is skipped by the Tab key. */
function mirror(button: HTMLElement): void {
  const disabled = button.classList.contains('disabled')
  button.setAttribute('tabindex', disabled ? '-1' : '0')
  button.setAttribute('aria-disabled', String(disabled))
}
