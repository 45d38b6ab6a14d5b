import { isRecord } from '../../../base/foreign'
import { digest, listed } from '../../../incremental/cursor'
import { sentence } from '../../../base/sentence'
import { operation } from '../../../vocabulary/operation'
import { momentOf } from '../../../base/time'
import { DOCS, from, idList, listUnverified, to } from '../fields'
import { listUnder, requiredList } from '../wire'

/** How a log calls its date is not published; measurements call it `date`. */
const logs = listed((log: unknown) => {
  const date = isRecord(log) ? log.date : undefined
  return { key: digest(log), at: momentOf(date) }
})

const KEYS = ['logs', 'history', 'alarms'] as const

/** Without a list nothing tells which logs are new. */
const listOf = (body: unknown): unknown[] => [...requiredList(body, sentence`alarm logs`, ...KEYS)]

export default operation({
  verb: 'get-data',
  title: 'Alarm history',
  help: 'The logs of the alarms in a period.',
  docs: DOCS,
  documented: 'R0, "4.5 GET /alarms/history"',
  ...listUnverified(...KEYS),
  route: 'GET /alarms/history',
  fields: {
    alarms: idList('alarms', 'Alarms', 'Only these alarm ids, comma-separated', 'alarms'),
    from,
    to,
  },
  decode: listUnder(...KEYS),
  since: {
    source: ['alarms'],
    from: 'from',
    items: (body) => logs.items(listOf(body)),
    keep: (body, keys) => logs.keep(listOf(body), keys),
  },
})
