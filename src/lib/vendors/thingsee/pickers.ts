/** What the lists of groups and their things are read for: pickers, the test of an account, the names of places, and the things to watch. */
import { sentence } from '../../base/sentence'
import { sequence } from '../../vocabulary/operation'
import { probe, type Picker, type WatchedPlace, type WatchPlan } from '../../vocabulary/vendor'
import { CATALOGUE } from './catalogue'
import groupThings from './operations/group-things'
import groups from './operations/groups'
import thing from './operations/thing'

export const connection = probe({
  operation: groups,
  params: {},
  says: (list) => sentence`deployment groups: ${list.length}`,
})

/**
 * A thing has no name of its own in this API [H0], so the description of its group names the place. One request at a
 * time, so that a reading waits for one of them at most.
 */
export const groupNames = sequence({
  verb: 'get-data',
  title: 'Names of groups',
  route: 'GET /groups',
  measurements: false,
  fields: {},
  async *run(caller) {
    // A group without a description names nothing.
    for (const { group_id: groupId, group_description: description } of await caller.call(groups, {}))
      if (description) yield { data: await caller.call(groupThings, { groupId }) }
  },
})

/**
 * Messages that carry measurements [H2, H3], those of research devices last. The others are configuration, diagnostics
 * and firmware.
 */
const MEASURING = [
  12100, 12101, 12102, 13100, 13101, 13102, 13103, 16100, 17100, 17200, 17201, 17210, 18100, 18101, 24100, 24101, 28009,
  2100, 1110, 1111, 1113, 1210, 1211, 10100, 10110, 10111, 10112, 10113, 10114, 10115, 10116,
]

/** What most users look for comes first. */
const sortedKinds = [...new Set([...MEASURING, ...Object.keys(CATALOGUE).map(Number)])]

/** Groups that are asked for one thing. An account may have hundreds of empty ones. */
const MOST_GROUPS = 5

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
        (members[index]?.tuids ?? []).map((tuid) => ({ value: tuid, label: tuid, detail: description ? description : groupId, ...(description ? { name: description } : {}) })),
      )
    },
    loadOne: async (call) => {
      for (const { group_id: groupId } of (await call(groups, {})).slice(0, MOST_GROUPS)) {
        const [tuid] = (await call(groupThings, { groupId })).tuids
        if (tuid !== undefined) return tuid
      }
      return undefined
    },
  },
  'message-ids': {
    options: sortedKinds.map((kind) => ({ value: String(kind), label: CATALOGUE[kind]?.name ?? '', detail: String(kind) })),
  },
} as const satisfies Record<string, Picker>

/** The state of a thing has its battery level and the time of its last event. */
export const watchedThings: WatchPlan = {
  pick: 'things',
  list: sequence({
    verb: 'get-data',
    title: 'Things',
    route: 'GET /groups',
    measurements: false,
    fields: {},
    async *run(caller) {
      for (const { group_id: groupId } of await caller.call(groups, {})) {
        const { tuids } = await caller.call(groupThings, { groupId })
        const places: WatchedPlace[] = tuids.map((device) => ({ device, sensor: null }))
        yield { data: places }
      }
    },
  }),
  read: thing,
  params: (tuid) => ({ tuid }),
}
