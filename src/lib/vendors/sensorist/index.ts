import { defaultRate, requestsPerSecond } from '../../vocabulary/default-rate'
import { text } from '../../vocabulary/operation'
import { vendor, type Vendor } from '../../vocabulary/vendor'
import { events } from './events'
import { DOCS, FRAME } from './fields'
import { operations } from './operations'
import { connection, pickers } from './pickers'
import { SOURCES } from './sources'
import { codeOf, reasonOf, unwrapped } from './wire'

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
    email: { label: 'E-mail', help: 'The e-mail address with which you sign in at Sensorist' },
    password: { label: 'Password', help: 'The password of that Sensorist user', blanks: true },
  },
  address: 'baseUrl',
  auth: { kind: 'basic', user: 'email', password: 'password' },
  bodyAs: 'form',
  // No limit is documented beyond "respect max-age", which the cache does [R0, 1].
  budgets: defaultRate,
  // "with any method call" [R0, 2]; the samples of posts put their params into the form.
  queryInForm: true,
  query: (settings) => (typeof settings.impersonate === 'string' ? { impersonate: settings.impersonate } : {}),
  unwrap: unwrapped,
  statusOf: codeOf,
  reason: reasonOf,
  probe: connection,
  pickers,
  events,
  operations,
})

export default sensorist
