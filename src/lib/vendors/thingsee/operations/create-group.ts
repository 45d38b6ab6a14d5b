import { operation, text } from '../../../vocabulary/operation'
import { DOCS, GROUP_ID, groupIdWarnings } from '../fields'
import { changedGroup } from '../wire'

export default operation({
  verb: 'register-device',
  title: 'Create a group',
  help: 'Creates a deployment group, into which things can then be moved.',
  docs: DOCS,
  documented: 'H0, "Create a group"; H6: the form of a group id',
  seen: 'H5 sends it',
  route: 'POST /groups',
  fields: {
    groupId: text({
      in: 'body',
      wire: 'group_id',
      label: 'Group id',
      help: 'Give the id of the new group: environment, country, 00 and your own name, such as prfi00haltianhq',
      ...GROUP_ID,
    }),
    groupDescription: text({
      in: 'body',
      wire: 'group_description',
      label: 'Description',
      help: 'Give a short description of the group',
      placeholder: 'Office, second floor',
      required: false,
    }),
  },
  warnings: ({ groupId }) => groupIdWarnings(groupId),
  decode: changedGroup,
})
