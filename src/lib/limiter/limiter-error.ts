import { sentence, SentenceError, type Sentence } from '../base/sentence'
import { budgetPhrase, type Budget, type Priority } from '../vocabulary/budget'
import type { Outage } from './circuit-breaker'

type LimiterErrorCode = 'QUOTA' | 'RATE_LIMITED' | 'NETWORK' | 'CLOSED'

/** Why the limiter does not let a request go. The message ends with what to do. */
export class LimiterError extends SentenceError {
  readonly code: LimiterErrorCode
  /** Epoch ms at which the spent budget begins anew; only with QUOTA. */
  readonly resetsAt?: number

  constructor(code: LimiterErrorCode, said: Sentence, resetsAt?: number) {
    super(said)
    this.name = 'LimiterError'
    this.code = code
    if (resetsAt !== undefined) this.resetsAt = resetsAt
  }

  static closed(): LimiterError {
    return new LimiterError('CLOSED', sentence`the account was closed or deployed anew while the request waited; send it again`)
  }

  static away({ since, cause }: Outage): LimiterError {
    return new LimiterError('NETWORK', sentence`the cloud has been away since ${new Date(since).toISOString()} (${cause}); try again when it is back`)
  }

  static full(maxQueue: number): LimiterError {
    const said = sentence`${maxQueue} requests already wait for the limits of the account; send fewer, or spread them over time`
    return new LimiterError('RATE_LIMITED', said)
  }

  static spent(budget: Budget, resetsAt: number, priority: Priority): LimiterError {
    const reset = new Date(resetsAt).toISOString()
    const { limit } = budget
    const period = budgetPhrase(budget)
    const said =
      priority === 'read' && budget.reserve
        ? sentence`the ${limit} requests ${period}, of which ${budget.reserve} are kept for commands, are spent; wait until ${reset}, or ask less often`
        : sentence`the ${limit} requests ${period} are spent; wait until ${reset}, or ask less often`
    return new LimiterError('QUOTA', said, resetsAt)
  }

  static nothingAllowed(budget: Budget): LimiterError {
    return new LimiterError('QUOTA', sentence`the account allows no requests ${budgetPhrase(budget)}; check the limits in the account`)
  }
}
