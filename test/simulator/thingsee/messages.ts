import type { VendorContext } from '../interface'
import type { Handler, Routes } from '../route'
import { Refusal } from '../route'
import type { SimulatorRequest } from '../request'
import { commaList, isRecord, jsonBody } from '../request'
import { hash } from '../signal'
import type { StampedMessage, ThingseeMessage } from './catalogue'
import { generatedMessages, propertiesOf } from './catalogue'
import type { ThingseeState } from './state'
import { thingIn } from './state'
import type { Thing, ThingCommand } from './things'

interface Filter {
  /** epoch ms */
  from: number
  to: number
  passes: (message: ThingseeMessage) => boolean
}

export function secondsParameter(query: URLSearchParams, name: string): number | null {
  const text = query.get(name)
  if (text === null || text === '') return null
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new Refusal(400, `${name} must be a Unix timestamp`)
  return Number(text) * 1000
}

function idsParameter(query: URLSearchParams, name: string): Set<number> | null {
  const items = commaList(query.get(name))
  if (!items) return null
  if (items.some((item) => !/^\d+$/.test(item))) throw new Refusal(400, `${name} must be a comma-separated list of numbers`)
  return new Set(items.map(Number))
}

/** U: are from and to inclusive? Here both are; with no `from`, 30 days back from the end. */
function filterOf(query: URLSearchParams, now: number): Filter {
  const ids = idsParameter(query, 'messageid')
  const events = idsParameter(query, 'eventid')
  const to = secondsParameter(query, 'to') ?? now
  return {
    to,
    from: secondsParameter(query, 'from') ?? to - 30 * 86_400_000,
    passes: (message) => (!ids || ids.has(Number(message['tsmId']))) && (!events || events.has(Number(message['tsmEv']))),
  }
}

function limitParameter(query: URLSearchParams): number | null {
  const text = query.get('limit')
  if (text === null || text === '') return null
  if (!/^\d+$/.test(text)) throw new Refusal(400, 'limit must be a number')
  return Number(text)
}

/** Duplicates every seventh message and swaps neighbours: both happen live [H6]. */
function disordered(messages: StampedMessage[]): StampedMessage[] {
  const doubled = messages.flatMap((message, index) => index % 7 === 3 ? [message, message] : [message])
  return doubled.map((message, index) => doubled[index % 2 === 0 ? index + 1 : index - 1] ?? message)
}

function messagesOf(state: ThingseeState, context: VendorContext, thing: Thing, filter: Filter, limit: number): ThingseeMessage[] {
  const until = Math.min(filter.to, context.now())
  const arranged = thing.messages.filter(({ at, message }) => at >= filter.from && at <= until && filter.passes(message))
  const wanted = state.choices.leavesOut === 'oldest' ? limit : Infinity
  const range = { from: Math.max(filter.from, context.startedAt - 90 * 86_400_000), to: until, limit: wanted }
  const { failures } = state.choices
  const generated = thing.generated ? generatedMessages({ ...thing, failures }, range, context.interval, filter.passes) : []
  const all = [...arranged, ...generated].sort((left, right) => right.at - left.at)
  const newest = state.choices.leavesOut === 'oldest' ? all.slice(0, limit) : all.slice(-limit)
  if (state.choices.order === 'oldest-first') newest.reverse()
  const ordered = state.choices.disorder ? disordered(newest) : newest
  return ordered.map(({ message }) => ({ ...message, deploymentGroupId: thing.groupId }))
}

function getMessages(state: ThingseeState, context: VendorContext): Handler {
  return (request, tuid = '') => {
    const thing = thingIn(state, tuid)
    const limit = limitParameter(request.query)
    // "limit (number, required)" [H0]; U: what 0 means here. Refused, since nothing could be meant by it.
    if (limit === null || limit === 0) throw new Refusal(400, 'limit is required')
    const filter = filterOf(request.query, context.now())
    return { status: 200, json: { data: messagesOf(state, context, thing, filter, Math.min(limit, state.choices.messagesMaximum)) } }
  }
}

/** Chronological [H0]; limit=0 returns all [H4]. U: a limit takes the newest. */
function getCommands(state: ThingseeState, context: VendorContext): Handler {
  return (request, tuid = '') => {
    const thing = thingIn(state, tuid)
    const limit = limitParameter(request.query)
    const filter = filterOf(request.query, context.now())
    const fits = ({ timestamp, command }: ThingCommand): boolean => (
      timestamp * 1000 >= filter.from && timestamp * 1000 <= filter.to && filter.passes(command))
    const rows = thing.commands.filter(fits)
    return { status: 200, json: { data: rows.slice(-Math.min(limit || Infinity, state.choices.commandsMaximum)) } }
  }
}

function commandsOf(state: ThingseeState, request: SimulatorRequest): Record<string, unknown>[] {
  const body = jsonBody(request)
  if (!Array.isArray(body) || body.length === 0) throw new Refusal(400, 'The body must be an array of commands')
  return body.map((command: unknown) => {
    if (!isRecord(command) || typeof command['tsmId'] !== 'number' || typeof command['tsmEv'] !== 'number') {
      throw new Refusal(400, 'Each command needs the numbers tsmId and tsmEv')
    }
    const allowed = state.choices.allowedCommands
    if (allowed && !allowed.includes(command['tsmId'])) throw new Refusal(400, `Command is not allowed: ${command['tsmId']}`)
    const transaction = command['transactionId']
    if (transaction !== undefined && (!Number.isInteger(transaction) || Number(transaction) < 0 || Number(transaction) > 2147483647)) {
      throw new Refusal(400, 'transactionId must be 0 to 2147483647')
    }
    return command
  })
}

/** The properties by which a thing answers a command [H1, H2]; null = the vendor describes no answer. */
function answerTo(thing: Thing, { tsmDstTuid: _destination, ...command }: Record<string, unknown>, at: number): ThingseeMessage | null {
  const { tsmId, tsmEv, transactionId } = command
  if (tsmId === 1101) return { ...requestedMessage(thing, Number(command['requestTsmId']), at) }
  if (tsmId === 11211) return { ...requestedMessage(thing, 11200, at) }
  // U: its tsmEv.
  if (tsmId === 1300) return { tsmId: 1301, tsmEv: 0, result: 'ok', resultReason: '' }
  if (tsmId === 3300 && tsmEv === 27) return { tsmId, tsmEv: 28, transactionId, data: 'QUJD' }
  // U: which message holds the firmware information.
  if (tsmEv === 32) return { tsmId: 1312, tsmEv: 33, transactionId, binaryType: 'stm32_mcu', binaryVersion: '1' }
  if (tsmId === 1402) return { tsmId, tsmEv: 36, transactionId, result: 0, payload: '' }
  return tsmEv === 30 || tsmEv === 35 ? { ...command, tsmEv: tsmEv + 1 } : null
}

/** The requested message with tsmEv 33, or 1102 where the thing has none [H2]; neither has a transactionId. */
function requestedMessage(thing: Thing, tsmId: number, at: number): ThingseeMessage {
  const properties = propertiesOf(thing.model, tsmId, thing.tuid, at)
  // U: the tsmEv of 1102.
  return properties === null ? { tsmId: 1102, tsmEv: 0 } : { tsmId, tsmEv: 33, ...properties }
}

function answerLater(thing: Thing, command: Record<string, unknown>, at: number): void {
  const answer = answerTo(thing, command, at)
  if (answer === null) return
  const message = { ...answer, tsmTs: Math.floor(at / 1000), tsmTuid: thing.tuid, ...(thing.gatewayTuid === null ? {} : { tsmGw: thing.gatewayTuid }) }
  thing.messages.push({ at, message })
}

function postCommands(state: ThingseeState, context: VendorContext): Handler {
  return (request, tuid = '') => {
    const thing = thingIn(state, tuid)
    const now = context.now()
    const timestamp = Math.floor(now / 1000)
    const commands = commandsOf(state, request).map((command) => ({ ...command, tsmTs: timestamp, tsmDstTuid: tuid }))
    for (const [index, command] of commands.entries()) {
      thing.commands.push({ tuid, timestamp, responsible: state.responsible, command })
      // A little apart, so that answers to one request differ in time as they do over the air.
      const spread = hash(`${tuid}/${timestamp}/${index}`) % 500
      if (thing.answers) answerLater(thing, command, now + state.choices.answerDelay * 1000 + spread)
    }
    return { status: 200, json: { data: { responsible: state.responsible, commands } } }
  }
}

export function messageRoutes(state: ThingseeState, context: VendorContext): Routes {
  return {
    'GET /things/{tuid}/messages': getMessages(state, context),
    'GET /things/{tuid}/commands': getCommands(state, context),
    'POST /things/{tuid}/commands': postCommands(state, context),
  }
}
