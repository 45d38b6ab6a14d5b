import type { Exchange } from './exchange'
import { atLeast, either, exactly, text } from './shape'

const base = { vendor: 'thingsee' as const }
const thing = 'TSPD04SIM00000001'
const gateway = 'TSGW05SIM00000009'
const group = 'prfi00simoffice'

const failure = (statusCode: number, error: string): Exchange['body'] => ({ statusCode: exactly(statusCode), error: exactly(error), message: 'text' })
const data = (shape: Exchange['body']): Exchange['body'] => ({ data: shape })
const time = text(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/)
const header = { tsmId: 1110, tsmEv: 10, tsmTs: 1559638241, tsmTuid: thing, tsmGw: gateway, deploymentGroupId: group }

export const thingseeExchanges: Exchange[] = [
  {
    ...base, endpoint: 'POST /auth/client-token', name: 'token', source: 'H0', path: '/auth/client-token', anonymous: true, status: 200,
    call: { method: 'POST', json: { client_id: 'simulated-client', client_secret: 'simulated-client-secret' } }, body: data({ token: 'x' }),
  },
  {
    ...base, endpoint: 'POST /auth/client-token', name: 'wrong secret', source: 'H4 error body', path: '/auth/client-token', anonymous: true, status: 401,
    call: { method: 'POST', json: { client_id: 'simulated-client', client_secret: 'wrong' } }, body: failure(401, 'Unauthorized'),
  },
  { ...base, endpoint: 'GET /things/alerts', name: 'alerting things', source: 'H0', path: '/things/alerts', call: {}, status: 200, body: data({ alerting_tuids: ['XXXX03X2Z74162459'] }) },
  { ...base, endpoint: 'GET /things/alerts', name: 'no token', source: 'H4 401', path: '/things/alerts', call: {}, anonymous: true, status: 401, body: failure(401, 'Unauthorized') },
  { ...base, endpoint: 'GET /things/alerts/count', name: 'count as text', source: 'H0', path: '/things/alerts/count', call: {}, status: 200, body: data({ alert_count: text(/^\d+$/) }) },
  {
    ...base, endpoint: 'GET /things/{tuid}/alerts', name: 'alerts of a sensor', source: 'H0, H1', path: '/things/TSLK01SIM00000007/alerts', call: {}, status: 200,
    body: data([{ tuid: 'TSLK01SIM00000007', alert_type: exactly('heartbeat missed'), alerts: [{ from: time, to: either(time, null) }] }]),
  },
  {
    ...base, endpoint: 'GET /things/{tuid}/alerts', name: 'alerts of a gateway', source: 'H0 "both sensors and gateways"', path: '/things/TSGW05SIM00000010/alerts?from=0&to=1789400000', call: {}, status: 200,
    body: data([{ tuid: 'x', alert_type: exactly('gateway connection lost'), alerts: [{ from: time, to: either(time, null) }] }]),
  },
  {
    ...base, endpoint: 'GET /things/{tuid}', name: 'a thing', source: 'H0', path: `/things/${thing}`, call: {}, status: 200,
    body: data({ battery_level: 86, timestamp: 1586952604, location: { lat: 65.01, lon: 25.52 }, gateway_tuid: 'XXXX00X1O73360355', version: '2019.11.15.2_ts_pod3wp34' }),
  },
  { ...base, endpoint: 'GET /things/{tuid}', name: 'unknown thing', source: 'H4 404 "Not Found"', path: '/things/TSPD04NONE0000000', call: {}, status: 404, body: failure(404, 'Not Found') },
  {
    ...base, endpoint: 'GET /things/{tuid}/messages', name: 'battery messages', source: 'H0 sample', path: `/things/${thing}/messages?messageid=1110&eventid=10&limit=2`, call: {}, status: 200,
    body: data([{ ...header, batl: 74, chrg: 0 }]),
  },
  {
    ...base, endpoint: 'GET /things/{tuid}/messages', name: 'environment messages', source: 'H2, H3', path: `/things/${thing}/messages?messageid=12100&eventid=10&limit=3`, call: {}, status: 200,
    body: data([{ ...header, temp: 21.5, humd: 40, airp: 101364.5, lght: 200 }]),
  },
  {
    ...base, endpoint: 'GET /things/{tuid}/messages', name: 'limit missing', source: 'H0 "limit (number, required)"; status U', path: `/things/${thing}/messages`, call: {}, status: 400, body: failure(400, 'Bad Request'),
  },
  {
    ...base, endpoint: 'POST /things/{tuid}/commands', name: 'the sample command', source: 'H0', path: `/things/${thing}/commands`, status: 200,
    call: { method: 'POST', json: [{ tsmId: 17110, tsmEv: 30, transactionId: 99999, profileId: 0 }] },
    body: data({ responsible: 'x', commands: [{ tsmEv: 30, tsmId: 17110, tsmTs: 1557302186, tsmDstTuid: thing, profileId: 0, transactionId: 99999 }] }),
  },
  {
    ...base, endpoint: 'POST /things/{tuid}/commands', name: 'an object instead of an array', source: 'H0 "array, fixed-type"; status U', path: `/things/${thing}/commands`, status: 400,
    call: { method: 'POST', json: { tsmId: 1500, tsmEv: 30 } }, body: failure(400, 'Bad Request'),
  },
  {
    ...base, endpoint: 'GET /things/{tuid}/commands', name: 'commands sent', source: 'H0', path: `/things/${thing}/commands?limit=0`, call: {}, status: 200,
    arrange: ({ state }) => {
      state.thingsee.things.get(thing)?.commands.push({ tuid: thing, timestamp: 1789318000, responsible: 'x', command: { tsmEv: 30, tsmId: 1500, tsmTs: 1789318000, tsmDstTuid: thing, transactionId: 1 } })
    },
    body: data([{ tuid: thing, timestamp: 1557302186, responsible: 'x', command: atLeast({ tsmId: 1500, tsmEv: 30, tsmTs: 1557302186, tsmDstTuid: thing }) }]),
  },
  {
    ...base, endpoint: 'GET /things/{tuid}/installations', name: 'history', source: 'H0; newest first INF [H4, H5]', path: `/things/${thing}/installations?limit=1`, call: {}, status: 200,
    body: data([{ tuid: thing, installation_status: exactly('installed'), timestamp: 1559564455, responsible: 'x' }]),
  },
  {
    ...base, endpoint: 'POST /things/{tuid}/installations', name: 'set a status', source: 'H0', path: `/things/${thing}/installations`, call: { method: 'POST', json: { installation_status: 'quarantine' } }, status: 200,
    body: data({ tuid: exactly(thing), installation_status: exactly('quarantine') }),
  },
  {
    ...base, endpoint: 'POST /things/{tuid}/installations', name: 'unknown status', source: 'H0 list of statuses; status U', path: `/things/${thing}/installations`, call: { method: 'POST', json: { installation_status: 'lost' } }, status: 400,
    body: failure(400, 'Bad Request'),
  },
  { ...base, endpoint: 'GET /things/{tuid}/group', name: 'group of a thing', source: 'H0', path: `/things/${thing}/group`, call: {}, status: 200, body: exactly({ data: { group_id: group, tuid: thing } }) },
  {
    ...base, endpoint: 'POST /things/{tuid}/group', name: 'move to another group', source: 'H0', path: `/things/${thing}/group`, call: { method: 'POST', json: { group_id: 'prfi00simplant' } }, status: 200,
    body: exactly({ data: { group_id: 'prfi00simplant', tuid: thing } }),
  },
  {
    ...base, endpoint: 'POST /things/{tuid}/group', name: 'unknown group', source: 'U; H4 404', path: `/things/${thing}/group`, call: { method: 'POST', json: { group_id: 'nosuchgroup' } }, status: 404,
    body: failure(404, 'Not Found'),
  },
  {
    ...base, endpoint: 'GET /groups', name: 'all groups', source: 'H4, H5', path: '/groups', call: {}, status: 200,
    body: data([either({ group_id: 'x', group_description: 'x' }, { group_id: 'x' })]),
  },
  {
    ...base, endpoint: 'GET /groups', name: 'with a slash, search text and limit', source: 'H0 /groups/?[q=][&limit=]', path: '/groups/?q=plant&limit=1', call: {}, status: 200,
    body: exactly({ data: [{ group_id: 'prfi00simplant', group_description: 'Plant room' }] }),
  },
  {
    ...base, endpoint: 'POST /groups', name: 'create', source: 'H0', path: '/groups', call: { method: 'POST', json: { group_id: 'testgroup1', group_description: 'This is a test group' } }, status: 200,
    body: exactly({ data: { group_id: 'testgroup1', group_description: 'This is a test group' } }),
  },
  { ...base, endpoint: 'POST /groups', name: 'exists already', source: 'H4 409', path: '/groups', call: { method: 'POST', json: { group_id: group } }, status: 409, body: failure(409, 'Conflict') },
  { ...base, endpoint: 'POST /groups', name: 'reserved name', source: 'H0 "unassigned"; status U', path: '/groups', call: { method: 'POST', json: { group_id: 'unassigned' } }, status: 400, body: failure(400, 'Bad Request') },
  { ...base, endpoint: 'POST /groups', name: 'with a blank', source: 'H0 "whitespaces"; status U', path: '/groups', call: { method: 'POST', json: { group_id: 'a b' } }, status: 400, body: failure(400, 'Bad Request') },
  {
    ...base, endpoint: 'POST /groups/{groupid}/rename', name: 'rename', source: 'H0', path: `/groups/${group}/rename`, call: { method: 'POST', json: { group_id: 'newgroupname' } }, status: 200,
    body: exactly({ data: { group_id: 'newgroupname', old: group, renamed: true } }),
  },
  {
    ...base, endpoint: 'GET /groups/{groupid}/things', name: 'things of a group', source: 'H4, H5', path: `/groups/${group}/things`, call: {}, status: 200,
    body: data({ group_id: exactly(group), tuids: [text(/^[A-Z0-9]{17}$/)] }),
  },
  { ...base, endpoint: 'DELETE /groups/{groupid}', name: 'delete', source: 'H0', path: `/groups/${group}`, call: { method: 'DELETE' }, status: 200, body: exactly({ data: { group_id: group, deleted: true } }) },
  { ...base, endpoint: 'DELETE /groups/{groupid}', name: 'unknown', source: 'H4 404', path: '/groups/nosuchgroup', call: { method: 'DELETE' }, status: 404, body: failure(404, 'Not Found') },
]
