import { boolean, operation } from '../../../vocabulary/operation'
import { DOCS } from '../fields'
import { under } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'User',
  help: 'The user of the account or, with All users, every user in your hierarchy.',
  docs: DOCS,
  documented: 'R0, "4.1 GET /users"',
  seen: 'R2, live answers for one user',
  unverified: 'Sensorist has not published the key of the list of all users. "users" is used, or else the whole response.',
  routePublished: true,
  route: 'GET /users',
  fields: {
    list: boolean({ in: 'query', label: 'All users', help: 'Whether to list every user in your hierarchy', required: false }),
  },
  decode: under('users', 'user'),
})
