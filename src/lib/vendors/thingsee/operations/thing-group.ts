import { operation } from '../../../vocabulary/operation'
import { DOCS, tuid } from '../fields'
import { thingGroup } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Group of a thing',
  help: 'The deployment group that a thing belongs to.',
  docs: DOCS,
  documented: 'H0, "Get deployment group of a thing"',
  route: 'GET /things/{tuid}/group',
  device: 'tuid',
  fields: { tuid },
  decode: thingGroup,
  names: ({ group_id: group, tuid: device }) => (group && device ? [{ device, group }] : []),
})
