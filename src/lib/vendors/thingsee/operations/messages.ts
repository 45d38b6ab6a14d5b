import { listed } from '../../../incremental/cursor'
import { number, operation } from '../../../vocabulary/operation'
import { momentOf } from '../../../base/time'
import { asTime, DOCS, eventIds, from, LIMIT_UNVERIFIED, messageIds, to, tuid } from '../fields'
import { readingsOfMessages, secondsOf, sinceItem } from '../messages'
import { readPeriod } from '../read-period'
import { messages } from '../wire'

/** Messages of one answer, and of a read without a period. The vendor's own app asks for 50 [H4]. */
const PAGE_SIZE = 100

export default operation({
  verb: 'get-data',
  title: 'Messages of a thing',
  help: "What a thing has measured and reported. With a period, all messages of the period are read, page by page. Without a period, the newest 100 are read. A measurement that its message marks as failed has the value null, and the status in extra.status. Binary data are text in base64. Readings contain no passwords and other secrets; the vendor's data in the response body contain them.",
  docs: DOCS,
  documented: 'H0, "Get messages of a thing"; H2 and H3: what a message holds',
  seen: 'H4 reads the answer; H9 reads real messages',
  unverified: `${LIMIT_UNVERIFIED} The unit of acceleration is not published either: mg is assumed.`,
  routePublished: true,
  route: 'GET /things/{tuid}/messages',
  // The vendor refuses a request without a limit [H0]; it names no largest value.
  query: { limit: String(PAGE_SIZE) },
  device: 'tuid',
  fields: {
    tuid,
    limit: number({
      in: 'query',
      label: 'Limit',
      help: 'Give the largest number of messages to fetch. Leave it empty for all messages of a period, or for the newest 100 without a period',
      required: false,
      min: 1,
      integer: true,
    }),
    messageIds,
    eventIds,
    from,
    to,
  },
  decode: messages,
  names: (body) => body.flatMap(({ tsmTuid: device, deploymentGroupId: group }) => (device && group ? [{ device, group }] : [])),
  pages(caller, params) {
    const hasPeriod = params.from !== undefined || params.to !== undefined
    let page = 0
    return readPeriod({
      from: asTime(params.from),
      to: asTime(params.to),
      limit: params.limit ?? (hasPeriod ? Infinity : PAGE_SIZE),
      pageSize: params.limit ?? PAGE_SIZE,
      async send(changed) {
        page += 1
        if (page > 1) caller.progress(String(page))
        return messages(await caller.send(changed))
      },
      timeOf: (message) => momentOf(secondsOf(message)),
    })
  },
  since: { source: ['tuid', 'messageIds', 'eventIds'], from: 'from', to: 'to', limit: 'limit', pageSize: PAGE_SIZE, ...listed(sinceItem) },
  readings: (body, { tuid }, { receivedAt }) => readingsOfMessages(body, { tuid, receivedAt }),
})
