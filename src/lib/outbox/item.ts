/** What the queue keeps of a reading: as JSON, so that it can be read by a later version and by a person. */
import type { OutgoingReading } from '../vocabulary/operation'
import type { Entry } from '../store/store'

export interface Item {
  /** Id of the node that took it. */
  node: string
  /** Id in flows of the operation that it came by. */
  operation: string
  /** Token of the message that brought it; only the run that gave it knows the message. */
  message: string
  /** Its place in that message. */
  index: number
  reading: OutgoingReading
}

/** An item with the id by which its queue knows it. */
export interface Held extends Item {
  id: string
}

export const textOf = (item: Item): string => JSON.stringify(item)

/** undefined when the text is none of ours. */
export function heldOf({ id, text }: Entry): Held | undefined {
  try {
    const item = JSON.parse(text) as Partial<Item> | null
    return typeof item?.reading === 'object' && (item.reading as object | null) !== null ? { ...(item as Item), id } : undefined
  } catch {
    return undefined
  }
}
