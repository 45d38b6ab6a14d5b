import { isRecord } from '../../../base/foreign'
import { digest, listed } from '../../../incremental/cursor'
import { sentence } from '../../../base/sentence'
import { operation } from '../../../vocabulary/operation'
import { momentOf } from '../../../base/time'
import { WireError } from '../../../vocabulary/wire'
import { under } from '../envelope'
import { DOCS, from, idList, to } from '../fields'

/** How a log calls its date is not published; measurements call it `date`. */
const logs = listed((log: unknown) => {
  const date = isRecord(log) ? log.date : undefined
  return { key: digest(log), at: momentOf(date) }
})

function listOf(body: unknown): unknown[] {
  if (!Array.isArray(body)) throw new WireError(sentence`the alarm history is no list, so that what is new in it cannot be told`)
  return body as unknown[]
}

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
  since: {
    source: ['alarms'],
    from: 'from',
    items: (body) => logs.items(listOf(body)),
    keep: (body, keys) => logs.keep(listOf(body), keys),
  },
})
