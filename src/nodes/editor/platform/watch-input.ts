/** Judges an input of the template while it is filled in. */
import { byId, showProblem } from './dom'

/** Says under the input what is wrong; an empty one that nobody touched is not blamed in words. */
export function watch(id: string, problemOf: (value: string) => string | undefined): void {
  const input = byId(id)
  const problem = byId(`${id}-problem`)
  if (!problem || !(input instanceof HTMLInputElement || input instanceof HTMLSelectElement)) return
  const judge = (touched: boolean): void => {
    const sentence = problemOf(input.value)
    showProblem(problem, touched || input.value !== '' ? sentence : undefined)
    input.setAttribute('aria-invalid', String(sentence !== undefined))
  }
  judge(false)
  for (const event of ['input', 'change']) input.addEventListener(event, () => judge(true))
}
