import { json, operation, text } from '../../../spec'
import { anything } from '../../../wire'
import { DOCS } from '../fields'

export default operation({
  verb: 'get-data',
  title: 'Any request',
  help: 'Reads any path of the API.',
  docs: DOCS,
  // Only nominal: the path is the user's.
  route: 'GET /',
  fields: {
    path: text({
      in: 'none',
      label: 'Path',
      help: 'Give the path that follows the base URL, such as /things/alerts',
      placeholder: '/things/alerts',
    }),
    query: json({
      in: 'none',
      label: 'Query',
      help: 'Give the query values as an object, such as {"limit": 10}',
      placeholder: '{"limit": 10}',
      required: false,
      shape: 'object',
    }),
  },
  decode: anything,
  raw: ({ path, query }) => ({ method: 'GET', path, query: query as Record<string, unknown> | undefined }),
})
