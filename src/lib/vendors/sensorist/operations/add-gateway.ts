import { operation, text } from '../../../vocabulary/operation'
import { under } from '../envelope'
import { DOCS, gatewayName } from '../fields'

export default operation({
  verb: 'register-device',
  title: 'Add a gateway',
  help: 'Adds a gateway, with its sensors, to the account.',
  docs: DOCS,
  route: 'POST /gateways',
  fields: {
    serial: text({ in: 'body', label: 'Serial number', help: 'Give the serial number of the gateway', placeholder: '10000000' }),
    gatewayName: text({ ...gatewayName, required: false }),
  },
  decode: under('gateway'),
})
