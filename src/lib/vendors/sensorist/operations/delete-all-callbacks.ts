import { operation } from '../../../vocabulary/operation'
import { ANSWER_UNVERIFIED, DOCS } from '../fields'
import { under } from '../wire'

export default operation({
  verb: 'set-alarm',
  title: 'Delete all callbacks',
  help: 'Stops the posts to all addresses of the user.',
  docs: DOCS,
  documented: 'R0, "6.2 DELETE /callbacks[/<id>]"',
  destructive: 'Every callback of the user is deleted at once, without confirmation, including those of other programs.',
  deletesMany: true,
  ...ANSWER_UNVERIFIED,
  route: 'DELETE /callbacks',
  fields: {},
  decode: under('callbacks'),
})
