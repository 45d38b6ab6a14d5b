import { operation, text } from '../../../vocabulary/operation'
import { ANSWER_UNVERIFIED, DOCS, gatewayId, gatewayName } from '../fields'
import { under } from '../wire'

export default operation({
  verb: 'send-command',
  title: 'Rename a gateway',
  help: 'Changes the name that a gateway shows.',
  docs: DOCS,
  documented: 'R0, "5.3 POST /gateways/<id>"',
  ...ANSWER_UNVERIFIED,
  route: 'POST /gateways/{gatewayId}',
  device: 'gatewayId',
  fields: { gatewayId, gatewayName: text(gatewayName) },
  decode: under('gateway'),
})
