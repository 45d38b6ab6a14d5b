import { operation, text } from '../../../vocabulary/operation'
import { DOCS, tuid } from '../fields'
import { changedGroup } from '../wire'

export default operation({
  verb: 'register-device',
  title: 'Set the group of a thing',
  help: 'Moves a thing into a deployment group.',
  docs: DOCS,
  documented: 'H0, "Set deployment group of a thing"',
  route: 'POST /things/{tuid}/group',
  device: 'tuid',
  // The things of a group are read under groups.
  changes: ['groups'],
  fields: {
    tuid,
    groupId: text({
      in: 'body',
      wire: 'group_id',
      label: 'Group',
      help: 'Give the id of the deployment group, as the groups operation lists it',
      placeholder: 'prfi00haltianhq',
      pick: 'groups',
    }),
  },
  decode: changedGroup,
})
