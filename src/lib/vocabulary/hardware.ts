/**
 * The devices of a vendor and what they send, for docs/devices.md. Only the documents are made from it: no node loads it,
 * so that it costs nothing at run time. What a channel means is not said here: the vendor's decoder reads the samples.
 */
import type { Reading } from './reading'
import type { Source } from './vendor'

/** A fact and where it stands. */
interface Cited {
  /** Keys of the hardware's sources, such as `H2, H4`. */
  source: string
  /** Nobody but a third party says so. */
  secondHand?: boolean
}

export interface Product extends Cited {
  name: string
  /** How the ids of its devices begin. */
  idsBegin?: readonly string[]
  /** Names of messages. That a product sends them is inferred from the names of both. */
  messages?: readonly string[]
}

export interface DeviceMessage extends Cited {
  name: string
  /** The readings that the decoder makes of a sample of it. */
  readings: readonly Reading[]
}

export interface Hardware {
  /** What stands above the tables. */
  title: string
  remarks: readonly string[]
  products: readonly Product[]
  messages: readonly DeviceMessage[]
  sources: Readonly<Record<string, Source>>
}
