/** Senquip Cloud API, version 2 [S1]. Base URL and paths stand only in the vendor's Postman collection. */
import * as v from 'valibot'
import { senquipEvents } from '../../senquip-events'
import { number, text } from '../../spec'
import { vendor } from '../../vendor'
import { operations } from './operations'
import deviceData from './operations/device-data'
import { asksForPassword, PASSWORD_REQUIRED } from './setup-password'

const failure = v.looseObject({ message: v.string() })
const allowance = v.looseObject({ apiRequestsRemaining: v.number() })

export default vendor({
  id: 'senquip',
  title: 'Senquip',
  accountType: 'senquip-account',
  accountLabel: 'Senquip account',
  docs: 'https://cloud-api-docs.v2.senquip.com',
  unverified:
    'Senquip publishes neither the base URL nor the paths of its API: take them from the Postman collection behind the "Run in Postman" button of its documentation.',
  settings: {
    baseUrl: text({
      in: 'none',
      label: 'Base URL',
      help: 'Give the address that all requests of the Senquip Postman collection begin with, or import the collection. Open the documentation, press "Run in Postman" and copy the address from a request there; Senquip publishes it nowhere else.',
      placeholder: 'https://',
    }),
    hostedDevices: number({
      in: 'none',
      label: 'Hosted devices',
      help: 'Give how many devices of the account are on a Hosted plan; Senquip allows one request a second and 1000 a day for each of them.',
      required: false,
      integer: true,
      min: 0,
    }),
  },
  credentials: {
    apiKey: {
      label: 'API key',
      help: 'Copy the API key from the Senquip Portal: Account, API Access, Generate API Credentials. A new key may take a minute to work.',
    },
  },
  address: 'baseUrl',
  auth: { kind: 'header', name: 'X-API-Key', credential: 'apiKey' },
  bodyAs: 'json',
  // The limits grow with the Hosted devices and are never below one device's worth [S1]. The count from the device list
  // comes with the client's budgets; until then an empty setting means that minimum.
  // The 50 requests a month of a device without a Hosted plan are not charged: which devices those are is not known
  // here. The vendor's own count is read by apiRequestsRemaining.
  budgets({ hostedDevices }) {
    const devices = Math.max(1, typeof hostedDevices === 'number' ? hostedDevices : 1)
    return [
      { name: 'per second', limit: devices, window: 1000, scope: 'account' },
      { name: 'per day', limit: devices * 1000, window: 'day', scope: 'account' },
    ]
  },
  reason(body) {
    if (asksForPassword(body)) return PASSWORD_REQUIRED
    return v.is(failure, body) ? body.message : undefined
  },
  /** Where it stands in an answer is not published; the top level is assumed. */
  apiRequestsRemaining: (body) => (v.is(allowance, body) ? body.apiRequestsRemaining : undefined),
  events: senquipEvents('GET /devices', (caller, deviceId, from) => caller.read(deviceData, { deviceId, from })),
  operations,
})
