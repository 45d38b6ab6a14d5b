/** The requests that a check causes, as its account's transport sees them. */
import type { HttpRequest } from '../http/request'
import { parseJson } from '../http/response'
import { routeTemplate } from '../http/route'
import type { HttpAnswer } from '../http/transport'
import type { Account } from '../client/account'
import type { Operation } from '../vocabulary/operation'

/** The answer to an operation's own request. */
export interface SeenAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  text: string
  /** Parsed; undefined where it is not JSON. */
  body: unknown
}

export class AnswerLog {
  readonly #account: Account
  #ended: { request: HttpRequest; answer: HttpAnswer | undefined }[] = []
  /** Requests of the check that the account's limits count. */
  sent = 0

  constructor(account: Account) {
    this.#account = account
    account.transport.onEnd = (request, answer) => {
      this.#ended.push({ request, answer })
      // Only token requests are posts here, and no limit counts those.
      if (request.method === 'GET') this.sent += 1
    }
  }

  /** Begins to listen for another operation. */
  clear(): void {
    this.#ended = []
  }

  /** The answers to an operation's own requests, the oldest first; not those to what it reads before. */
  of(operation: Operation): HttpAnswer[] {
    const { base } = this.#account
    const route = this.routeOf(operation).split(' ', 2)[1] ?? ''
    const own = new RegExp(`^${route.split(/\{[^{}]*\}/).map(escaped).join('[^/]+')}$`)
    return this.#ended.flatMap(({ request, answer }) => {
      const path = `/${request.url.slice(base.href.length)}`.split('?', 1)[0] ?? ''
      return answer && request.method === 'GET' && own.test(path) ? [answer] : []
    })
  }

  /** The latest of these answers; undefined where no request of its own got one. */
  latest(operation: Operation): SeenAnswer | undefined {
    const answer = this.of(operation).at(-1)
    return answer && { ...answer, body: parsed(answer.text) }
  }

  /** Method and path with its variables, as the account has it. */
  routeOf(operation: Operation): string {
    const route = this.#account.route(operation.routeOf ?? operation.file ?? '')
    return routeTemplate(operation, 'GET', route)
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
