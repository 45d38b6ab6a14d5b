import { choice, json, operation, text, type Method } from '../../../spec'
import { anything } from '../../../wire'
import { DOCS } from '../fields'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies readonly Method[]

export default operation({
  verb: 'send-command',
  id: 'request',
  title: 'Any request',
  help: 'Sends any request of the API, for calls that have no operation of their own.',
  docs: DOCS,
  // Only nominal: method and path are the user's.
  route: 'POST /',
  fields: {
    method: choice({
      in: 'none',
      label: 'Method',
      help: 'Choose the HTTP method',
      choices: METHODS.map((method) => ({ value: method, label: method })),
    }),
    path: text({ in: 'none', label: 'Path', help: 'Give the path that follows the base URL, such as /alarms', placeholder: '/alarms' }),
    query: json({ in: 'none', label: 'Query', help: 'Give the query values as an object', required: false, shape: 'object' }),
    body: json({
      in: 'none',
      label: 'Body',
      help: 'Give the values as an object; they are sent as a form. Empty for none.',
      placeholder: '{"name": "Cellar"}',
      required: false,
      shape: 'object',
    }),
  },
  decode: anything,
  raw: ({ method, path, query, body }) => ({
    method: method as Method,
    path,
    query: query as Record<string, unknown> | undefined,
    body,
  }),
})
