import { choice, operation } from '../../../vocabulary/operation'
import { ANSWER_UNVERIFIED, DOCS, gatewayId } from '../fields'
import { under } from '../wire'
import { workflowProgress } from '../workflow-progress'

export default operation({
  verb: 'send-command',
  title: 'Command to a gateway',
  help: 'Restarts a gateway, or lets it pair with new sensors. The response is a workflow for the command.',
  docs: DOCS,
  documented: 'R0, "5.4 POST /gateways/<id>/commands"',
  ...ANSWER_UNVERIFIED,
  route: 'POST /gateways/{gatewayId}/commands',
  device: 'gatewayId',
  fields: {
    gatewayId,
    command: choice({
      in: 'body',
      label: 'Command',
      help: 'Choose the command for the gateway',
      choices: [
        { value: 'reboot', label: 'Restart' },
        { value: 'pairing_start', label: 'Start pairing' },
      ],
    }),
  },
  decode: under('workflow'),
  follow: (caller, _params, workflow) => workflowProgress(caller, workflow),
})
