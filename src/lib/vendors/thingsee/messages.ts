/** Messages of Thingsee devices as readings. */
import { readingOf, readingsOf, readingsOfEach, type Measure, type Origin, type Reading } from '../../vocabulary/reading'
import { digest } from '../../incremental/cursor'
import type { ReadingContext, SinceItem } from '../../vocabulary/operation'
import { momentOf } from '../../base/time'
import { CATALOGUE, PROPERTIES, type MessageKind } from './catalogue'
import type { Message } from './wire'

export interface MessageContext extends ReadingContext {
  /** The thing whose messages were asked for; for messages that do not name it. */
  tuid: string
}

/**
 * Properties that say whose message it is and when, not what was measured [H2, H3].
 * transactionId is one of them in spirit: it only tells which command is answered, and stands in `extra`.
 */
const HEADER: ReadonlySet<string> = new Set([
  'tsmId',
  'tsmEv',
  'tsmTs',
  'tsmTuid',
  'tsmGw',
  'tsmDstTuid',
  'tsmGwTs',
  'tsmCloudTs',
  'tsmAp',
  'deploymentGroupId',
  'transactionId',
])

/**
 * One reading for each measured property, in the order of the messages, which may arrive out of order and twice [H6].
 * A message that measures nothing, such as a lost connection, gives one reading of quantity `event` whose value is its
 * tsmEv and whose `extra.message` says what it is about.
 */
export const readingsOfMessages = (messages: readonly Message[], context: MessageContext): Reading[] =>
  readingsOfEach(messages, (message) => readingsOfMessage(message, context))

function readingsOfMessage(message: Message, context: MessageContext): Reading[] {
  const kind = CATALOGUE[message.tsmId]
  const origin: Origin = {
    vendor: 'thingsee',
    device: message.tsmTuid ?? context.tuid,
    timestamp: timestampOf(message, context),
    extra: extraOf(message, kind),
  }
  const properties = Object.entries(message).filter(([name]) => !HEADER.has(name))
  const readings = readingsOf(origin, properties, measuresOf(kind))
  return readings.length > 0 ? readings : [eventOf(origin, message)]
}

/**
 * Messages come twice: those of one tsmTuid, tsmId and tsmTs are the same [H6]. Cause and transaction are told apart too,
 * since two causes, or the answers to two commands, may fall into one second.
 */
export const sinceItem = (message: Message): SinceItem => {
  const { tsmTuid, tsmId, tsmEv, transactionId } = message
  const seconds = secondsOf(message)
  return { key: digest([tsmTuid, tsmId, tsmEv, seconds, transactionId]), at: momentOf(seconds) }
}

/** Unix seconds. tsmTs may be absent when a connection was lost (tsmEv 18); others saw the message a little later. */
const secondsOf = ({ tsmTs, tsmCloudTs, tsmGwTs }: Message): number | undefined => tsmTs ?? tsmCloudTs ?? tsmGwTs ?? undefined

/** Epoch ms. */
const timestampOf = (message: Message, { receivedAt }: MessageContext): number => momentOf(secondsOf(message)) ?? receivedAt

function extraOf(message: Message, kind: MessageKind | undefined): Record<string, unknown> {
  const extra = {
    messageId: message.tsmId,
    message: kind?.name,
    eventId: message.tsmEv,
    gateway: message.tsmGw,
    group: message.deploymentGroupId,
    transactionId: message.transactionId,
  }
  return Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== undefined && value !== null))
}

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
