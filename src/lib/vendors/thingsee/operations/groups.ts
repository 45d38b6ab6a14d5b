import { number, operation, text } from '../../../vocabulary/operation'
import { DOCS } from '../fields'
import { groups } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Groups',
  help: 'The deployment groups of the account.',
  docs: DOCS,
  documented: 'H0, "Get groups": the path and its parameters',
  seen: 'H4 and H5 read the answer',
  route: 'GET /groups',
  fields: {
    search: text({
      in: 'query',
      wire: 'q',
      label: 'Search',
      help: 'Give part of the group name to search for; empty for all',
      required: false,
    }),
    limit: number({
      in: 'query',
      label: 'Limit',
      help: 'Give the largest number of groups to fetch; empty for all',
      required: false,
      min: 1,
      integer: true,
    }),
  },
  decode: groups,
  names: (list) => list.map(({ group_id: group, group_description: description }) => ({ group, name: description ?? undefined })),
})
