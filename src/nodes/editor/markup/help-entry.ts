/** The elements of every node's help. Texts are html. */
export interface HelpEntry {
  name: string
  optional?: boolean
  type: string
  text: string
  /** What applies when it is not given. */
  default?: string
}

/** An error code with its meaning. */
export const code = (name: string, text: string): HelpEntry => ({ name, type: 'code', text })

/** Errors of every node that calls a vendor. */
export const commonCodes: readonly HelpEntry[] = [
  code('CONFIG', 'The node or its account is not complete.'),
  code('INVALID', 'A param is missing or wrong, or the cloud rejected the request.'),
  code('AUTH', 'The cloud rejected the credentials.'),
  code('FORBIDDEN', 'The account has no permission for this.'),
  code('NOT_FOUND', 'The cloud does not know the id.'),
  code('CONFLICT', 'The request conflicts with existing data.'),
  code('RATE_LIMITED', 'The cloud still responds "too many requests" after the retries.'),
  code('QUOTA', 'A daily or monthly limit is used up. The message says when it resets.'),
  code('TIMEOUT', 'No response in time.'),
  code('NETWORK', 'The cloud could not be reached.'),
  code('VENDOR', 'The cloud failed (5xx).'),
  code('PROTOCOL', 'The response has an unexpected format.'),
  code('CLOSED', 'The flow was stopped or deployed again in the meantime.'),
]
