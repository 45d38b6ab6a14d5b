/** The pieces of the editor that the forms use. */

export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string

export interface EditorNode {
  id: string
  type: string
  name?: string
  _?: Translate
  [property: string]: unknown
}

export interface TypedInputType {
  value: string
  label: string
  icon?: string
  showLabel?: boolean
  options?: readonly { value: string; label: string }[]
  validate?: (value: string) => boolean
  expand?: (this: { value: TypedInputValue }) => void
  /** Offers values while one types. */
  autoComplete?: (text: string) => { value: string; label: string }[]
}

/** Gets without an argument, sets with one. */
export type TypedInputValue = (value?: string) => string

interface Wrapped {
  typedInput(options: { default: string; types: readonly (string | TypedInputType)[] }): Wrapped
  typedInput(method: 'value' | 'type'): string
  typedInput(method: 'value' | 'type', value: string): void
  trigger(event: string): Wrapped
  on(event: string, listener: () => void): Wrapped
}

interface Editor {
  nodes: {
    node(id: string): EditorNode | null | undefined
    eachConfig(visit: (node: EditorNode) => unknown): void
  }
  editor: {
    editJSON(options: { value: string; focus: boolean; complete: (value: string) => void }): void
  }
}

/** The editor's own requests carry the user's token. */
export interface AjaxRequest {
  url: string
  type: 'POST'
  contentType: string
  data: string
  success: (reply: unknown) => void
  error: (reply: { responseJSON?: { message?: string }; statusText?: string }) => void
}

declare global {
  const RED: Editor
  interface Window {
    $: ((element: Element) => Wrapped) & { ajax(request: AjaxRequest): void }
  }
}

/** The element with the editor's widgets and events. */
export const wrap = (target: Element): Wrapped => window.$(target)

/** The texts of a node's own catalog; a key that is missing comes back as it is. */
export const textsOf =
  (node: EditorNode): Translate =>
  (key, values) =>
    node._ ? node._(key, values) : key

/** A text that not every entry has: empty when it is missing. */
export function optionalText(translate: Translate, key: string): string {
  const text = translate(key)
  return text === key ? '' : text
}
