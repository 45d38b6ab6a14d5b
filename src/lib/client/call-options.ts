/** How a call is made, how one of its requests differs from the others, and what a write gives. */
import type { Sentence } from '../base/sentence'
import type { Progress } from '../vocabulary/operation'
import type { FieldError } from '../vocabulary/validation'

export interface CallOptions {
  signal: AbortSignal
  /** `_msgid` of the message that makes the call. */
  msgid?: string | undefined
  /** Told how long a request waits for a budget, in ms. */
  onWait?(ms: number): void
  onProgress?(text: string): void
  /** What errors call it, where that is not the title of its operation. */
  title?: Sentence
  /** ms from now after which a command that still waits is not sent any more. */
  ttl?: number
  /** Why a param has no value, such as the property that the message lacks: the end of a sentence after its label. */
  absence?(name: string, value: unknown): FieldError | undefined
  /**
   * Asks the vendor even where a cache has an answer. A request that is in flight may still be shared. `own`: only for
   * the operation itself, not for others that it reads first.
   */
  fresh?: boolean | 'own'
  /** Fails with the first failure instead of trying again: somebody waits for the answer. */
  noRetry?: boolean
  /** Refuses every request but GET, whatever the account's route says. */
  getOnly?: boolean
  /** Called when a request may leave, before each attempt. What it throws ends the call, and the request is not sent. */
  beforeSend?(): void
  /** Whether pages carry readings, where the operation can make them; default true. */
  readings?: boolean
  /** Whether a read may pass others, and use what is kept for commands. */
  urgent?: boolean
}

/** How one request of a call differs from others of its operation. */
export interface RequestOptions {
  /** Constant query values beside the operation's own. */
  query?: Readonly<Record<string, string>> | undefined
  fresh?: boolean | undefined
}

/** What a write did. */
export interface Written {
  data: unknown
  /** Set when nothing was sent, because what it would create exists. */
  existing: boolean
  warnings: Sentence[]
  /** Polls once the process that the write began; undefined when it began none. Failures go through `explained`. */
  poll?: () => Promise<Progress | undefined>
}
