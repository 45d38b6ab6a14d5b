import { number, operation } from '../../../vocabulary/operation'
import { DOCS, LIMIT_UNVERIFIED, tuid } from '../fields'
import { installations } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Installation history of a thing',
  help: 'When a thing was installed, uninstalled, put into quarantine or retired, and by whom.',
  docs: DOCS,
  documented: 'H0, "Get installation history for a thing"',
  seen: 'H4 and H5 ask with a limit of 1; H5 takes the entry as the present status',
  unverified: LIMIT_UNVERIFIED,
  routePublished: true,
  route: 'GET /things/{tuid}/installations',
  device: 'tuid',
  fields: {
    tuid,
    limit: number({
      in: 'query',
      label: 'Limit',
      help: 'Give the largest number of entries to fetch; 1 for the present status only, empty for all',
      required: false,
      min: 1,
      integer: true,
    }),
  },
  decode: installations,
})
