import { operation, text } from '../../../vocabulary/operation'
import { DOCS, GROUP_ID, groupId, groupIdWarnings } from '../fields'
import { renamedGroup } from '../wire'

export default operation({
  verb: 'register-device',
  title: 'Rename a group',
  help: 'Changes the id of a deployment group. Haltian does not publish what happens to its things.',
  docs: DOCS,
  documented: 'H0, "Rename a group"; H6: the form of a group id',
  route: 'POST /groups/{groupId}/rename',
  // The group of a thing is read under things.
  changes: ['things'],
  fields: {
    groupId,
    newGroupId: text({
      in: 'body',
      wire: 'group_id',
      label: 'New group id',
      help: 'Give the new id of the group, such as prfi00haltianhq',
      ...GROUP_ID,
    }),
  },
  warnings: ({ newGroupId }) => groupIdWarnings(newGroupId),
  decode: renamedGroup,
})
