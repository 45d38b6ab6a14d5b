/** The pieces of the editor that the forms use. */
import type { Sentence } from '../../../lib/base/sentence'
import { sentenceKey } from '../descriptor'

export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string

export interface EditorNode {
  id: string
  type: string
  name?: string
  _?: Translate
  /** What its type is registered with. */
  _def?: { category?: string; defaults?: Readonly<Record<string, unknown>>; credentials?: Readonly<Record<string, unknown>> }
  /** Typed and not deployed yet; a stored password is not among them. */
  credentials?: Readonly<Record<string, unknown>>
  [property: string]: unknown
}

export interface TypedInputType {
  value: string
  label: string
  icon?: string
  showLabel?: boolean
  inputType?: 'password'
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
  /** Runs the scripts of the html too. */
  append(html: string): Wrapped
  /** Fills what has `data-i18n`. */
  i18n(): Wrapped
  on(event: string, listener: (event: { target: unknown }) => void): Wrapped
}

interface AjaxOptions {
  url: string
  method: 'GET' | 'POST'
  contentType?: string
  headers?: Readonly<Record<string, string>>
  data?: string
}

interface Editor {
  _: Translate
  events: {
    on(event: 'registry:node-type-added', listener: (type: string) => void): void
  }
  i18n: {
    detectLanguage(): string
  }
  nodes: {
    node(id: string): EditorNode | null | undefined
    /** Its registration. */
    getType(type: string): object | null | undefined
    /** Ends where `visit` gives false. */
    eachNode(visit: (node: EditorNode) => boolean): void
    eachConfig(visit: (node: EditorNode) => unknown): void
    subflow(id: string): { env?: readonly { name: string; value?: string }[] } | null | undefined
  }
  comms: {
    subscribe(topic: string, listener: (topic: string, data: unknown) => void): void
    /** Is lost where there is no connection yet. */
    send(topic: string, data: unknown): void
    /** Called with each new connection to the runtime. */
    on(event: 'connect', listener: () => void): void
  }
  sidebar: {
    addTab(options: { id: string; label: string; name: string; content: HTMLElement; iconClass: string; pinned: boolean }): void
    removeTab(id: string): void
    containsTab(id: string): boolean
  }
  view: {
    /** Shows a node on its tab, and marks it. */
    reveal(id: string): void
    redraw(): void
  }
  clipboard: {
    copyText(text: string): unknown
  }
  utils: {
    /** What the canvas shows of a node. */
    getNodeLabel(node: EditorNode, defaultLabel: string): string
    parseContextKey(key: string): { key: string }
    /** Gives true, or a sentence. */
    validateTypedProperty(value: string, type: string): unknown
  }
  editor: {
    editJSON(options: { value: string; focus: boolean; complete: (value: string) => void }): void
    validateNode(node: EditorNode): boolean
    edit(node: EditorNode): void
    editConfig(property: string, type: string, id: string): void
  }
}

declare global {
  const RED: Editor
  interface Window {
    $: ((element: Element) => Wrapped) & { ajax(options: AjaxOptions): PromiseLike<unknown> }
  }
}

/** The element with the editor's widgets and events. */
export const wrap = (target: Element): Wrapped => window.$(target)

/** The texts of a node's own catalog; a key that is missing comes back as it is. */
export const textsOf =
  (node: EditorNode): Translate =>
  (key, values) =>
    node._ ? node._(key, values) : key

/** Whether the editor finds nothing wrong with a path or an expression. */
export function canEvaluate({ type, value }: { type: string; value: string }): boolean {
  const path = type === 'flow' || type === 'global' ? RED.utils.parseContextKey(value).key : value
  return RED.utils.validateTypedProperty(path, type) === true
}

/** A text that not every entry has: empty when it is missing. */
export function optionalText(translate: Translate, key: string, values?: Parameters<Translate>[1]): string {
  const text = translate(key, values)
  return text === key ? '' : text
}

/** A place without its value would be left out of a template. */
const PLACES = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [index + 1, `__${index + 1}__`]))

/** A sentence of the rules that form and runtime share, in the language of the editor. */
export const translateSentence = (translate: Translate, message: Sentence): string =>
  message.in((template) => optionalText(translate, `sentence.${sentenceKey(template)}`, PLACES) || undefined)

export type ValidationResult = true | string

/**
 * The result of all checks of a property.
 * Node-RED's outline shows sentences as html, and they quote values that an imported flow may have brought.
 */
export function validationResult(...problems: readonly (string | undefined)[]): ValidationResult {
  const sentences = problems.filter((problem) => problem !== undefined)
  return sentences.length === 0 ? true : sentences.join('; ').replace(/</g, '‹').replace(/>/g, '›')
}
