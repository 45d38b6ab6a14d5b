/** Haltian Thingsee Open Services API. */
import { type Source, vendor, type Settings, type Vendor } from '../../vocabulary/vendor'
import { trimEndOf } from '../../base/foreign'
import { defaultRate, requestsPerSecond } from '../../vocabulary/budget'
import { text } from '../../vocabulary/operation'
import { events } from './events'
import { ANSWER_KEYS } from './keys'
import { DOCS, FRAME } from './fields'
import { operations } from './operations'
import { connection, groupNames, pickers, watchedThings } from './pickers'
import { clientToken, reason, unwrap } from './wire'

const DEVELOPER_SITE = 'https://github.com/haltian/dev-doc-site'

export const SOURCES: Readonly<Record<string, Source>> = {
  H0: {
    title: 'Thingsee Open Services API specification',
    address: 'https://support.haltian.com/knowledgebase/thingsee-open-services-api-specification',
  },
  H1: { title: 'Open Service API, with the base URL', address: 'https://developer.haltian.io/thingsee-iot/apis/open-service-api' },
  H2: { title: 'Message profiles: thingsee-iot/apis/message-profiles of Haltian\'s developer site', address: DEVELOPER_SITE },
  H3: {
    title: 'Properties, units and events: devices/technical-reference/cbor-json-conversion of Haltian\'s developer site',
    address: DEVELOPER_SITE,
  },
  H4: { title: 'Thingsee Toolbox, Haltian\'s own app', address: 'https://github.com/haltian/Thingsee-Toolbox' },
  H5: { title: 'Thingsee Installer, Haltian\'s older app', address: 'https://github.com/haltian/ThingseeInstaller' },
  H6: { title: 'Deployment groups: thingsee-iot/howtos/deployment-groups of Haltian\'s developer site', address: DEVELOPER_SITE },
  H9: { title: 'A third party\'s program that reads messages', address: 'https://github.com/t0dida00/haltian' },
}

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
    clientId: { label: 'Client id', help: 'The client id that Haltian gave you', readable: true },
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
  labels: { list: groupNames },
  unwrap,
  reason,
  probe: connection,
  pickers,
  events,
  answerKeys: ANSWER_KEYS,
  watch: watchedThings,
  operations,
})

export default thingsee
