/** Events of an account. Each is one line in the log, apart from the responses and errors of requests. */
import { formText, sentence, type Sentence } from '../base/sentence'
import { localTime } from '../base/time'
import type { Outage } from '../limiter/circuit-breaker'
import { budgetPhrase, limitPhrase, type Budget, type Usage } from '../vocabulary/budget'

export interface AccountEvent {
  level: 'warn' | 'log'
  /** One sentence without a secret. */
  text: Sentence
}

export const outageBegan = ({ since, cause }: Outage): AccountEvent => ({
  level: 'warn',
  text: sentence`the cloud has been unreachable since ${localTime(since)} (${cause}); until it can be reached again, reads fail and commands wait for up to two minutes`,
})

export const outageEnded = ({ since, cause }: Outage): AccountEvent => ({
  level: 'log',
  text: sentence`the cloud can be reached again; the outage began at ${localTime(since)} (${cause})`,
})

export const quotaNearlySpent = (budget: Budget, { used, resetsAt }: Usage): AccountEvent => ({
  level: 'warn',
  text: sentence`${limitPhrase(budget)} is ${percentOf(budget, used)} % used; the rest must last until ${localTime(resetsAt)}. Trigger the nodes of this account less often`,
})

const percentOf = ({ limit }: Budget, used: number): number => Math.floor((100 * used) / limit)

/** Part of a day's or month's limit from which its users are warned. */
export const WARN_AT = 0.8

/** What is used of a budget, in few words for a status. */
export function quotaUsed(budget: Budget, { used }: Usage): Sentence {
  const percent = percentOf(budget, used)
  if (budget.window === 'day') return sentence`daily limit ${percent} % used`
  return budget.window === 'month' ? sentence`monthly limit ${percent} % used` : sentence`limit ${budgetPhrase(budget)} ${percent} % used`
}

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
