/** Senquip Cloud API, version 2 [S1]. Only the vendor's Postman collection has the base URL and the paths. */
import * as v from 'valibot'
import { connectionTest, devicePickers, watchedDevices } from '../devices'
import { senquipEvents } from '../events'
import { pressureUnit, REFUSALS } from '../fields'
import { ANSWER_KEYS } from '../keys'
import { number, text, type Evidence } from '../../../vocabulary/operation'
import { vendor, type Counted } from '../../../vocabulary/vendor'
import { operations } from './operations'
import { SERIES_BY } from '../readings'
import deviceData from './operations/device-data'
import { asksForPassword, PASSWORD_REQUIRED } from './operations/add-user-to-device'
import listDevices from './operations/list-devices'
import { DOCS, FRAME, S1, S1a, S1c } from '../sources'
import { countPlans } from './plans'

/** Of the 1000 requests a day for each device, what reads leave for commands. */
const FOR_COMMANDS = 20
/** Of a device without a Hosted plan. */
const ALLOWANCE = 'per month'

const RATE: Evidence = {
  documented: 'S1, "Rate and Usage Limits": for each Hosted device',
  unverified: 'Senquip does not publish how its device list names plans, by which Hosted devices are counted.',
}
const WITHOUT_PLAN: Evidence = {
  documented: 'S1, "API Access for Devices Without a Hosted Plan"',
  unverified: 'Senquip does not publish where "apiRequestsRemaining" stands in an answer: the top level is assumed.',
}

const failure = v.looseObject({ message: v.string() })
/** Not loose: that would copy all of an answer for one key. */
const allowance = v.object({ apiRequestsRemaining: v.union([v.number(), v.pipe(v.string(), v.decimal(), v.transform(Number))]) })

export default vendor({
  id: 'senquip',
  title: 'Senquip',
  accountType: 'senquip-account',
  accountLabel: 'Senquip account',
  docs: DOCS,
  sources: { S1, S1a, S1c },
  documented: FRAME,
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
      help: 'Give the number of devices of the account on a Hosted plan. Senquip allows one request a second and 1000 a day for each of them. If it is empty, they are counted from the device list every 12 hours. Senquip does not publish how that list names plans: give the number if the limits shown are wrong.',
      required: false,
      integer: true,
      min: 0,
    }),
    pressureUnit,
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
  seriesBy: SERIES_BY,
  // The limits grow with the Hosted devices and are never below one device's worth, which also stands until they are
  // counted; a device without a Hosted plan has 50 requests a month of its own [S1].
  budgets({ hostedDevices }, counted?: Counted, device?: string) {
    const devices = Math.max(1, typeof hostedDevices === 'number' ? hostedDevices : (counted?.devices ?? 1))
    const limited = device !== undefined && counted?.limited.includes(device)
    return [
      { name: 'per second', limit: devices, window: 1000, scope: 'account', evidence: RATE },
      { name: 'per day', limit: devices * 1000, window: 'day', scope: 'account', reserve: devices * FOR_COMMANDS, evidence: RATE },
      ...(limited ? [{ name: ALLOWANCE, limit: 50, window: 'month', scope: 'device', evidence: WITHOUT_PLAN } as const] : []),
    ]
  },
  // Senquip counts them anew every 12 hours [S1].
  deviceCount: {
    every: 12 * 3_600_000,
    operation: 'list-devices',
    what: 'Hosted devices',
    wanted: ({ hostedDevices }) => hostedDevices === undefined,
    count: countPlans,
  },
  labels: { list: listDevices },
  refusals: REFUSALS,
  reason(body) {
    if (asksForPassword(body)) return PASSWORD_REQUIRED
    return v.is(failure, body) ? body.message : undefined
  },
  /** Where it stands in an answer is not published; the top level is assumed. */
  apiRequestsRemaining(body) {
    const read = v.safeParse(allowance, body)
    return read.success ? read.output.apiRequestsRemaining : undefined
  },
  probe: connectionTest(listDevices),
  pickers: devicePickers(listDevices),
  allowance: ALLOWANCE,
  events: senquipEvents('GET /devices', (caller, params) => caller.call(deviceData, params)),
  answerKeys: ANSWER_KEYS,
  watch: watchedDevices(listDevices, deviceData),
  operations,
})
