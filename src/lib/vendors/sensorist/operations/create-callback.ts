import { list, operation, text } from '../../../vocabulary/operation'
import { ANSWER_UNVERIFIED, DOCS, eventBits, EVENTS } from '../fields'
import { under } from '../wire'

export default operation({
  verb: 'set-alarm',
  title: 'Create a callback',
  help: 'Lets Sensorist post events to your address.',
  docs: DOCS,
  documented: 'R0, "5.7 POST /callbacks"',
  ...ANSWER_UNVERIFIED,
  route: 'POST /callbacks',
  fields: {
    url: text({
      in: 'body',
      label: 'URL',
      help: 'Give the address that Sensorist posts to; it must be reachable from the internet',
      placeholder: 'https://example.com/sensorist',
      pattern: 'https?:\\/\\/[^\\s\\/?#]\\S*',
      patternHint: 'an address that begins with http:// or https://',
    }),
    events: list({
      in: 'body',
      wire: 'type',
      wireAs: eventBits,
      label: 'Events',
      help: 'Give one or more of measurement (the button of a sensor was pressed), alarm and system (such as a low battery), comma-separated; 7 for all',
      placeholder: 'measurement, alarm, system',
      pattern: `${Object.keys(EVENTS).join('|')}|[1-7]`,
      patternHint: 'measurement, alarm, system, or a number from 1 to 7',
    }),
  },
  decode: under('callback'),
})
