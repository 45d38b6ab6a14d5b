/** Haltian Thingsee Open Services API. */
import { trimEndOf } from '../../base/foreign'
import { defaultRate, requestsPerSecond } from '../../vocabulary/default-rate'
import { text } from '../../vocabulary/operation'
import { vendor, type Settings, type Vendor } from '../../vocabulary/vendor'
import { events } from './events'
import { DOCS, FRAME } from './fields'
import { operations } from './operations'
import { connection, pickers } from './pickers'
import { SOURCES } from './sources'
import { clientToken, reason, unwrap } from './wire'

/** A token is valid for 15 minutes [H0]. */
const TOKEN_LIFETIME = 900

/** The base URL may be kept with or without its trailing slash. */
const tokenUrl = ({ baseUrl }: Settings): string => `${trimEndOf(String(baseUrl).trim(), '/')}/auth/client-token`

const thingsee: Vendor = vendor({
  id: 'thingsee',
  title: 'Haltian Thingsee',
  accountType: 'thingsee-account',
  accountLabel: 'Thingsee account',
  docs: DOCS,
  sources: SOURCES,
  documented: FRAME,
  seen: 'H4 and H5 sign in like this',
  settings: {
    // Each customer has an address of their own, so none can be a default [H1].
    baseUrl: text({
      in: 'none',
      label: 'Base URL',
      help: 'Give the API address that Haltian allocated to you; it ends with /prod/v1/',
      placeholder: 'https://….execute-api.eu-west-1.amazonaws.com/prod/v1/',
    }),
    requestsPerSecond,
  },
  credentials: {
    clientId: { label: 'Client id', help: 'The client id that Haltian gave you' },
    clientSecret: { label: 'Client secret', help: 'The client secret that came with the client id' },
  },
  address: 'baseUrl',
  auth: {
    kind: 'token',
    // Needs no Authorization header; several tokens at once are allowed [H0, H4].
    request: (settings, { clientId, clientSecret }) => ({
      url: tokenUrl(settings),
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ client_id: clientId, client_secret: clientSecret }),
    }),
    decode: (body) => ({ value: clientToken(body).data.token, lifetime: TOKEN_LIFETIME }),
    header: (token) => `Bearer ${token}`,
  },
  bodyAs: 'json',
  // No limit is documented anywhere. A limit of our own is caution.
  budgets: defaultRate,
  unwrap,
  reason,
  probe: connection,
  pickers,
  events,
  operations,
})

export default thingsee
