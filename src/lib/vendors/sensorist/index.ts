import { defaultRate, requestsPerSecond } from '../../vocabulary/default-rate'
import { text } from '../../vocabulary/operation'
import { vendor, type Vendor } from '../../vocabulary/vendor'
import { events } from './events'
import { operations } from './operations'
import { connection, pickers } from './pickers'
import { codeOf, open, reasonOf } from './envelope'

const sensorist: Vendor = vendor({
  id: 'sensorist',
  title: 'Sensorist',
  accountType: 'sensorist-account',
  accountLabel: 'Sensorist account',
  docs: 'https://api.sensorist.com/',
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
      help: 'Id of another user on whose behalf to act; needs the privilege to do so',
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
  // No limit is documented beyond "respect max-age", which the cache does [R0, 1]. A limit of our own is caution.
  budgets: defaultRate,
  query: (settings) => (typeof settings.impersonate === 'string' ? { impersonate: settings.impersonate } : {}),
  unwrap: open,
  statusOf: codeOf,
  reason: reasonOf,
  probe: connection,
  pickers,
  events,
  operations,
})

export default sensorist
