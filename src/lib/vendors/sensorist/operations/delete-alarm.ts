import { operation } from '../../../vocabulary/operation'
import { under } from '../envelope'
import { alarmId, DOCS } from '../fields'

export default operation({
  verb: 'set-alarm',
  title: 'Delete an alarm',
  help: 'Deletes one alarm.',
  docs: DOCS,
  destructive: 'The alarm is deleted at once, without confirmation, and cannot be restored.',
  route: 'DELETE /alarms/{alarmId}',
  fields: { alarmId },
  decode: under('alarm'),
})
