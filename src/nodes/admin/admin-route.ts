/** How requests of the editor are answered: with JSON only, once for each admin application. */
import type { NodeAPI } from 'node-red'
import { sentence, SentenceError, type Sentence } from '../../lib/base/sentence'
import { say } from '../runtime/language'

type Handler = Parameters<NodeAPI['httpAdmin']['post']>[1]
type Exchange = Parameters<Extract<Handler, (...given: never[]) => unknown>>
type Request = Exchange[0]
type Response = Exchange[1]

/** What a request asks cannot be; its message is the end of a sentence. */
export class Refusal extends SentenceError {
  readonly status: number
  /** @param status HTTP */
  constructor(status: number, said: Sentence) {
    super(said)
    this.status = status
  }
}

/** Every set of nodes brings its own RED, but there is one admin application for all of them. */
export function onceForEach(serve: (RED: NodeAPI) => void): (RED: NodeAPI) => void {
  const served = new WeakSet<object>()
  return (RED) => {
    if (served.has(RED.httpAdmin)) return
    served.add(RED.httpAdmin)
    serve(RED)
  }
}

/** Answers a POST that carries JSON: a form of another site could post anything else without asking the browser's leave. */
export function answer(RED: NodeAPI, request: Request, response: Response, work: () => Promise<object>): void {
  if (request.is('application/json')) reply(RED, response, work)
  else response.status(415).json({ message: say(RED, sentence`the body must be JSON`) })
}

/** @param work undefined when there is nothing to say, which is no error of the dialog that asks */
export function reply(RED: NodeAPI, response: Response, work: () => Promise<object | undefined>): void {
  work().then(
    (found) => (found ? response.set('Cache-Control', 'no-store').json(found) : response.status(204).end()),
    (error: unknown) => {
      const refused = error instanceof Refusal
      // What went wrong inside may quote what was typed.
      response.status(refused ? error.status : 500).json({ message: say(RED, refused ? error.sentence : sentence`this request cannot be answered; report it`) })
    },
  )
}
