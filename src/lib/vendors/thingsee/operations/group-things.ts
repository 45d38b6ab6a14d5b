import { operation, text } from '../../../spec'
import { DOCS } from '../fields'
import { groupThings } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Things of a group',
  help: 'The tuids of all things in a deployment group.',
  docs: DOCS,
  route: 'GET /groups/{groupId}/things',
  fields: {
    groupId: text({
      in: 'path',
      label: 'Group',
      help: 'Give the id of the deployment group, as the groups operation lists it',
      placeholder: 'prfi00haltianhq',
      pick: 'groups',
    }),
  },
  decode: groupThings,
})
