/** Fields that several operations share. */
import { sentence, type Sentence } from '../../base/sentence'
import { list, text, time, type TimeValue } from '../../vocabulary/operation'
import { unixSeconds } from '../../base/time'

export const DOCS = 'https://developer.haltian.io/thingsee-iot/apis/open-service-api'

/** Where address and sign-in are documented. */
export const FRAME = 'H0, "Create client access token"; H1: the base URL'

export const LIMIT_UNVERIFIED = 'Haltian does not publish which entries a limit returns: the newest ones are assumed.'

export const ALERT_TIMES_UNVERIFIED =
  'Haltian does not publish the time zone of alerts, nor the format of an alert without an end. The times are read as UTC, and an alert without an end as still active.'

export const tuid = text({
  in: 'path',
  label: 'Thing (tuid)',
  help: 'Give the tuid printed on the device, 17 letters and digits',
  placeholder: 'TSPR04KAX19301234',
  pick: 'things',
})

export const messageIds = list({
  in: 'query',
  wire: 'messageid',
  label: 'Message ids',
  help: 'Give the kinds of message that you want, such as 12100 for temperature and humidity; empty for all',
  placeholder: '12100, 1110',
  pick: 'message-ids',
  pattern: '\\d+',
  patternHint: 'a whole number',
  required: false,
})

export const eventIds = list({
  in: 'query',
  wire: 'eventid',
  label: 'Event ids',
  help: 'Give the causes that you want, such as 10 for timed reports or 9 for a threshold; empty for all',
  placeholder: '10, 9',
  pattern: '\\d+',
  patternHint: 'a whole number',
  required: false,
})

export const from = time({
  in: 'query',
  wireAs: unixSeconds,
  label: 'From',
  placeholder: '-24h',
  help: 'Give the start of the period; empty for the earliest',
  required: false,
})

export const to = time({
  in: 'query',
  wireAs: unixSeconds,
  label: 'To',
  help: 'Give the end of the period; empty for now',
  required: false,
})

/** Epoch ms of a checked time; the times of this vendor are never texts. */
export const asTime = (time: TimeValue | undefined): number | undefined => (typeof time === 'number' ? time : undefined)

/** A group that exists. */
export const groupId = text({
  in: 'path',
  label: 'Group',
  help: 'Give the id of the deployment group, as the groups operation lists it',
  placeholder: 'prfi00haltianhq',
  pick: 'groups',
})

/** What the id of a new group must be [H0]; at most 64 characters [H6]. */
export const GROUP_ID = {
  pattern: '(?!unassigned$)\\S{1,64}',
  patternHint: 'an id of at most 64 characters without blanks that is not "unassigned"',
  placeholder: 'prfi00haltianhq',
} as const

/** Environment, country, 00 and an own part, in lower case; only `pr` groups reach the data stream [H6]. */
const CONVENTION = /^(un|pr|dm|rd)[a-z]{2}00[a-z\d]+$/

export const groupIdWarnings = (id: string): Sentence[] =>
  CONVENTION.test(id)
    ? []
    : [sentence`group id "${id}" does not have the format of Haltian, such as prfi00haltianhq: environment (un, pr, dm or rd), country, 00 and your own part, in lower-case letters and digits`]
