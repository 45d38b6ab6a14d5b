/** The button beside a password input that shows what is typed. A stored password never reaches the browser. */
import { isStoredPassword } from '../../runtime/shared-with-forms'
import { element } from './dom'
import type { Translate } from './red'

export interface Eye {
  readonly button: HTMLButtonElement
  /** Whether the value may be read on the screen now. */
  readonly isOpen: boolean
  /** To be called whenever the value has changed. */
  update(): void
}

/**
 * @param label of the input
 * @param value what stands in the input now
 * @param toggled shows or hides the value
 */
export function secretEye(label: string, translate: Translate, value: () => string, toggled: () => void): Eye {
  const icon = element('i', { class: 'fa fa-eye', 'aria-hidden': 'true' })
  const button = element('button', { type: 'button', class: 'red-ui-button sensor-clouds-eye' }, icon)
  let isOpen = false
  const update = (): void => {
    const canShow = value() !== '' && !isStoredPassword(value())
    if (!canShow) isOpen = false
    const text = isStoredPassword(value()) ? 'stored' : 'show'
    const name = translate(`form.secret.${text}`, { label })
    button.disabled = !canShow
    button.title = name
    button.setAttribute('aria-label', name)
    button.setAttribute('aria-pressed', String(isOpen))
    icon.className = `fa ${isOpen ? 'fa-eye-slash' : 'fa-eye'}`
  }
  button.addEventListener('click', () => {
    isOpen = !isOpen
    update()
    toggled()
  })
  update()
  return {
    button,
    get isOpen() {
      return isOpen
    },
    update,
  }
}

/** Puts the button behind an input of the template. */
export function addEye(input: HTMLInputElement, label: string, translate: Translate): void {
  const show = (): void => {
    input.type = eye.isOpen ? 'text' : 'password'
  }
  const eye = secretEye(label, translate, () => input.value, show)
  input.classList.add('sensor-clouds-secret')
  input.after(eye.button)
  for (const event of ['input', 'change'])
    input.addEventListener(event, () => {
      eye.update()
      show()
    })
}
