import type { SimulatorRequest } from './request'

/** What a vendor answers, before faults and compression. `json` is encoded; `text` is sent as it is. */
export interface Reply {
  status: number
  headers?: Record<string, string>
  json?: unknown
  text?: string
  /** gzip when the request accepts it [R0: "content is gzip compressed"] */
  compress?: boolean
}

/** Thrown by a handler; each vendor turns it into its own error body. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly details: Record<string, unknown> = {},
    readonly headers: Record<string, string> = {},
  ) {
    super(message)
  }
}

/** Variables of the path come as arguments, in their order and percent-decoded. */
export type Handler = (request: SimulatorRequest, ...variables: string[]) => Reply | Promise<Reply>

/** `'GET /things/{tuid}': handler`; the first row that fits wins. */
export type Routes = Readonly<Record<string, Handler>>

function variablesOf(template: string, path: string): string[] | null {
  const wanted = template.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const variables: string[] = []
  for (const [index, part] of wanted.entries()) {
    const actual = given[index] ?? ''
    if (!part.startsWith('{')) {
      if (part !== actual) return null
    } else if (actual === '') {
      return null
    } else {
      variables.push(decodeSegment(actual))
    }
  }
  return variables
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Refusal(400, 'Bad Request')
  }
}

/** Throws Refusal 404 when no row has the path, 405 (with Allow) when only the method differs. */
export async function dispatch(routes: Routes, request: SimulatorRequest): Promise<Reply> {
  const allowed: string[] = []
  for (const [row, handler] of Object.entries(routes)) {
    const space = row.indexOf(' ')
    const method = row.slice(0, space)
    const variables = variablesOf(row.slice(space + 1), request.path)
    if (!variables) continue
    if (method === request.method) return await handler(request, ...variables)
    allowed.push(method)
  }
  if (allowed.length > 0) throw new Refusal(405, 'Method Not Allowed', {}, { allow: allowed.join(', ') })
  throw new Refusal(404, 'Not Found')
}
