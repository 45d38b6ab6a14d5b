import { json, operation, text } from '../../../spec'
import { anything } from '../../../wire'
import { DOCS } from '../fields'

export default operation({
  verb: 'get-data',
  title: 'Any request',
  help: 'Reads any path of the API.',
  docs: DOCS,
  route: 'GET /',
  fields: {
    path: text({ in: 'none', label: 'Path', help: 'Give the path that follows the base URL, such as /gateways', placeholder: '/gateways' }),
    query: json({ in: 'none', label: 'Query', help: 'Query values as an object', required: false, shape: 'object' }),
  },
  decode: anything,
  raw: ({ path, query }) => ({ method: 'GET', path, query: query as Record<string, unknown> | undefined }),
})
