import { operation, text } from '../../../vocabulary/operation'
import { ANSWER_UNVERIFIED, DOCS } from '../fields'
import { under } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Workflow',
  help: 'The state of a workflow that a command started.',
  docs: DOCS,
  documented: 'R0, "4.7 GET /workflows/<id>"',
  ...ANSWER_UNVERIFIED,
  route: 'GET /workflows/{workflowId}',
  fields: {
    workflowId: text({
      in: 'path',
      label: 'Workflow',
      help: 'Give the id of the workflow, from the response to the command',
    }),
  },
  decode: under('workflow'),
})
