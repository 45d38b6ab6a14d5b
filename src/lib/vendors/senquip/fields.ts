/** Fields and settings that both versions of the vendor's API share. */
import { choice, number, text, time, type TimeValue } from '../../vocabulary/operation'
import type { StatusMeaning } from '../../base/api-error'
import { sentence } from '../../base/sentence'
import { unixSeconds } from '../../base/time'

/** The device id in a path, such as JDA54E19F [S1]. */
export const deviceIdField = text({
  in: 'path',
  label: 'Device',
  help: 'Give the device id printed under the lid or on the box, nine letters and digits such as JDA54E19F.',
  pattern: '[A-Za-z0-9]{9}',
  patternHint: 'a device id of nine letters and digits, such as JDA54E19F',
  pick: 'devices',
  placeholder: 'JDA54E19F',
})

/**
 * Datapoints that a period asks for where the user gives no number: about five weeks of one each five minutes.
 * The document says "Optional - Default (1)" without exception [S0], so a period without a number could give one datapoint.
 */
export const DATAPOINTS_OF_PERIOD = 10_000

export const datapointsField = number({
  in: 'query',
  label: 'Datapoints',
  help: 'Give how many datapoints to read. Leave it empty for the latest one or, with From or To, for up to 10,000.',
  required: false,
  integer: true,
  min: 1,
})

interface Period {
  datapoints?: number
  from?: TimeValue
  to?: TimeValue
}

/** The params of a request: one with a period always says how many datapoints it wants. */
export const withDatapoints = <P extends Period>(params: P): P =>
  params.datapoints === undefined && (params.from !== undefined || params.to !== undefined) ? { ...params, datapoints: DATAPOINTS_OF_PERIOD } : params

const period = { in: 'query', required: false, wireAs: unixSeconds } as const

/** @param form how the time is sent: one sentence */
export const fromField = (form: string) =>
  ({ ...period, label: 'From', placeholder: '-24h', help: `Give the time of the oldest datapoint. ${form}` }) as const

/** @param form how the time is sent: one sentence */
export const toField = (form: string) => ({ ...period, label: 'To', help: `Give the time of the newest datapoint. ${form}` }) as const

/** Times of version 2, whose names and form are those of version 1 [S0]. */
export const unixTimes = {
  from: time(fromField('It is sent as Unix seconds.')),
  to: time(toField('It is sent as Unix seconds.')),
}

/** Setting of an account: the unit of `pressure` in the messages. */
export const pressureUnit = choice({
  in: 'none',
  label: 'Pressure unit',
  help: 'Choose the unit in which your devices send "pressure". Senquip does not name it. Automatic takes a value up to 200 as kPa and a larger one as hPa.',
  choices: [
    { value: 'auto', label: 'Automatic' },
    { value: 'kPa', label: 'kPa' },
    { value: 'hPa', label: 'hPa' },
  ],
  default: 'auto',
})

/** What the readings of an answer assume: one sentence. */
export const ANSWER_UNVERIFIED = 'Senquip does not publish the format of this response: its datapoints are read like the messages of devices.'

/** What the readings of `pressure` assume: one sentence. */
export const PRESSURE_UNVERIFIED =
  'Senquip does not name the unit of "pressure": choose it in the account if the readings are wrong.'

/** A 403 means a wrong key or no access [S1]; data of a device need a Trial or Hosted plan [S1, S0b]. */
export const REFUSALS: Readonly<Record<number, StatusMeaning>> = {
  403: {
    code: 'FORBIDDEN',
    what: sentence`Senquip denied access`,
    remedy: sentence`check that the device has a Trial or Hosted plan, and that the credentials in the account are right`,
    summary: sentence`access denied: check plan and credentials`,
  },
}

/** For the help of device data. */
export const INSIDE_HELP =
  'Two readings keep Senquip\'s own names, because they describe the device itself: "ambient", its inside temperature, and "motion", its vibration.'
