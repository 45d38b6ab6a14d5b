import { type Source, vendor, type Vendor } from '../../vocabulary/vendor'
import { DOCS, FRAME } from './fields'
import { defaultRate, requestsPerSecond } from '../../vocabulary/budget'
import { text } from '../../vocabulary/operation'
import { events } from './events'
import { inventory } from './inventory'
import { ANSWER_KEYS } from './keys'
import { operations } from './operations'
import { connection, pickers } from './pickers'
import { watchedGateways } from './watched-gateways'
import { codeOf, reasonOf, unwrapped } from './wire'

export const SOURCES: Readonly<Record<string, Source>> = {
  R0: { title: 'REST API documentation, version 1.15 of 5 January 2017', address: DOCS },
  R1: { title: 'REST API documentation, version 1.20 of 12 November 2023: only its first part was read', address: DOCS },
  R2: {
    title: 'A third party\'s integration, with live answers captured on 13 September 2026',
    address: 'https://github.com/Strandgaard96/homeassistant-sensorist',
  },
  R4: { title: 'A third party\'s data source for charts', address: 'https://github.com/bfritscher/grafana-sensorist-datasource' },
}

const sensorist: Vendor = vendor({
  id: 'sensorist',
  title: 'Sensorist',
  accountType: 'sensorist-account',
  accountLabel: 'Sensorist account',
  docs: DOCS,
  sources: SOURCES,
  documented: FRAME,
  seen: 'R2 signs in like this',
  unverified: 'Sensorist does not publish where a POST carries the id of "Act as user". It is sent in the URL and in the form.',
  settings: {
    baseUrl: text({
      in: 'none',
      label: 'Base URL',
      help: 'Leave as it is, unless Sensorist gave you another address',
      default: 'https://api.sensorist.com/v1',
    }),
    impersonate: text({
      in: 'none',
      label: 'Act as user',
      help: 'Give the id of another user to act as. Your user needs the privilege for it.',
      required: false,
    }),
    requestsPerSecond,
  },
  credentials: {
    email: { label: 'E-mail', help: 'The e-mail address with which you sign in at Sensorist', readable: true },
    password: { label: 'Password', help: 'The password of that Sensorist user', blanks: true },
  },
  address: 'baseUrl',
  auth: { kind: 'basic', user: 'email', password: 'password' },
  bodyAs: 'form',
  // No limit is documented beyond "respect max-age", which the cache does [R0, 1].
  budgets: defaultRate,
  labels: { list: inventory },
  // "with any method call" [R0, 2]; the samples of posts put their params into the form.
  queryInForm: true,
  query: (settings) => (typeof settings.impersonate === 'string' ? { impersonate: settings.impersonate } : {}),
  unwrap: unwrapped,
  seriesBy: ['dataSource', 'statistic'],
  statusOf: codeOf,
  reason: reasonOf,
  probe: connection,
  pickers,
  events,
  answerKeys: ANSWER_KEYS,
  watch: watchedGateways,
  operations,
})

export default sensorist
