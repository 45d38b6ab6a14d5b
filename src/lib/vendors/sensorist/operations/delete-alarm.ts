import { operation } from '../../../vocabulary/operation'
import { alarmId, ANSWER_UNVERIFIED, DOCS } from '../fields'
import { under } from '../wire'

export default operation({
  verb: 'set-alarm',
  title: 'Delete an alarm',
  help: 'Deletes one alarm.',
  docs: DOCS,
  documented: 'R0, "6.1 DELETE /alarms[/<id>]"',
  destructive: 'The alarm is deleted at once, without confirmation, and cannot be restored.',
  ...ANSWER_UNVERIFIED,
  route: 'DELETE /alarms/{alarmId}',
  fields: { alarmId },
  decode: under('alarm'),
})
