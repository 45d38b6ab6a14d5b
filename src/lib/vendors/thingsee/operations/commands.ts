import { digest, listed } from '../../../incremental/cursor'
import { number, operation } from '../../../vocabulary/operation'
import { momentOf } from '../../../base/time'
import { asTime, DOCS, eventIds, from, LIMIT_UNVERIFIED, messageIds, to, tuid } from '../fields'
import { readPeriod } from '../read-period'
import { commands, type CommandRow } from '../wire'

const timeOf = ({ timestamp }: CommandRow): number | undefined => momentOf(timestamp)

/** Oldest first, as the vendor gives them [H0]; pages come the newest first. */
const inOrder = (pages: readonly CommandRow[][]): CommandRow[] =>
  pages.length > 1 ? pages.flat().sort((one, other) => (timeOf(one) ?? 0) - (timeOf(other) ?? 0)) : pages.flat()

export default operation({
  verb: 'get-data',
  title: 'Commands sent to a thing',
  help: 'The commands that were sent to a thing, by whom and when, the oldest first. The cloud lists only commands with tsmId 1500, 1501, 12200 and 13200.',
  docs: DOCS,
  documented: 'H0, "Get all commands sent to a thing"',
  seen: 'H4: a limit of 0 gives all',
  unverified: LIMIT_UNVERIFIED,
  routePublished: true,
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
      help: 'Give the largest number of commands to fetch; empty or 0 for all',
      required: false,
      min: 0,
      integer: true,
    }),
  },
  decode: commands,
  async *pages(caller, params) {
    const limit = params.limit === undefined || params.limit === 0 ? undefined : params.limit
    const pages: CommandRow[][] = []
    const read = readPeriod({
      from: asTime(params.from),
      to: asTime(params.to),
      limit: limit ?? Infinity,
      pageSize: limit,
      send: async (changed) => commands(await caller.send(changed)),
      timeOf,
    })
    for await (const rows of read) pages.push(rows)
    yield inOrder(pages)
  },
  since: {
    source: ['tuid', 'messageIds', 'eventIds'],
    from: 'from',
    to: 'to',
    limit: 'limit',
    ...listed((row: CommandRow) => ({ key: digest(row), at: momentOf(row.timestamp) })),
  },
})
