import { operation } from '../../../vocabulary/operation'
import { under } from '../envelope'
import { DOCS } from '../fields'

export default operation({
  verb: 'set-alarm',
  title: 'Delete all callbacks',
  help: 'Ends the posts to every address of the user.',
  docs: DOCS,
  destructive: 'Every callback of the user is deleted at once, without confirmation, also those of other programs.',
  route: 'DELETE /callbacks',
  fields: {},
  decode: under('callbacks'),
})
