import { json, operation, text } from '../../../spec'
import { anything } from '../../../wire'

/** Any read, for calls of the vendor's collection that have no operation here. */
export default operation({
  verb: 'get-data',
  title: 'Any request',
  help: 'Reads any path below the base URL of the account and gives the answer as it is.',
  docs: 'https://cloud-api-docs.v2.senquip.com',
  route: 'GET /',
  fields: {
    path: text({
      in: 'none',
      label: 'Path',
      help: 'Give the path that follows the base URL, such as /devices.',
      placeholder: '/devices',
    }),
    query: json({
      in: 'none',
      label: 'Query',
      help: 'Give the query parameters as a JSON object, such as {"datapoints": 5}.',
      required: false,
      shape: 'object',
    }),
  },
  decode: anything,
  raw: ({ path, query }) => ({ method: 'GET', path, query: query as Readonly<Record<string, unknown>> | undefined }),
})
