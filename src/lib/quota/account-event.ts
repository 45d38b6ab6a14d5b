/** What an account tells its user beside answers and errors: one line in the log each. */
import { formText, sentence, type Sentence } from '../base/sentence'
import type { Outage } from '../limiter/circuit-breaker'
import { budgetPhrase, type Budget, type Usage } from '../vocabulary/budget'

export interface AccountEvent {
  level: 'warn' | 'log'
  /** One sentence without a secret. */
  text: Sentence
}

const time = (epoch: number): string => new Date(epoch).toISOString()

export const outageBegan = ({ since, cause }: Outage): AccountEvent => ({
  level: 'warn',
  text: sentence`the cloud has been away since ${time(since)} (${cause}); requests wait until it is back`,
})

export const outageEnded = ({ since, cause }: Outage): AccountEvent => ({
  level: 'log',
  text: sentence`the cloud is back; it was away since ${time(since)} (${cause})`,
})

export const quotaNearlySpent = (budget: Budget, { used, resetsAt }: Usage): AccountEvent => ({
  level: 'warn',
  text: sentence`${used} of the ${budget.limit} requests ${budgetPhrase(budget)} are used; the rest must last until ${time(resetsAt)}`,
})

/** Part of a day's or month's limit from which its users are warned. */
export const WARN_AT = 0.8

/** The same in few words, for a status. */
export const quotaUsed = (budget: Budget, { used }: Usage): Sentence =>
  sentence`${Math.floor((100 * used) / budget.limit)} % of ${budget.limit} requests ${budgetPhrase(budget)} used`

/** @param what is counted, such as `Hosted devices` */
export const countFailed = (what: string, reason: Sentence): AccountEvent => ({
  level: 'warn',
  text: sentence`the ${formText(what)} could not be counted, so the limits are those known before, or of one: ${reason}`,
})

/** @param reason the end of a sentence with what to do */
export const countsNotKept = (place: string, reason: Sentence): AccountEvent => ({
  level: 'warn',
  text: sentence`the used requests of the day or month cannot be kept in ${place} and are lost with a restart: ${reason}`,
})
