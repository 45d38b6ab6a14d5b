/** Messages of Thingsee devices as readings. */
import { readingOf, readingsOf, type Measure, type Origin, type Reading } from '../../vocabulary/reading'
import { digest } from '../../incremental/cursor'
import type { ReadingContext, SinceItem } from '../../vocabulary/operation'
import { momentOf } from '../../base/time'
import { CATALOGUE, PROPERTIES, type MessageKind } from './catalogue'
import { readableProperties } from './properties'
import type { Message } from './wire'

export interface MessageContext extends ReadingContext {
  /** The thing whose messages were asked for; for messages that do not name it. */
  tuid: string
}

/** One reading for each property, in the order of the messages, which may arrive out of order and twice [H6]. */
export const readingsOfMessages = (messages: readonly Message[], context: MessageContext): Reading[] =>
  messages.flatMap((message) => readingsOfMessage(message, context))

/**
 * A message without properties, such as a lost connection, gives one reading of quantity `event`. Its value is the
 * tsmEv, and its `extra.message` says what it is about.
 */
function readingsOfMessage(message: Message, context: MessageContext): Reading[] {
  const kind = CATALOGUE[message.tsmId]
  const { values, binary, empty, withheld } = readableProperties(message)
  const origin: Origin = {
    vendor: 'thingsee',
    device: message.tsmTuid ?? context.tuid,
    timestamp: momentOf(secondsOf(message)) ?? context.receivedAt,
    extra: { ...extraOf(message, kind), ...listOf({ empty, withheld }) },
  }
  const readings = readingsOf(origin, values, measuresOf(kind))
  if (readings.length === 0) return [eventOf(origin, message)]
  const failedStatus = failedStatusOf(message, kind)
  return readings.map((reading) => {
    const name = String(reading.extra?.name)
    if (binary.has(name)) return { ...reading, extra: { ...reading.extra, encoding: 'base64' } }
    if (failedStatus === undefined || !kind?.failure?.measured.includes(name)) return reading
    return { ...reading, value: null, extra: { ...reading.extra, status: failedStatus, sent: reading.value } }
  })
}

/** The status of a message that says that its measurement failed. */
function failedStatusOf({ status }: Message, kind: MessageKind | undefined): number | undefined {
  if (typeof status !== 'number' && typeof status !== 'string') return undefined
  return kind?.failure?.isFailed(Number(status)) ? Number(status) : undefined
}

/** What tells messages of one kind and second apart: a message for each neighbour, or for each part of a binary. */
const PARTS = ['tuid', 'wpnode', 'btid', 'index'] as const

/**
 * Messages come twice: those of one tsmTuid, tsmId and tsmTs are the same [H6]. Cause and transaction are told apart too,
 * since two causes, or the answers to two commands, may fall into one second.
 */
export const sinceItem = (message: Message): SinceItem => {
  const { tsmTuid, tsmId, tsmEv, transactionId } = message
  const seconds = secondsOf(message)
  const parts = PARTS.flatMap((name) => (message[name] === undefined ? [] : [name, message[name]]))
  return { key: digest([tsmTuid, tsmId, tsmEv, seconds, transactionId, ...parts]), at: momentOf(seconds) }
}

/** Unix seconds. tsmTs may be absent when a connection was lost (tsmEv 18); others saw the message a little later. */
export const secondsOf = ({ tsmTs, tsmCloudTs, tsmGwTs }: Message): number | undefined => tsmTs ?? tsmCloudTs ?? tsmGwTs ?? undefined

/** What the header says beside device and time; times are epoch ms. */
function extraOf(message: Message, kind: MessageKind | undefined): Record<string, unknown> {
  const extra = {
    messageId: message.tsmId,
    message: kind?.names?.[message.tsmEv ?? 0] ?? kind?.name,
    eventId: message.tsmEv,
    gateway: message.tsmGw,
    group: message.deploymentGroupId,
    destination: message.tsmDstTuid,
    application: message.tsmAp,
    gatewayTimestamp: momentOf(message.tsmGwTs),
    cloudTimestamp: momentOf(message.tsmCloudTs),
    transactionId: message.transactionId,
  }
  return Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== undefined && value !== null))
}

/** Only lists that hold something. */
const listOf = (lists: Readonly<Record<string, readonly string[]>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))

const measuresOf =
  (kind: MessageKind | undefined) =>
  (name: string): Measure | undefined => {
    // Own properties only: a message may call a property `constructor`.
    const known = [kind?.measures ?? {}, PROPERTIES].find((measures) => Object.hasOwn(measures, name))
    return known?.[name]
  }

/** tsmEv 0 means that no event is known [H3]. */
const eventOf = (origin: Origin, { tsmEv }: Message): Reading =>
  readingOf({ ...origin, extra: { ...origin.extra, name: 'tsmEv' } }, 'event', tsmEv ?? 0)
