/** What a limit is called in a sentence. */
import { sentence, verbatim, type Sentence } from '../base/sentence'
import type { Budget } from './sliding-window'

const PERIODS = [sentence`per second`, sentence`per minute`, sentence`per day`, sentence`per month`] as const

/** The end of a sentence that begins with so many requests. */
export function periodOf({ name, window }: Pick<Budget, 'name' | 'window'>): Sentence {
  const inSeconds = sentence`in ${Number(window) / 1000} seconds`
  return [...PERIODS, inSeconds].find((period) => String(period) === name) ?? verbatim(name)
}
