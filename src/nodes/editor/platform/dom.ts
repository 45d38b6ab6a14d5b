/** Makes elements: the editor's own style of building forms, in one function. */

type Content = Node | string

/** An element with attributes and content; an attribute that is false is left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | boolean>> = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes))
    if (value !== false) made.setAttribute(name, value === true ? '' : value)
  made.append(...content)
  return made
}

/** The script of the page with such an attribute. */
export const byAttribute = (name: string, value: string): HTMLScriptElement | null => document.querySelector(`script[${name}="${value}"]`)

export const byId = (id: string): HTMLElement | null => document.getElementById(id)

/** @throws Error when the dialog's template lacks it, which only a faulty build can cause */
export function required<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = byId(id)
  if (!(found instanceof type)) throw new Error(`the form lacks #${id}`)
  return found
}

export interface Option {
  value: string
  label: string
}

export function fillSelect(select: HTMLSelectElement, options: readonly Option[], value: string): void {
  select.replaceChildren(...options.map((option) => element('option', { value: option.value }, option.label)))
  select.value = value
}

export const show = (target: HTMLElement, visible: boolean): void => {
  target.classList.toggle('sensor-clouds-hidden', !visible)
}

/** Shows a sentence under an input, or nothing. */
export function showProblem(target: HTMLElement, problem: string | undefined): void {
  target.textContent = problem ?? ''
  show(target, problem !== undefined && problem !== '')
}

/** What one should know before one goes on. */
export const warning = (...content: readonly Content[]): HTMLElement =>
  element('div', { class: 'sensor-clouds-warning', role: 'note' }, ...content)

/** A link to a vendor's own pages. */
export const docsLink = (href: string, label: string): HTMLElement =>
  element('a', { href, target: '_blank', rel: 'noopener noreferrer' }, label)

/** Shows below the input what is wrong; an empty input that nobody touched shows no sentence. */
export function watch(id: string, problemOf: (value: string) => string | undefined): void {
  const input = byId(id)
  const problem = byId(`${id}-problem`)
  if (!problem || !(input instanceof HTMLInputElement || input instanceof HTMLSelectElement)) return
  const check = (touched: boolean): void => {
    const sentence = problemOf(input.value)
    showProblem(problem, touched || input.value !== '' ? sentence : undefined)
    input.setAttribute('aria-invalid', String(sentence !== undefined))
  }
  check(false)
  for (const event of ['input', 'change']) input.addEventListener(event, () => check(true))
}
