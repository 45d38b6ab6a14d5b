import { operation } from '../../../vocabulary/operation'
import { ANSWER_UNVERIFIED, DOCS } from '../fields'
import { under } from '../wire'

export default operation({
  verb: 'set-alarm',
  title: 'Delete all alarms',
  help: 'Deletes every alarm of the user.',
  docs: DOCS,
  documented: 'R0, "6.1 DELETE /alarms[/<id>]"',
  destructive: 'Every alarm of the user is deleted at once, without confirmation, and cannot be restored.',
  deletesMany: true,
  ...ANSWER_UNVERIFIED,
  route: 'DELETE /alarms',
  fields: {},
  decode: under('alarms'),
})
