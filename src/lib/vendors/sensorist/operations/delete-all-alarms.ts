import { operation } from '../../../vocabulary/operation'
import { under } from '../envelope'
import { DOCS } from '../fields'

export default operation({
  verb: 'set-alarm',
  title: 'Delete all alarms',
  help: 'Deletes every alarm of the user.',
  docs: DOCS,
  destructive: 'Every alarm of the user is deleted at once, without confirmation, and cannot be restored.',
  route: 'DELETE /alarms',
  fields: {},
  decode: under('alarms'),
})
