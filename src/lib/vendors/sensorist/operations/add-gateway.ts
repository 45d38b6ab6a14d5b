import { operation, text } from '../../../vocabulary/operation'
import { ANSWER_UNVERIFIED, DOCS, gatewayName } from '../fields'
import { under } from '../wire'

export default operation({
  verb: 'register-device',
  title: 'Add a gateway',
  help: 'Adds a gateway, with its sensors, to the account.',
  docs: DOCS,
  documented: 'R0, "5.2 POST /gateways"',
  ...ANSWER_UNVERIFIED,
  route: 'POST /gateways',
  fields: {
    serial: text({ in: 'body', label: 'Serial number', help: 'Give the serial number of the gateway', placeholder: '10000000' }),
    gatewayName: text({ ...gatewayName, required: false }),
  },
  decode: under('gateway'),
})
