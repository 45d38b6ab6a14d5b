/** The limits of a vendor, what has been used of them, and the default rate where a vendor documents no limit. */
import { sentence, verbatim, type Sentence } from '../base/sentence'
import { number, type Evidence } from './operation'

/** A vendor's limit, as it stands in the vendor's folder. */
export interface Budget {
  /** Shown to users: 'per second', 'per day'. Unique among the budgets of an account with the same scope. */
  name: string
  /** Requests in the window. May change at any time; the used requests stay counted. */
  limit: number
  /** Ms of a sliding window, or a calendar period in UTC. */
  window: number | Period
  /** `device`: each device has a window of its own; requests without a device are not charged. */
  scope: 'account' | 'device'
  /** So many requests at the end of a day's or month's limit are reserved for commands; default 0. */
  reserve?: number
  /** What shows that the vendor has this limit; without a documented or seen one it is our caution. */
  evidence?: Evidence
}

/** Whether a budget is of calendar periods, whose counts must survive a restart. */
export const isCalendar = ({ window }: Pick<Budget, 'window'>): boolean => typeof window !== 'number'

/** A calendar period in UTC. */
export type Period = 'day' | 'month'

/** Commands start before reads. */
export type Priority = 'command' | 'read'

/** What remains of a budget. */
export interface BudgetState {
  name: string
  limit: number
  remaining: number
  /** Epoch ms at which the whole limit is available again if nothing more is sent. */
  resetsAt: number
}

/** What has been used of a budget. */
export interface Usage {
  used: number
  /** Epoch ms at which all of it is available again if nothing more is sent. */
  resetsAt: number
}

/** A budget as the subject of a sentence: `the daily limit of 1000 requests`. */
export function limitPhrase(budget: Pick<Budget, 'limit' | 'name' | 'window'>): Sentence {
  const { limit, window } = budget
  if (window === 'day') return sentence`the daily limit of ${limit} requests`
  if (window === 'month') return sentence`the monthly limit of ${limit} requests`
  return sentence`the limit of ${limit} requests ${budgetPhrase(budget)}`
}

const KNOWN_NAMES = [sentence`per second`, sentence`per minute`, sentence`per day`, sentence`per month`] as const

/** The end of a phrase that begins with a number of requests: `per day`. Known names can be translated. */
export function budgetPhrase({ name, window }: Pick<Budget, 'name' | 'window'>): Sentence {
  const inSeconds = sentence`in ${Number(window) / 1000} seconds`
  return [...KNOWN_NAMES, inSeconds].find((phrase) => String(phrase) === name) ?? verbatim(name)
}

const CAUTION: Evidence = { unverified: 'The vendor documents no limit; this one is caution.' }

/**
 * The setting `requestsPerSecond` of an account, and the budget that follows from it.
 * @param usual requests a second where the account says nothing
 */
export const cautiousRate = (usual: number) => ({
  setting: number({
    in: 'none',
    label: 'Requests a second',
    help: 'Give the maximum number of requests a second. The vendor documents no limit, so the default is a precaution.',
    required: false,
    default: usual,
    min: 0.01,
    max: 1000,
  }),
  /** One budget; with less than one request a second, or a fraction, its window is longer than a second. */
  budgets({ requestsPerSecond: given }: Readonly<Record<string, unknown>>): readonly Budget[] {
    const rate = typeof given === 'number' ? given : usual
    const limit = Math.max(1, Math.floor(rate))
    const window = Math.round((1000 * limit) / rate)
    return [{ name: window === 1000 ? 'per second' : `in ${window / 1000} seconds`, limit, window, scope: 'account', evidence: CAUTION }]
  },
})

/** The rate of most vendors. */
export const { setting: requestsPerSecond, budgets: defaultRate } = cautiousRate(5)
