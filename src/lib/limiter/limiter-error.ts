import { sentence, SentenceError, type Sentence } from '../base/sentence'
import { localTime } from '../base/time'
import { budgetPhrase, limitPhrase, type Budget, type Priority } from '../vocabulary/budget'
import type { Outage } from './circuit-breaker'

type LimiterErrorCode = 'QUOTA' | 'RATE_LIMITED' | 'NETWORK' | 'CLOSED'

/** Why the limiter refuses a request. The message ends with what to do. */
export class LimiterError extends SentenceError {
  readonly code: LimiterErrorCode
  /** Epoch ms at which the spent budget resets; only with QUOTA. */
  readonly resetsAt: number | undefined
  /** What happened in a few words, for the status of a node. */
  readonly summary: Sentence | undefined

  constructor(code: LimiterErrorCode, text: Sentence, { resetsAt, summary }: { resetsAt?: number; summary?: Sentence } = {}) {
    super(text)
    this.name = 'LimiterError'
    this.code = code
    this.summary = summary
    this.resetsAt = resetsAt
  }

  static closed(): LimiterError {
    return new LimiterError('CLOSED', sentence`the account was closed by a deploy while the request waited; send the message again`)
  }

  static unavailable({ since, cause }: Outage): LimiterError {
    const text = sentence`the cloud has been unreachable since ${localTime(since)} (${cause}); try again later`
    return new LimiterError('NETWORK', text, { summary: sentence`cloud unreachable since ${localTime(since)}` })
  }

  static queueFull(maxQueue: number): LimiterError {
    const text = sentence`the queue of the account is full: ${maxQueue} requests wait for its limits; trigger its nodes less often`
    return new LimiterError('RATE_LIMITED', text, { summary: sentence`too many requests wait` })
  }

  /** @param resetsAt epoch ms */
  static spent(budget: Budget, resetsAt: number, priority: Priority): LimiterError {
    const reset = localTime(resetsAt)
    const { reserve } = budget
    const limit = limitPhrase(budget)
    const text =
      priority === 'read' && reserve
        ? sentence`${limit} is used up until ${reset}, except ${reserve} that are reserved for commands; trigger the nodes of this account less often`
        : sentence`${limit} is used up until ${reset}; trigger the nodes of this account less often`
    return new LimiterError('QUOTA', text, { resetsAt, summary: spentSummary(budget, reset) })
  }

  static nothingAllowed(budget: Budget): LimiterError {
    return new LimiterError('QUOTA', sentence`the account allows no requests ${budgetPhrase(budget)}; check the limits in the account`, { summary: sentence`limit of 0 requests` })
  }
}

/** @param reset the time for people */
export function spentSummary({ window }: Budget, reset: string): Sentence {
  if (window === 'day') return sentence`daily limit used up until ${reset}`
  return window === 'month' ? sentence`monthly limit used up until ${reset}` : sentence`limit used up until ${reset}`
}
