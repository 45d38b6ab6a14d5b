/** Fields that several operations share. */
import { list, text, time } from '../../spec'
import { unixSeconds } from '../../time'

export const DOCS = 'https://developer.haltian.io/thingsee-iot/apis/open-service-api'

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
