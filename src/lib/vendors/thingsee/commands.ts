/** Commands on their way out: checked and completed, and their answers found among a thing's messages. */
import { isRecord } from '../../base/foreign'
import { randomInt } from 'node:crypto'
import * as v from 'valibot'
import { FieldError, describe, isAbsent, readFields } from '../../vocabulary/validation'
import { sentence, type Sentence } from '../../base/sentence'
import type { Progress } from '../../vocabulary/operation'
import { wire } from '../../vocabulary/wire'
import { answerEventOf, COMMAND_KINDS, DOCUMENTED, eventOf, HEADER, TRANSACTION_END } from './command-kinds'
import type { Message } from './wire'

const outgoing = v.array(v.looseObject({ tsmId: v.number(), tsmEv: v.number(), transactionId: v.number() }))
const readCommands = wire(outgoing)

export type Command = v.InferOutput<typeof outgoing>[number]

/** The answer to sent commands; a success may have no body at all [H4]. */
export const sentCommands = wire(
  v.nullable(
    v.looseObject({
      responsible: v.nullish(v.string()),
      commands: v.optional(v.array(v.looseObject({ tsmTs: v.nullish(v.number()) })), []),
    }),
  ),
)

export type SentCommands = ReturnType<typeof sentCommands>

/** Commands that `completed` has made. */
export const commandsOf = (commands: unknown): Command[] => readCommands(commands)

/**
 * The commands as the vendor wants them: an array, each with its event and a transactionId by which its answer is found.
 * @param given one command or an array
 * @throws FieldError naming the command and the property that is wrong
 */
export function completed(given: unknown): Command[] {
  const commands: unknown[] = Array.isArray(given) ? given : [given]
  if (commands.length === 0) throw new FieldError(sentence`param "commands" is an empty array; give at least one command`)
  const checked = commands.map((command, index) => checkedCommand(command, index + 1))
  const taken = new Set(checked.map(({ transactionId }) => transactionId))
  return readCommands(checked.map((command) => ({ ...command, transactionId: command.transactionId ?? freeTransaction(taken) })))
}

function checkedCommand(command: unknown, position: number): Record<string, unknown> {
  if (!isRecord(command))
    throw new FieldError(sentence`param "commands": command ${position} must be an object such as {"tsmId": 1500}, not ${describe(command)}`)
  const fail = (name: string, error: FieldError): never => {
    const kind = typeof command.tsmId === 'number' ? `${position} (tsmId ${command.tsmId})` : position
    throw new FieldError(sentence`param "commands": ${name} of command ${kind} ${error.sentence}`)
  }
  const header = readFields(HEADER, isAbsent(command.tsmEv) ? { ...command, tsmEv: eventOf(Number(command.tsmId)) } : command, fail)
  const fields = COMMAND_KINDS[Number(header.tsmId)]?.fields ?? {}
  return { ...command, ...header, ...readFields(fields, command, fail) }
}

function freeTransaction(taken: Set<unknown>): number {
  for (;;) {
    const id = randomInt(0, TRANSACTION_END)
    if (taken.has(id)) continue
    taken.add(id)
    return id
  }
}

/** What is doubtful about commands: kinds that the vendor's text does not allow, and answers that cannot be told apart. */
export function doubts(commands: readonly Command[]): Sentence[] {
  const unusual = [...new Set(commands.map(({ tsmId }) => tsmId))].filter((id) => !DOCUMENTED.includes(id))
  const transactions = new Set(commands.map(({ transactionId }) => transactionId))
  return [
    ...unusual.map((id) => sentence`tsmId ${id} is not among the commands that Haltian's text allows (${DOCUMENTED.join(', ')}); the cloud may refuse it`),
    ...(transactions.size < commands.length ? [sentence`several commands have the same transactionId, so their answers cannot be told apart`] : []),
  ]
}

/** Clocks of device and cloud differ by less than this, ms. */
const CLOCK_MARGIN = 60_000
/** How far to look back, in ms, when the cloud has not said when it took the commands. */
const LOOK_BACK = 600_000

/** Epoch ms from which on the answers can have come. */
export function answersFrom(sent: SentCommands): number {
  const times = (sent?.commands ?? []).flatMap(({ tsmTs }) => tsmTs ?? [])
  return times.length === 0 ? Date.now() - LOOK_BACK : times.reduce((one, other) => Math.min(one, other)) * 1000 - CLOCK_MARGIN
}

/** tsmEv of the messages that answer these commands, such as one with the configuration that has come about [H1, H2]. */
export const answerEvents = (commands: readonly Command[]): string[] => [...new Set(commands.map(({ tsmEv }) => String(answerEventOf(tsmEv))))]

/** How many of the commands have their answer among the messages. */
export function answered(commands: readonly Command[], messages: readonly Message[]): Progress {
  const wanted = new Set(commands.map(({ transactionId }) => transactionId))
  const answers = messages.filter((message) =>
    commands.some(({ tsmEv, transactionId }) => message.tsmEv === answerEventOf(tsmEv) && message.transactionId === transactionId),
  )
  const found = new Set(answers.map(({ transactionId }) => transactionId))
  return { data: answers, state: `${found.size} of ${wanted.size}`, ended: found.size === wanted.size }
}
