import { operation } from '../../../spec'
import { under } from '../envelope'
import { DOCS, from, idList, to } from '../fields'

export default operation({
  verb: 'get-data',
  title: 'Alarm history',
  help: 'What alarms have done in a period.',
  docs: DOCS,
  route: 'GET /alarms/history',
  fields: {
    alarms: idList('alarms', 'Alarms', 'Only these alarm ids, comma-separated', 'alarms'),
    from,
    to,
  },
  decode: under('logs', 'history', 'alarms'),
})
