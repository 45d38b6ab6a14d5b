/** A reading in the queue. It is JSON, so that later versions and people can read it. */
import * as v from 'valibot'
import type { OutgoingReading } from '../vocabulary/operation'
import { type Entry, storedRecord } from '../store/store'

/** The node checked the reading before it was stored, and the store checks its bytes: it is not validated again. */
const readingSchema = v.custom<OutgoingReading>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))

const itemSchema = v.object({
  /** Id of the node that took the reading. */
  node: v.fallback(v.string(), ''),
  /** Id in flows of the operation that the node performs. */
  operation: v.fallback(v.string(), ''),
  /** Token of the message that brought the reading; a later run only reads the `_msgid` in it. */
  message: v.fallback(v.string(), ''),
  /** The place of the reading in that message. */
  index: v.fallback(v.number(), 0),
  reading: readingSchema,
  /** When the reading came, by the time since the boot. Absent where the flow gave the time, and in what earlier versions stored. */
  stamp: v.fallback(v.optional(v.object({ boot: v.string(), running: v.number(), uptime: v.number() })), undefined),
})

export type Item = v.InferOutput<typeof itemSchema>

/** An item with the id by which its queue knows it. */
export interface QueuedItem extends Item {
  id: string
}

/** Characters of a `_msgid` that are stored with each reading. Node-RED's own have 16. */
const LONGEST_MSGID = 64

/** @param run id without a dot */
export function messageToken(run: string, index: number, msgid: unknown): string {
  const token = `${run}.${index}`
  return typeof msgid === 'string' && msgid !== '' ? `${token}.${msgid.slice(0, LONGEST_MSGID)}` : token
}

/** `_msgid` of the message that brought the reading; undefined where it had none. */
export const msgidOf = ({ message }: Item): string | undefined => /^[^.]*\.[^.]*\.(?<msgid>.+)$/s.exec(message)?.groups?.msgid

export const textOf = (item: Item): string => JSON.stringify(item)

const readItem = storedRecord(itemSchema)

/** undefined when the entry is not a reading. */
export function queuedItem({ id, text }: Entry): QueuedItem | undefined {
  const item = readItem(text)
  return item && { ...item, id }
}
