import type { Handler, Routes } from '../route'
import { Refusal } from '../route'
import { isRecord, jsonBody } from '../request'
import type { SimulatorRequest } from '../request'
import type { ThingseeState } from './state'

/** "must not contain whitespaces and must not be named unassigned" [H0]. */
function newGroupId(request: SimulatorRequest): { groupId: string; body: Record<string, unknown> } {
  const body = jsonBody(request)
  const groupId = isRecord(body) ? body['group_id'] : undefined
  if (!isRecord(body) || typeof groupId !== 'string' || groupId === '') throw new Refusal(400, 'group_id is required')
  if (/\s/.test(groupId) || groupId === 'unassigned') throw new Refusal(400, `group_id is not allowed: ${groupId}`)
  return { groupId, body }
}

export function requireGroup(state: ThingseeState, groupId: string): void {
  if (!state.groups.has(groupId)) throw new Refusal(404, `Group not found: ${groupId}`)
}

function listGroups(state: ThingseeState): Handler {
  return (request) => {
    const search = (request.query.get('q') ?? '').toLowerCase()
    const limit = request.query.get('limit')
    if (limit !== null && !/^\d+$/.test(limit)) throw new Refusal(400, 'limit must be a number')
    // U: what q searches; id and description here, without regard to case.
    const rows = [...state.groups]
      .filter(([groupId, description]) => `${groupId} ${description ?? ''}`.toLowerCase().includes(search))
      .map(([groupId, description]) => ({ group_id: groupId, ...(description === null ? {} : { group_description: description }) }))
    return { status: 200, json: { data: limit === null ? rows : rows.slice(0, Number(limit)) } }
  }
}

function createGroup(state: ThingseeState): Handler {
  return (request) => {
    const { groupId, body } = newGroupId(request)
    if (state.groups.has(groupId)) throw new Refusal(409, `Group exists already: ${groupId}`)
    const description = typeof body['group_description'] === 'string' ? body['group_description'] : null
    state.groups.set(groupId, description)
    return { status: 200, json: { data: { group_id: groupId, ...(description === null ? {} : { group_description: description }) } } }
  }
}

function renameGroup(state: ThingseeState): Handler {
  return (request, old = '') => {
    requireGroup(state, old)
    const { groupId } = newGroupId(request)
    if (state.groups.has(groupId)) throw new Refusal(409, `Group exists already: ${groupId}`)
    state.groups.set(groupId, state.groups.get(old) ?? null)
    state.groups.delete(old)
    moveThings(state, old, groupId)
    return { status: 200, json: { data: { group_id: groupId, old, renamed: true } } }
  }
}

/** U: what becomes of a deleted group's things; "unassigned" is the reserved name [H0]. */
function deleteGroup(state: ThingseeState): Handler {
  return (_request, groupId = '') => {
    requireGroup(state, groupId)
    state.groups.delete(groupId)
    moveThings(state, groupId, 'unassigned')
    return { status: 200, json: { data: { group_id: groupId, deleted: true } } }
  }
}

function moveThings(state: ThingseeState, from: string, to: string): void {
  for (const thing of state.things.values()) if (thing.groupId === from) thing.groupId = to
}

function groupThings(state: ThingseeState): Handler {
  return (_request, groupId = '') => {
    requireGroup(state, groupId)
    const tuids = [...state.things.values()].filter((thing) => thing.groupId === groupId).map(({ tuid }) => tuid)
    return { status: 200, json: { data: { group_id: groupId, tuids } } }
  }
}

export function groupRoutes(state: ThingseeState): Routes {
  return {
    // H0 writes /groups/?…, H4 calls groups/, H5 calls groups: all three work.
    'GET /groups': listGroups(state),
    'GET /groups/': listGroups(state),
    'POST /groups': createGroup(state),
    'POST /groups/': createGroup(state),
    'POST /groups/{groupid}/rename': renameGroup(state),
    'GET /groups/{groupid}/things': groupThings(state),
    'DELETE /groups/{groupid}': deleteGroup(state),
  }
}
