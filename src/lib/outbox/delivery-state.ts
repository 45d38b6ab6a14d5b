/** The states of the delivery worker, and the one function that decides which state follows. It has no effects. */
import type { ApiError } from '../base/api-error'

/** Failures since the latest success. */
interface Failures {
  failures: number
  /** The latest of them. */
  failure: ApiError | undefined
}

/** All times are monotonic ms. */
type OpenState = Failures &
  (
    | { name: 'idle'; /** Nothing is known to wait; infinite when nothing is to be checked. */ checkAt: number }
    | { name: 'gathering'; arrived: number; /** More readings are awaited until then, since they can share a request. */ checkAt: number }
    /** Readings are taken from the queue and sent. The rest says what to do when that ends. */
    | { name: 'sending'; arrived: number; checkAt: number }
    /** The cloud failed, and nothing is tried for a while. */
    | { name: 'backing off'; until: number }
    /** The store failed, and nothing is tried for a while. */
    | { name: 'waiting for the store'; until: number }
  )

/** Of an account that is closed: nothing more is taken. */
interface ClosedState extends Failures {
  name: 'closed'
}

export type DeliveryState = OpenState | ClosedState

export type DeliveryEvent =
  /** An earlier run may have left readings. */
  | { name: 'started' }
  /** `size` readings fill a request; others are awaited for `window` ms. */
  | { name: 'arrived'; count: number; size: number; window: number }
  /** The user wants an attempt at once. */
  | { name: 'retry now' }
  | { name: 'time passed' }
  /** Entries are about to be taken. Readings that arrive from now on may not be among them. */
  | { name: 'taking' }
  /** The queue gave as much as was asked for, so it may have more. */
  | { name: 'more waits' }
  /** The cloud took readings, or the queue is empty. */
  | { name: 'succeeded' }
  /** All entries that were taken are sent, given up or set aside. */
  | { name: 'ended'; checkAt: number }
  /** Nothing is to be tried for `wait` ms. */
  | { name: 'failed'; failure: ApiError; ofStore: boolean; wait: number }
  | { name: 'closed' }

export const INITIAL: DeliveryState = { name: 'idle', checkAt: Infinity, failures: 0, failure: undefined }

/** When the time itself is an event; infinite when another event ends the state. */
export function wakeUpAt(state: DeliveryState): number {
  if (state.name === 'idle' || state.name === 'gathering') return state.checkAt
  return state.name === 'backing off' || state.name === 'waiting for the store' ? state.until : Infinity
}

/** The state that follows an event at `now`. */
export function nextState(state: DeliveryState, event: DeliveryEvent, now: number): DeliveryState {
  if (state.name === 'closed') return state
  if (event.name === 'closed') return { name: 'closed', failures: state.failures, failure: state.failure }
  const next = state.name === 'sending' ? whileSending(state, event, now) : whileWaiting(state, event, now)
  return wakeUpAt(next) <= now ? sendingAfter(next) : next
}

function whileWaiting(state: OpenState, event: DeliveryEvent, now: number): OpenState {
  if (event.name === 'retry now') return sendingAfter(state)
  // After a failure, everything that arrives waits for the next attempt.
  if (state.name !== 'idle' && state.name !== 'gathering') return state
  if (event.name === 'started') return { ...state, checkAt: now }
  if (event.name !== 'arrived') return state
  const arrived = event.count + (state.name === 'gathering' ? state.arrived : 0)
  return { ...state, name: 'gathering', arrived, checkAt: Math.min(state.checkAt, awaitedUntil(arrived, event, now)) }
}

function whileSending(state: Extract<OpenState, { name: 'sending' }>, event: DeliveryEvent, now: number): OpenState {
  const { arrived, failure, failures } = state
  switch (event.name) {
    case 'started':
    case 'retry now':
    case 'more waits':
      return { ...state, checkAt: now }
    case 'arrived':
      return { ...state, arrived: arrived + event.count, checkAt: Math.min(state.checkAt, awaitedUntil(arrived + event.count, event, now)) }
    case 'taking':
      return { ...state, arrived: 0, checkAt: Infinity }
    case 'succeeded':
      return { ...state, failures: 0, failure: undefined }
    case 'ended': {
      const checkAt = Math.min(state.checkAt, event.checkAt)
      return arrived > 0 ? { name: 'gathering', arrived, checkAt, failures, failure } : { name: 'idle', checkAt, failures, failure }
    }
    case 'failed':
      return { name: event.ofStore ? 'waiting for the store' : 'backing off', until: now + event.wait, failures: failures + 1, failure: event.failure }
    default:
      return state
  }
}

const awaitedUntil = (arrived: number, { size, window }: { size: number; window: number }, now: number): number => (arrived >= size ? now : now + window)

const sendingAfter = ({ failure, failures }: Failures): OpenState => ({ name: 'sending', arrived: 0, checkAt: Infinity, failures, failure })
