/** The two operations that every vendor with an open API has: read any path, and send any request. */
import { choice, json, METHODS, operation, text, type Method } from './operation'
import { anything } from './validation'

interface Texts {
  docs: string
  /** Where the vendor documents its base URL and sign-in, such as `R0, "2. Endpoint"`. */
  frame: string
  /** An example path of the vendor, for the help. */
  path: string
}

interface BodyField {
  help: string
  shape?: 'object'
}

const pathField = (path: string) =>
  text({ in: 'none', label: 'Path', help: `Give the path that follows the base URL, such as ${path}`, placeholder: path })

const queryField = json({ in: 'none', label: 'Query', help: 'Give the query values as an object', required: false, shape: 'object' })

type Query = Readonly<Record<string, unknown>> | undefined

/** Reads any path. Gives the answer as it is, without the vendor's envelope. */
export const anyRead = ({ docs, frame, path }: Texts) =>
  operation({
    verb: 'get-data',
    title: 'Any request',
    help: 'Reads any path of the API that has no operation here.',
    docs,
    documented: `${frame}. Path and query values are your own`,
    // Not used: the user gives the path.
    route: 'GET /',
    fields: { path: pathField(path), query: queryField },
    decode: anything,
    raw: (params) => ({ method: 'GET', path: params.path, query: params.query as Query }),
  })

/**
 * Sends any request.
 * @param body help and shape of the body field, where the vendor takes forms
 */
export const anyRequest = ({ docs, frame, path }: Texts, body: BodyField = { help: 'Give the body as JSON; empty for none' }) =>
  operation({
    verb: 'send-command',
    id: 'request',
    title: 'Any request',
    help: 'Sends any request of the API that has no operation here.',
    docs,
    documented: `${frame}. Method, path and body are your own`,
    route: 'POST /',
    fields: {
      method: choice({
        in: 'none',
        label: 'Method',
        help: 'Choose the HTTP method',
        choices: METHODS.map((method) => ({ value: method, label: method })),
      }),
      path: pathField(path),
      query: queryField,
      body: json({ in: 'none', label: 'Body', ...body, required: false }),
    },
    decode: anything,
    raw: (params) => ({ method: params.method as Method, path: params.path, query: params.query as Query, body: params.body }),
  })
