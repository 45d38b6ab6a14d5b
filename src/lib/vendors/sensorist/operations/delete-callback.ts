import { operation } from '../../../vocabulary/operation'
import { under } from '../envelope'
import { callbackId, DOCS } from '../fields'

export default operation({
  verb: 'set-alarm',
  title: 'Delete a callback',
  help: 'Ends the posts to one address.',
  docs: DOCS,
  destructive: 'The callback is deleted at once, without confirmation.',
  route: 'DELETE /callbacks/{callbackId}',
  fields: { callbackId },
  decode: under('callback'),
})
