/** How requests of the editor are answered: always with JSON, and once for each admin application. */
import { ApiError } from '../../lib/base/api-error'
import { type Sentence, sentence, SentenceError } from '../../lib/base/sentence'
import type { NodeAPI } from 'node-red'
import { localize } from '../runtime/language'

type Handler = Parameters<NodeAPI['httpAdmin']['post']>[1]
type Exchange = Parameters<Extract<Handler, (...given: never[]) => unknown>>
type Request = Exchange[0]
type Response = Exchange[1]

/** A request that cannot be answered; the message is shown to its user. */
export class Refusal extends SentenceError {
  readonly status: number
  /** @param status HTTP */
  constructor(status: number, message: Sentence) {
    super(message)
    this.status = status
  }
}

/** A request that no dialog sends. */
export const badRequest = (message: Sentence): Refusal => new Refusal(400, message)

/** Every set of nodes has its own RED, but there is one admin application for all of them. */
export function onceForEach(serve: (RED: NodeAPI) => void): (RED: NodeAPI) => void {
  const served = new WeakSet<object>()
  return (RED) => {
    if (served.has(RED.httpAdmin)) return
    served.add(RED.httpAdmin)
    serve(RED)
  }
}

type Events = NodeAPI['events']
type Listener = Parameters<Events['on']>[1]

const listeners = new WeakMap<Events, Map<string, Listener>>()

/** Hears an event of the runtime. A listener that an earlier start of Node-RED in this process has left is replaced. */
export function hear({ events }: NodeAPI, name: string, listener: Listener): void {
  const known = listeners.get(events) ?? new Map<string, Listener>()
  listeners.set(events, known)
  const before = known.get(name)
  if (before) events.off(name, before)
  known.set(name, listener)
  events.on(name, listener)
}

/** Answers a POST that carries JSON: a form of another site could post anything else without asking the browser's leave. */
export function answer(RED: NodeAPI, request: Request, response: Response, work: () => Promise<object>): void {
  if (request.is('application/json')) reply(RED, response, work)
  else response.status(415).json({ message: localize(RED, sentence`the body must be JSON`) })
}

/** @param work gives undefined when there is nothing to show, which is no error */
export function reply(RED: NodeAPI, response: Response, work: () => Promise<object | undefined>): void {
  Promise.resolve()
    .then(work)
    .then((found) => send(response, found))
    .catch((error: unknown) => refuse(RED, response, error))
    // The connection may be gone. A rejection that nobody handles would end Node-RED.
    .catch(() => response.destroy())
}

/** @throws RangeError for a reply that is too long for one text */
function send(response: Response, found: object | undefined): void {
  if (found) response.set('Cache-Control', 'no-store').json(found)
  else response.status(204).end()
}

function refuse(RED: NodeAPI, response: Response, error: unknown): void {
  const refused = error instanceof Refusal
  // The message of an internal fault may quote what was typed.
  const message = refused ? error.sentence : sentence`the request failed inside Node-RED; report this as a bug of node-red-contrib-sensor-clouds`
  response.status(refused ? error.status : 500).json({ message: localize(RED, message) })
}

/**
 * Aborts the work's signal after `ms`.
 * @param late the error of work that takes longer
 */
export async function within<T>(ms: number, late: () => Sentence, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController()
  const timer = setTimeout(() => ending.abort(new ApiError('TIMEOUT', late())), ms)
  try {
    return await work(ending.signal)
  } finally {
    clearTimeout(timer)
  }
}
