import { listed } from '../../../incremental/cursor'
import { number, operation } from '../../../vocabulary/operation'
import { DOCS, eventIds, from, messageIds, to, tuid } from '../fields'
import { readingsOfMessages, sinceItem } from '../messages'
import { messages } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Messages of a thing',
  help: 'What a thing has measured and reported.',
  docs: DOCS,
  route: 'GET /things/{tuid}/messages',
  device: 'tuid',
  fields: {
    tuid,
    // The vendor refuses a request without it [H0]; it names no largest value.
    limit: number({
      in: 'query',
      label: 'Limit',
      help: 'Give the largest number of messages to fetch',
      default: 100,
      min: 1,
      integer: true,
    }),
    messageIds,
    eventIds,
    from,
    to,
  },
  decode: messages,
  since: { source: ['tuid', 'messageIds', 'eventIds'], from: 'from', to: 'to', limit: 'limit', ...listed(sinceItem) },
  readings: (body, { tuid }, { receivedAt }) => readingsOfMessages(body, { tuid, receivedAt }),
})
