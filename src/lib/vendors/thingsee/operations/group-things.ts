import { operation } from '../../../vocabulary/operation'
import { DOCS, groupId } from '../fields'
import { groupThings } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Things of a group',
  help: 'The tuids of all things in a deployment group.',
  docs: DOCS,
  documented: 'H0, "Get things from a group": the path',
  seen: 'H4 and H5 read the answer',
  route: 'GET /groups/{groupId}/things',
  fields: { groupId },
  decode: groupThings,
  names: ({ group_id: group, tuids }) => (group ? tuids.map((device) => ({ device, group })) : []),
})
