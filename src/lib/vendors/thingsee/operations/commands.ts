import { digest, listed } from '../../../incremental/cursor'
import { number, operation } from '../../../vocabulary/operation'
import { momentOf } from '../../../base/time'
import { DOCS, eventIds, from, messageIds, to, tuid } from '../fields'
import { commands, type CommandRow } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Commands sent to a thing',
  help: 'The commands that were sent to a thing, by whom and when, the oldest first.',
  docs: DOCS,
  route: 'GET /things/{tuid}/commands',
  device: 'tuid',
  fields: {
    tuid,
    messageIds,
    eventIds,
    from,
    to,
    limit: number({
      in: 'query',
      label: 'Limit',
      // Zero gives all, as the vendor's own client has it [H4].
      help: 'Give the largest number of commands to fetch; 0 for all',
      required: false,
      min: 0,
      integer: true,
    }),
  },
  decode: commands,
  since: {
    source: ['tuid', 'messageIds', 'eventIds'],
    from: 'from',
    to: 'to',
    limit: 'limit',
    ...listed((row: CommandRow) => ({ key: digest(row), at: momentOf(row.timestamp) })),
  },
})
