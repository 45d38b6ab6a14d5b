import { choice, json, operation, text, type Method } from '../../../spec'
import { anything } from '../../../wire'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies readonly Method[]

/** Any request, for calls of the vendor's collection that have no operation here. */
export default operation({
  verb: 'send-command',
  id: 'request',
  title: 'Any request',
  help: 'Sends any request below the base URL of the account and gives the answer as it is.',
  docs: 'https://cloud-api-docs.v2.senquip.com',
  // Only nominal: method and path are the user's.
  route: 'POST /',
  fields: {
    method: choice({
      in: 'none',
      label: 'Method',
      help: 'Choose the HTTP method.',
      choices: METHODS.map((method) => ({ value: method, label: method })),
    }),
    path: text({
      in: 'none',
      label: 'Path',
      help: 'Give the path that follows the base URL, such as /devices.',
      placeholder: '/devices',
    }),
    query: json({ in: 'none', label: 'Query', help: 'Give the query parameters as a JSON object.', required: false, shape: 'object' }),
    body: json({ in: 'none', label: 'Body', help: 'Give the body as JSON; empty for none.', required: false }),
  },
  decode: anything,
  raw: ({ method, path, query, body }) => ({
    method: method as Method,
    path,
    query: query as Readonly<Record<string, unknown>> | undefined,
    body,
  }),
})
