/** How a call is made, and how one of its requests differs from the others. */

export interface CallOptions {
  signal: AbortSignal
  /** `_msgid` of the message that makes the call. */
  msgid?: string | undefined
  /** Told how long a request waits for a budget, in ms. */
  onWait?(ms: number): void
  onProgress?(text: string): void
  /** ms from now after which a command that still waits is not sent any more. */
  ttl?: number
  /** Asks the vendor even where a cache has an answer. A request that is in flight may still be shared. */
  fresh?: boolean
  /** Fails with the first failure instead of trying again: somebody waits for the answer. */
  noRetry?: boolean
  /** Refuses every request but GET, whatever the account's route says. */
  getOnly?: boolean
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
