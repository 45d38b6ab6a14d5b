import { Refusal } from '../route'
import type { Thing } from './things'

/** U in the vendor's text: this simulator's choices. */
export interface ThingseeChoices {
  /** sort order of messages */
  order: 'newest-first' | 'oldest-first'
  /** most messages in one answer, whatever the limit asks for */
  messagesMaximum: number
  /** most commands in one answer */
  commandsMaximum: number
  /** which end of a period is left out where it holds more than the limit */
  leavesOut: 'oldest' | 'newest'
  /** whether now and then a measurement fails: 24100 `status` -1, 17200 `status` not 0 [H2] */
  failures: boolean
  /** duplicates and swapped neighbours, as they happen live [H6] */
  disorder: boolean
  /** seconds (and up to half a second more) until a command is answered by a message */
  answerDelay: number
  /** tsmIds that POST commands takes; null = any. Default: the text's four, its own sample, and what Toolbox posts [H0, H4]. */
  allowedCommands: number[] | null
  /** 401 as `{"message"}` only, the AWS API Gateway form (INF), instead of `{"statusCode","error","message"}` [H4] */
  gatewayErrors: boolean
}

export interface ThingseeState {
  choices: ThingseeChoices
  /** client id -> secret */
  clients: Map<string, string>
  /** token -> epoch ms of its end; "multiple simultaneous tokens" [H0] */
  tokens: Map<string, number>
  tokensIssued: number
  /** who made a change, in answers */
  responsible: string
  things: Map<string, Thing>
  /** group id -> description */
  groups: Map<string, string | null>
}

/** Throws 404 "Not Found", which means an unknown device [H4]. */
export function thingIn(state: ThingseeState, tuid: string): Thing {
  const thing = state.things.get(tuid)
  if (!thing) throw new Refusal(404, `Thing not found: ${tuid}`)
  return thing
}
