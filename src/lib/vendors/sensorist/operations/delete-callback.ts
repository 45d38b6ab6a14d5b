import { operation } from '../../../vocabulary/operation'
import { ANSWER_UNVERIFIED, callbackId, DOCS } from '../fields'
import { under } from '../wire'

export default operation({
  verb: 'set-alarm',
  title: 'Delete a callback',
  help: 'Stops the posts to one address.',
  docs: DOCS,
  documented: 'R0, "6.2 DELETE /callbacks[/<id>]"',
  destructive: 'The callback is deleted at once, without confirmation.',
  ...ANSWER_UNVERIFIED,
  route: 'DELETE /callbacks/{callbackId}',
  fields: { callbackId },
  decode: under('callback'),
})
