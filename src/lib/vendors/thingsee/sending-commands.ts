/** Checks and completes commands before they are sent, and finds their responses among the messages of the thing. */
import { isRecord } from '../../base/foreign'
import { randomInt } from 'node:crypto'
import * as v from 'valibot'
import { type FieldError, ParamError, describe, isAbsent, readFields, wire } from '../../vocabulary/validation'
import { sentence, type Sentence } from '../../base/sentence'
import type { Progress } from '../../vocabulary/operation'
import { answersOf, COMMAND_KINDS, DOCUMENTED, eventOf, HEADER, TRANSACTION_END, type Answer } from './command-catalogue'
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
  if (commands.length === 0) throw new ParamError((label) => sentence`"${label('commands')}" is an empty list; give at least one command`)
  const checked = commands.map((command, index) => checkedCommand(command, index + 1))
  const taken = new Set(checked.map(({ transactionId }) => transactionId))
  return readCommands(checked.map((command) => ({ ...command, transactionId: command.transactionId ?? freeTransaction(taken) })))
}

function checkedCommand(command: unknown, position: number): Record<string, unknown> {
  if (!isRecord(command))
    throw new ParamError((label) => sentence`"${label('commands')}": command ${position} must be an object such as {"tsmId": 1500}, not ${describe(command)}`)
  const fail = (name: string, error: FieldError): never => {
    const kind = typeof command.tsmId === 'number' ? `${position} (tsmId ${command.tsmId})` : position
    throw new ParamError((label) => sentence`"${label('commands')}": ${name} of command ${kind} ${error.sentence}`)
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

/** Warnings: commands that the vendor's text does not allow, and answers that cannot be told apart. */
export function warningsOf(commands: readonly Command[]): Sentence[] {
  const unusual = [...new Set(commands.map(({ tsmId }) => tsmId))].filter((id) => !DOCUMENTED.includes(id))
  const transactions = new Set(commands.map(({ transactionId }) => transactionId))
  return [
    ...unusual.map((id) => sentence`Haltian documents only commands with tsmId ${DOCUMENTED.join(', ')}; the cloud may reject tsmId ${id}`),
    ...(transactions.size < commands.length ? [sentence`several commands have the same transactionId, so their responses cannot be matched; give each command its own transactionId`] : []),
  ]
}

/** Clocks of device and cloud differ by less than this, ms. */
const CLOCK_MARGIN = 60_000
/** How far to look back, in ms, when the cloud has not said when it took the commands. */
const LOOK_BACK = 600_000
/** Answers of other commands may stand between ours. */
const LOOKED_AT = 50

/** Epoch ms from which on the answers can have come. */
function answersFrom(sent: SentCommands): number {
  const times = (sent?.commands ?? []).flatMap(({ tsmTs }) => tsmTs ?? [])
  return times.length === 0 ? Date.now() - LOOK_BACK : times.reduce((least, at) => Math.min(least, at)) * 1000 - CLOCK_MARGIN
}

interface Expected {
  command: Command
  /** Any of them ends it. */
  answers: readonly Answer[]
}

/** Params that find the answers among the messages of a thing: by tsmEv or by tsmId, whichever all of them have. */
function answersWanted(expected: readonly Expected[]): { eventIds?: string[]; messageIds?: string[] } {
  const answers = expected.flatMap((one) => one.answers)
  const events = answers.flatMap(({ tsmEv }) => tsmEv ?? [])
  const ids = answers.flatMap(({ tsmId }) => tsmId ?? [])
  const unique = (numbers: readonly number[]): string[] => [...new Set(numbers.map(String))]
  if (events.length === answers.length) return { eventIds: unique(events) }
  return ids.length === answers.length ? { messageIds: unique(ids) } : {}
}

const isAnswer = (message: Message, { command, answers }: Expected): boolean =>
  answers.some(
    ({ tsmId, tsmEv, hasTransaction }) =>
      (tsmId ?? message.tsmId) === message.tsmId &&
      (tsmEv ?? message.tsmEv) === message.tsmEv &&
      (!hasTransaction || message.transactionId === command.transactionId),
  )

/** The thing's messages of these params. */
export type ReadMessages = (params: { from: number; limit: number; eventIds?: string[]; messageIds?: string[] }) => Promise<readonly Message[]>

/** Looks once for the answers to sent commands. Ends at once where the vendor describes none. */
export async function answersTo(commands: readonly Command[], sent: SentCommands, read: ReadMessages): Promise<Progress> {
  const all = commands.map((command) => ({ command, answers: answersOf(command) }))
  const expected = all.filter(({ answers }) => answers.length > 0)
  const unanswered = all.filter(({ answers }) => answers.length === 0)
  const note = unanswered.length > 0 ? { note: noAnswer(unanswered.map(({ command }) => command)) } : {}
  if (expected.length === 0) return { data: sent, state: '0 of 0', ended: true, ...note }
  const messages = await read({ ...answersWanted(expected), from: answersFrom(sent), limit: Math.max(LOOKED_AT, 2 * commands.length) })
  const answers = messages.filter((message) => expected.some((one) => isAnswer(message, one)))
  const found = expected.filter((one) => answers.some((message) => isAnswer(message, one)))
  return { data: answers, state: `${found.length} of ${expected.length}`, ended: found.length === expected.length, ...note }
}

function noAnswer(commands: readonly Command[]): Sentence {
  const ids = [...new Set(commands.map(({ tsmId }) => tsmId))].join(', ')
  return sentence`the cloud accepted the commands; Haltian documents no response to tsmId ${ids}, so the node does not wait for one`
}
