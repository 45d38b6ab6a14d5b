/** Nodes of every verb whose params come from the message, with vendors that answer as usual. */
import { say, type HostileServer } from './hostile-server'
import { account, accountProperty, after as usual, observed, TAB, TARGETS } from './targets'
import type { VictimProcess } from './victim-process'
import type { VendorId } from './victim-nodes'

const fromPayload = { type: 'msg', value: 'payload' }
const fixed = (value: string): { type: string; value: string } => ({ type: 'str', value })

export const MESSAGE_NODES: readonly { id: string; type: string; vendor: VendorId; operation: string; params: object; more?: object }[] = [
  { id: 'query', type: 'get-data', vendor: 'senquip', operation: 'request', params: { path: fixed('/x'), query: fromPayload } },
  { id: 'path', type: 'get-data', vendor: 'sensorist', operation: 'request', params: { path: fromPayload } },
  { id: 'text', type: 'get-data', vendor: 'senquip', operation: 'device-data', params: { deviceId: fromPayload } },
  { id: 'time', type: 'get-data', vendor: 'thingsee', operation: 'messages', params: { tuid: fixed('T1'), from: fromPayload, limit: fromPayload } },
  { id: 'list', type: 'get-data', vendor: 'sensorist', operation: 'measurements-latest', params: { dataSources: fromPayload } },
  { id: 'since', type: 'get-data', vendor: 'thingsee', operation: 'messages', params: { tuid: fromPayload }, more: { sinceLast: true, emit: 'each' } },
  { id: 'readings', type: 'send-reading', vendor: 'sensocan', operation: 'auto', params: {}, more: { outbox: false } },
  { id: 'outbox', type: 'send-reading', vendor: 'sensocan', operation: 'auto', params: {}, more: { outbox: true } },
  { id: 'body', type: 'send-command', vendor: 'senquip', operation: 'request', params: { method: fixed('POST'), path: fixed('/x'), body: fromPayload } },
  { id: 'commands', type: 'send-command', vendor: 'thingsee', operation: 'command', params: { tuid: fixed('T1'), commands: fromPayload } },
  { id: 'file', type: 'send-command', vendor: 'senquip', operation: 'load-file', params: { deviceId: fixed('JDA54E19F'), fileName: fixed('x.bin'), file: fromPayload } },
  { id: 'rows', type: 'register-device', vendor: 'thingsee', operation: 'set-group', params: { tuid: fixed('T1'), groupId: fixed('g') } },
  { id: 'alarm', type: 'set-alarm', vendor: 'sensorist', operation: 'create-alarm', params: { dataSource: fromPayload, value: fromPayload, direction: fromPayload } },
]

export async function deployMessageNodes(process: VictimProcess, server: HostileServer): Promise<void> {
  const vendors = new Set(MESSAGE_NODES.map(({ vendor }) => vendor))
  const accounts = [...vendors].map((vendor) => {
    const target = TARGETS.find((one) => one.vendor === vendor)!
    return account(`of-${vendor}`, vendor, server.place(usual(target, say(200, JSON.stringify(target.ordinary)))).url)
  })
  const nodes = MESSAGE_NODES.flatMap(({ id, type, vendor, operation, params, more }) =>
    observed({ id, type: `sensor-cloud-${type}`, vendor, [accountProperty(vendor)]: `of-${vendor}`, operation, params, ...more }))
  await process.ask({ name: 'deploy', flow: [TAB, ...accounts, ...nodes] })
  for (const { id } of MESSAGE_NODES) await process.ask({ name: 'run', node: id, message: { json: { payload: 'ordinary' } } })
  // Which its vendor takes.
  await process.ask({ name: 'run', node: 'readings', message: { json: { payload: { sensorSlug: 'temp_01', value: 1 } } } })
}
