/** The pickers of the form, and the request that tests an account. */
import { sentence } from '../../base/sentence'
import { probe, type Picker } from '../../vocabulary/vendor'
import { CATALOGUE } from './catalogue'
import groupThings from './operations/group-things'
import groups from './operations/groups'

export const connection = probe({
  operation: groups,
  params: {},
  says: (list) => sentence`deployment groups: ${list.length}`,
})

export const pickers = {
  groups: {
    load: async (call) =>
      (await call(groups, {})).map(({ group_id: value, group_description: label }) =>
        label ? { value, label, detail: value } : { value, label: value },
      ),
  },
  /** The API lists things by group only; the budget spreads the requests of an account with many groups. */
  things: {
    load: async (call) => {
      const known = await call(groups, {})
      const members = await Promise.all(known.map(({ group_id: groupId }) => call(groupThings, { groupId })))
      return known.flatMap(({ group_id: groupId, group_description: description }, index) =>
        (members[index]?.tuids ?? []).map((tuid) => ({ value: tuid, label: tuid, detail: description ? description : groupId })),
      )
    },
  },
  'message-ids': {
    options: Object.entries(CATALOGUE).map(([value, { name }]) => ({ value, label: name, detail: value })),
  },
} as const satisfies Record<string, Picker>
