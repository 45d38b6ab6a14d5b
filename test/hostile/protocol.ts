/** What the suite asks of the Node-RED under attack, and what it answers. Both ends are on one machine: JSON over IPC. */
import type { Blocks } from './loop-watch'

export type Command =
  /** Deploys a flow; a node may carry `credentials`. In another user directory its accounts find other stores. */
  | { name: 'deploy'; flow: readonly object[]; userDir?: string }
  /** Sends a message into a node, and waits for nothing. */
  | { name: 'inject'; node: string; message: MessageSource }
  /** Sends a message into a node, and waits until the node has answered for it. */
  | { name: 'run'; node: string; message: MessageSource; secrets?: readonly string[] }
  /** Sends messages of chance into a node for so many ms. */
  | { name: 'fuzz'; node: string; ms: number; seed: number }
  /** Waits until an event node shows no request in flight. */
  | { name: 'settled'; node: string }
  /** How many messages came out of a node, and what the last ones said. */
  | { name: 'sent'; node: string }
  /** Begins to watch the event loop. */
  | { name: 'watch' }
  | { name: 'report' }
  | { name: 'ping' }
  /** Harms the process on purpose, to see that the suite notices. */
  | { name: 'harm'; how: Harm }

export type Harm = 'block' | 'wait' | 'reject' | 'throw' | 'exit' | 'memory' | 'hang'

/** Messages that JSON cannot carry are made in the process, by name. */
export type MessageSource = { json: Readonly<Record<string, unknown>> } | { made: string }

/** What became of one message. */
export interface Outcome {
  sent: number
  completed: number
  caught: { code: string | undefined; message: string }[]
  /** Errors of the node that only the log shows, as for a message that cannot be copied. */
  logged: string[]
  /** What is not as the contract says in what was sent. */
  misshapen: string[]
  /** Secrets that were seen in errors, in responses, or in the log. */
  leaked: string[]
}

/** What chance found in so many runs. */
export interface FuzzLine {
  what: string
  runs: number
  /** With the seed, and with the smallest value that shows it. */
  failure?: string
}

export interface Report {
  blocks: Blocks
  /** Rejections that nobody handled, and errors that nobody caught. */
  faults: string[]
}

export interface Answers {
  deploy: null
  inject: null
  run: Outcome
  settled: null
  fuzz: FuzzLine
  sent: { count: number; last: string }
  watch: null
  report: Report
  ping: 'pong'
  harm: null
}

export interface Request {
  id: number
  command: Command
}

export type Response = { id: number; answer: Answers[Command['name']] } | { id: number; error: string }

/** Sent once, when Node-RED is up. */
export interface Ready {
  /** Of the HTTP nodes; the admin API is below `/admin`. */
  origin: string
}
