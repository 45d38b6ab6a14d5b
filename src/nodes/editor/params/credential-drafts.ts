/** The secret params that a node keeps as credentials, while its dialog is open. Each credential has the name of its param. */
import { isStoredPassword, STORED_PASSWORD } from '../../runtime/shared-with-forms'
import { element } from '../platform/dom'
import type { EditorNode } from '../platform/red'

type Credentials = EditorNode['credentials']

/**
 * Whether a credential has a value, as far as the editor knows.
 * It asks the server for the credentials of a node when the dialog is opened, and then learns only which of them have a value.
 */
export const hasCredential = (given: Credentials, name: string): boolean => given === undefined || savedValue(given, name) !== ''

/** What a password input shows: what was typed and not deployed yet, or the sign of a stored value. */
function savedValue(given: Credentials, name: string): string {
  const typed = given?.[name]
  if (typeof typed === 'string' && typed !== '') return typed
  return given?.[`has_${name}`] === true ? STORED_PASSWORD : ''
}

/** The form of one credential, as the row of its param uses it. */
export interface CredentialDraft {
  /** Whether the dialog has taken the value out of the flow. */
  readonly moved: boolean
  value(): string
  set(value: string): void
}

export class CredentialDrafts {
  readonly #node: EditorNode
  readonly #values = new Map<string, string>()
  readonly #moved = new Set<string>()

  constructor(node: EditorNode) {
    this.#node = node
  }

  of(name: string): CredentialDraft {
    return {
      moved: this.#moved.has(name),
      value: () => this.#value(name),
      set: (value) => void this.#values.set(name, value),
    }
  }

  /** Takes a value that the flow holds. */
  move(name: string, value: string): void {
    this.#moved.add(name)
    this.#values.set(name, value)
  }

  #value(name: string): string {
    return this.#values.get(name) ?? savedValue(this.#node.credentials, name)
  }

  /**
   * Gives the dialog one input for each credential that changes. Node-RED reads these inputs once the form has saved
   * its own values. An input without a change would mark the node as changed.
   * @param used names of the params that are credentials; the others are cleared
   */
  save(container: HTMLElement, used: ReadonlySet<string>): void {
    for (const name of Object.keys(this.#node._def?.credentials ?? {})) {
      const value = used.has(name) ? this.#value(name) : ''
      if (isStoredPassword(value) || value === savedValue(this.#node.credentials, name)) continue
      container.append(element('input', { type: 'hidden', id: `node-input-${name}`, value }))
    }
  }
}
