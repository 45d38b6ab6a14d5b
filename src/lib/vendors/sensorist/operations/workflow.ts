import { operation, text } from '../../../vocabulary/operation'
import { ANSWER_UNVERIFIED, DOCS } from '../fields'
import { under } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Workflow',
  help: 'The state of a process that a command began.',
  docs: DOCS,
  documented: 'R0, "4.7 GET /workflows/<id>"',
  ...ANSWER_UNVERIFIED,
  route: 'GET /workflows/{workflowId}',
  fields: {
    workflowId: text({
      in: 'path',
      label: 'Workflow',
      help: 'Give the id of the workflow, from the answer to the command that began it',
    }),
  },
  decode: under('workflow'),
})
