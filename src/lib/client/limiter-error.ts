import { sentence, type Sentence, SentenceError } from '../sentence'
import type { Outage } from './breaker'
import type { Budget, Priority, Usage } from './window'

const count = (value: number): string => value.toLocaleString('en-US')

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
    const message = `${count(maxQueue)} requests already wait for the limits of the account; send fewer, or spread them over time`
    return new LimiterError('RATE_LIMITED', message)
  }

  static spent(budget: Budget, { resetsAt }: Usage, priority: Priority): LimiterError {
    const reset = new Date(resetsAt).toISOString()
    const kept = priority === 'read' && budget.reserve ? `, of which ${count(budget.reserve)} are kept for commands,` : ''
    const message = `the ${count(budget.limit)} requests ${budget.name}${kept} are spent; wait until ${reset}, or ask less often`
    return new LimiterError('QUOTA', message, resetsAt)
  }

  static nothingAllowed(budget: Budget): LimiterError {
    return new LimiterError('QUOTA', sentence`the account allows no requests ${budget.name}; check the limits in the account`)
  }
}
