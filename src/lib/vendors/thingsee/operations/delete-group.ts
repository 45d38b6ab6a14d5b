import { operation } from '../../../vocabulary/operation'
import { DOCS, groupId } from '../fields'
import { deletedGroup } from '../wire'

export default operation({
  verb: 'register-device',
  title: 'Delete a group',
  help: 'Deletes a deployment group. Haltian does not publish what happens to its things.',
  docs: DOCS,
  documented: 'H0, "Delete a group"',
  destructive: 'The group is deleted at once, without confirmation.',
  deletesMany: true,
  route: 'DELETE /groups/{groupId}',
  // The group of a thing is read under things.
  changes: ['things'],
  fields: { groupId },
  decode: deletedGroup,
})
