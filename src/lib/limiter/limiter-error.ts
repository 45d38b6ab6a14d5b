import { sentence, SentenceError, type Sentence } from '../base/sentence'
import { budgetPhrase, type Budget, type Priority } from '../vocabulary/budget'
import type { Outage } from './circuit-breaker'

type LimiterErrorCode = 'QUOTA' | 'RATE_LIMITED' | 'NETWORK' | 'CLOSED'

/** Why the limiter refuses a request. The message ends with what to do. */
export class LimiterError extends SentenceError {
  readonly code: LimiterErrorCode
  /** Epoch ms at which the spent budget resets; only with QUOTA. */
  readonly resetsAt?: number

  constructor(code: LimiterErrorCode, text: Sentence, resetsAt?: number) {
    super(text)
    this.name = 'LimiterError'
    this.code = code
    if (resetsAt !== undefined) this.resetsAt = resetsAt
  }

  static closed(): LimiterError {
    return new LimiterError('CLOSED', sentence`the account was closed or redeployed while the request waited; send it again`)
  }

  static unavailable({ since, cause }: Outage): LimiterError {
    const text = sentence`the cloud has been unavailable since ${new Date(since).toISOString()} (${cause}); try again when it is available`
    return new LimiterError('NETWORK', text)
  }

  static queueFull(maxQueue: number): LimiterError {
    const text = sentence`the queue of the account is full: ${maxQueue} requests wait for its limits; send fewer, or spread them over time`
    return new LimiterError('RATE_LIMITED', text)
  }

  /** @param resetsAt epoch ms */
  static spent(budget: Budget, resetsAt: number, priority: Priority): LimiterError {
    const reset = new Date(resetsAt).toISOString()
    const { limit, reserve } = budget
    const period = budgetPhrase(budget)
    const text =
      priority === 'read' && reserve
        ? sentence`the ${limit} requests ${period} are used up, except ${reserve} that are reserved for commands; wait until ${reset}, or send requests less often`
        : sentence`the ${limit} requests ${period} are used up; wait until ${reset}, or send requests less often`
    return new LimiterError('QUOTA', text, resetsAt)
  }

  static nothingAllowed(budget: Budget): LimiterError {
    return new LimiterError('QUOTA', sentence`the account allows no requests ${budgetPhrase(budget)}; check the limits in the account`)
  }
}
