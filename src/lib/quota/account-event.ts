/** Events of an account. Each is one line in the log, apart from the responses and errors of requests. */
import { formText, sentence, type Sentence } from '../base/sentence'
import type { Outage } from '../limiter/circuit-breaker'
import { budgetPhrase, type Budget, type Usage } from '../vocabulary/budget'

export interface AccountEvent {
  level: 'warn' | 'log'
  /** One sentence without a secret. */
  text: Sentence
}

const isoTime = (epoch: number): string => new Date(epoch).toISOString()

export const outageBegan = ({ since, cause }: Outage): AccountEvent => ({
  level: 'warn',
  text: sentence`the cloud has been unavailable since ${isoTime(since)} (${cause}); until it is available again, reads fail and commands wait for up to two minutes`,
})

export const outageEnded = ({ since, cause }: Outage): AccountEvent => ({
  level: 'log',
  text: sentence`the cloud is available again; the outage began at ${isoTime(since)} (${cause})`,
})

export const quotaNearlySpent = (budget: Budget, { used, resetsAt }: Usage): AccountEvent => ({
  level: 'warn',
  text: sentence`${used} of the ${budget.limit} requests ${budgetPhrase(budget)} are used; the rest must last until ${isoTime(resetsAt)}`,
})

/** Part of a day's or month's limit from which its users are warned. */
export const WARN_AT = 0.8

/** What is used of a budget, in few words for a status. */
export const quotaUsed = (budget: Budget, { used }: Usage): Sentence =>
  sentence`${Math.floor((100 * used) / budget.limit)} % of ${budget.limit} requests ${budgetPhrase(budget)} used`

/** @param what is counted, such as `Hosted devices` */
export const countFailed = (what: string, reason: Sentence): AccountEvent => ({
  level: 'warn',
  text: sentence`${formText(what)} could not be counted; the last known limits apply, or those of one device: ${reason}`,
})

/** @param place of the store; @param reason the end of a sentence with what to do */
export const countsNotSaved = (place: string, reason: Sentence): AccountEvent => ({
  level: 'warn',
  text: sentence`the daily or monthly request count cannot be saved in ${place}, so a restart loses it: ${reason}`,
})
