import { operation } from '../../../vocabulary/operation'
import { DOCS, groupId } from '../fields'
import { deletedGroup } from '../wire'

export default operation({
  verb: 'register-device',
  title: 'Delete a group',
  help: 'Deletes a deployment group. Its things are not deleted.',
  docs: DOCS,
  destructive: 'The group is deleted at once, without confirmation, and its things lose their group.',
  route: 'DELETE /groups/{groupId}',
  // The group of a thing is read under things.
  changes: ['things'],
  fields: { groupId },
  decode: deletedGroup,
})
