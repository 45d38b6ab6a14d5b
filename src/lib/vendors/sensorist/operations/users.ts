import { boolean, operation } from '../../../vocabulary/operation'
import { under } from '../envelope'
import { DOCS } from '../fields'

export default operation({
  verb: 'get-data',
  title: 'User',
  help: 'The user of the account; with All users, every user below it.',
  docs: DOCS,
  route: 'GET /users',
  fields: {
    list: boolean({ in: 'query', label: 'All users', help: 'Whether to list every user in your hierarchy', required: false }),
  },
  decode: under('users', 'user'),
})
