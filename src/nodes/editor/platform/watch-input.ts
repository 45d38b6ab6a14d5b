/** Checks an input of the template while it is filled in. */
import { byId, showProblem } from './dom'

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
