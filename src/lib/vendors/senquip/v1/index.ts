/** Senquip Cloud API, version 1: OAuth 2.0 client credentials, all addresses handed out by Senquip [S0]. */
import * as v from 'valibot'
import { connectionTest, devicePickers, watchedDevices } from '../devices'
import { senquipEvents } from '../events'
import { pressureUnit, REFUSALS } from '../fields'
import { ANSWER_KEYS } from '../keys'
import { S0, S0b, S1a, S1c } from '../sources'
import { cautiousRate } from '../../../vocabulary/budget'
import { choice, text } from '../../../vocabulary/operation'
import { vendor, type Token } from '../../../vocabulary/vendor'
import { wire } from '../../../vocabulary/validation'
import { operations } from './operations'
import { SERIES_BY } from '../readings'
import deviceData from './operations/device-data'
import deviceSummary from './operations/device-summary'

/** Seconds, for an answer that does not say how long its token is valid. */
const DEFAULT_LIFETIME = 3600

/** No limit is documented for version 1. One request a second is the least that version 2 allows [S1]. */
const rate = cautiousRate(1)

const tokenAnswer = wire(
  v.looseObject({
    access_token: v.pipe(v.string(), v.nonEmpty()),
    expires_in: v.nullish(v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.number(), v.minValue(1))),
  }),
)

function decodeToken(body: unknown): Token {
  const { access_token: value, expires_in: lifetime } = tokenAnswer(body)
  return { value, lifetime: lifetime ?? DEFAULT_LIFETIME }
}

/** Failures of the API are not published; those of a token request are named by RFC 6749, 5.2. */
const failure = v.looseObject({
  message: v.optional(v.string()),
  error_description: v.optional(v.string()),
  error: v.optional(v.string()),
})

export default vendor({
  id: 'senquip-v1',
  title: 'Senquip (API v1)',
  accountType: 'senquip-v1-account',
  accountLabel: 'Senquip account (API v1)',
  docs: S0.address,
  sources: { S0, S0b, S1a, S1c },
  documented: 'S0, "Authorization" and "Authorization Flow"',
  unverified:
    'Senquip calls the token a Bearer token, but the example in its documentation sends it alone. If requests are rejected, choose the other form under Authorization.',
  settings: {
    tokenUrl: text({
      in: 'none',
      label: 'Token URL',
      help: 'Give the Token URL that Senquip handed out with the API account.',
      // The client secret goes there, so that only a loopback address may do without encryption.
      pattern: 'https://\\S+|http://(localhost|127(\\.\\d{1,3}){3}|\\[::1\\])([:/]\\S*)?',
      patternHint: 'an address that starts with https://',
      placeholder: 'https://',
    }),
    endpointUrl: text({
      in: 'none',
      label: 'Endpoint URL',
      help: 'Give the Endpoint URL that Senquip handed out with the API account.',
      placeholder: 'https://',
    }),
    authorization: choice({
      in: 'none',
      label: 'Authorization',
      help: 'Choose how the token is sent. Try the other one if requests are rejected.',
      choices: [
        { value: 'bearer', label: 'Bearer and the token' },
        { value: 'raw', label: 'the token alone' },
      ],
      default: 'bearer',
    }),
    requestsPerSecond: rate.setting,
    pressureUnit,
  },
  credentials: {
    clientId: { label: 'Client ID', help: 'Copy the Client ID that Senquip handed out with the API account.', readable: true },
    clientSecret: { label: 'Client secret', help: 'Copy the Client Secret that Senquip handed out with the API account.' },
  },
  address: 'endpointUrl',
  auth: {
    kind: 'token',
    request: ({ tokenUrl }, { clientId = '', clientSecret = '' }) => ({
      url: String(tokenUrl),
      headers: {
        Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`, 'utf8').toString('base64')}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    }),
    decode: decodeToken,
    header: (token, { authorization }) => (authorization === 'raw' ? token : `Bearer ${token}`),
  },
  bodyAs: 'json',
  seriesBy: SERIES_BY,
  // The vendor's own request, a GET, has it [S0].
  contentType: 'application/json',
  budgets: rate.budgets,
  labels: { list: deviceSummary },
  refusals: REFUSALS,
  reason: (body) => (v.is(failure, body) ? (body.message ?? body.error_description ?? body.error) : undefined),
  probe: connectionTest(deviceSummary),
  pickers: devicePickers(deviceSummary),
  events: senquipEvents('GET /get-device-summary', (caller, params) => caller.call(deviceData, params)),
  answerKeys: ANSWER_KEYS,
  watch: watchedDevices(deviceSummary, deviceData),
  operations,
})
