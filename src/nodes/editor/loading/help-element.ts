/** The help of a type, which Node-RED makes in the language of the editor when somebody reads it. */
import { ask, messageOf } from '../platform/server'
import type { Translate } from '../platform/red'

/** Name of the element in the help of each type. */
export const HELP_ELEMENT = 'sensor-clouds-help'

/** Html by type and language. */
const known = new Map<string, Promise<string>>()

function helpOf(type: string, translate: Translate): Promise<string> {
  const path = `help/${type}?language=${translate('language')}`
  const html = known.get(path) ?? ask(path, translate).then((answer) => (answer as { html: string }).html)
  known.set(path, html)
  html.catch(() => known.delete(path))
  return html
}

/** @param textsOfType the texts of a type */
export function defineHelpElement(textsOfType: (type: string) => Translate): void {
  if (customElements.get(HELP_ELEMENT)) return
  customElements.define(
    HELP_ELEMENT,
    class extends HTMLElement {
      connectedCallback(): void {
        const type = this.getAttribute('type') ?? ''
        helpOf(type, textsOfType(type)).then(
          (html) => (this.innerHTML = html),
          (error: unknown) => (this.textContent = messageOf(error)),
        )
      }
    },
  )
}
