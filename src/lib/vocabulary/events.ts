/** Describes how a vendor reports events: it posts them to an address of ours, or it is polled. */
import type { Choice, Evidence, Field, Fields, Operation } from './operation'

/** What a flow gets of one event. */
export interface SensorEvent {
  vendor: string
  /** Id of the device as the vendor's operations take it; null where the vendor does not say. */
  device: string | null
  /** Id of the sensor in the device; null where the vendor does not say or has no such level. */
  sensor: string | null
  /** What people call the place, such as `Cellar, Rack left`; null where that is not known. */
  label: string | null
  /** The vendor's name of what happened; `silent`, `low` and the like where the node itself has found it. */
  event: string
  /** Of a sensor that is watched for silence: epoch ms of its newest reading. */
  lastSeen?: number
  /** Of such a sensor: seconds between two readings; null where that is not known. */
  interval?: number | null
  /** Epoch ms UTC. */
  timestamp: number
  /** As the vendor sent it. */
  data: unknown
}

/** An event as a vendor's folder reads it. */
export interface Occurrence extends Omit<SensorEvent, 'vendor' | 'label'> {
  /** The same whenever the vendor tells of the same event again. */
  id: string
  /** Whether it goes on at the moment. */
  ongoing?: boolean
  /** Whether the vendor does not say when it began; `timestamp` is then when it was seen. */
  undated?: boolean
}

/** A callback that stands at the vendor. */
export interface RegisteredCallback {
  id: string
  url: string
  /** Names of its events; undefined when the vendor does not say. */
  events: readonly string[] | undefined
}

interface EventsBase extends Evidence {
  /** One or two sentences for help and README. */
  help: string
}

/** The vendor posts each event to an address that it was given. */
export interface CallbackEvents extends EventsBase {
  kind: 'callback'
  /** What can be asked for. */
  choices: readonly Choice[]
  /** Takes nothing; its data are RegisteredCallback[]. */
  list: Operation
  /** Takes `url` and `events`, names of the choices. */
  create: Operation
  /** Takes `callbackId`. */
  remove: Operation
  /**
   * @param body of the post: parsed JSON, or the fields of a form
   * @param receivedAt epoch ms, for a post that says no time; without a time two equal posts are the same event
   * @throws WireError when it is no event
   */
  decode(body: unknown, receivedAt: number): Omit<Occurrence, 'id'>
}

/** The vendor is asked. */
export interface PollEvents extends EventsBase {
  kind: 'poll'
  /** What to ask about. */
  fields: Fields
  /** A number of seconds, with the vendor's bound. */
  interval: Field<'number', true>
  /** Ms for which an event may appear after it has happened. */
  overlap: number
  /**
   * Reads with params of `fields`; its data are Occurrence[], a page at a time.
   * @param since epoch ms before which nothing is of interest unless it still goes on
   */
  read(since: number): Operation
}

export type Events = CallbackEvents | PollEvents
