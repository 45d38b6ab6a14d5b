import { operation, text } from '../../../vocabulary/operation'
import { under } from '../envelope'
import { DOCS, gatewayId, gatewayName } from '../fields'

export default operation({
  verb: 'send-command',
  title: 'Rename a gateway',
  help: 'Changes the name that a gateway shows.',
  docs: DOCS,
  route: 'POST /gateways/{gatewayId}',
  device: 'gatewayId',
  fields: { gatewayId, gatewayName: text(gatewayName) },
  decode: under('gateway'),
})
