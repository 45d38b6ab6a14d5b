/** Whatever a message brings, the node fails it or does what it says; nothing else suffers. */
import assert from 'node:assert/strict'
import { wrongIn } from './attack'
import { HostileServer, say } from './hostile-server'
import { messageCases } from './messages'
import { account, accountProperty, after as usual, observed, TAB, TARGETS } from './targets'
import { Victim } from './victim-process'
import type { VendorId } from './victim-nodes'

const fromPayload = { type: 'msg', value: 'payload' }
const fixed = (value: string): { type: string; value: string } => ({ type: 'str', value })

/** Nodes whose params come from the message. */
const NODES: readonly { id: string; type: string; vendor: VendorId; operation: string; params: object; more?: object }[] = [
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

describe('a hostile world: messages', function () {
  this.timeout(120_000)
  let server: HostileServer
  const victim = new Victim(async (process) => {
    const vendors = new Set(NODES.map(({ vendor }) => vendor))
    const accounts = [...vendors].map((vendor) => {
      const target = TARGETS.find((one) => one.vendor === vendor)!
      const ordinary = JSON.stringify(target.ordinary)
      return account(`of-${vendor}`, vendor, server.place(usual(target, say(200, ordinary))).url)
    })
    const nodes = NODES.flatMap(({ id, type, vendor, operation, params, more }) =>
      observed({ id, type: `sensor-cloud-${type}`, vendor, [accountProperty(vendor)]: `of-${vendor}`, operation, params, ...more }))
    await process.ask({ name: 'deploy', flow: [TAB, ...accounts, ...nodes] })
    for (const { id } of NODES) await process.ask({ name: 'run', node: id, message: { json: { payload: 'ordinary' } } })
    // Which the vendor's answer makes well.
    await process.ask({ name: 'run', node: 'readings', message: { json: { payload: { sensorSlug: 'temp_01', value: 1 } } } })
  })

  before(async () => {
    server = await HostileServer.start()
  })
  after(async () => {
    await victim.end()
    await server.close()
  })

  for (const { name } of messageCases)
    it(name, async () => {
      const failures: string[] = []
      for (const { id } of NODES) {
        let wrong: string[] = []
        await victim
          .attack(async (process) => {
            wrong = wrongIn(await process.ask({ name: 'run', node: id, message: { made: name } }))
          })
          .catch((error: unknown) => wrong.push(error instanceof Error ? error.message : String(error)))
        failures.push(...wrong.map((what) => `${id}: ${what}`))
      }
      if (failures.length > 0) assert.fail(failures.join('\n'))
    })

  it('no request left the base URL of its account', () => {
    const left = server.all.map(({ path }) => path).filter((path) => /(^|\/|%2f|%5c|\\)(\.|%2e){2}(\/|%2f|%5c|\\|$)/i.test(path))
    assert.deepEqual([left, server.strays], [[], []])
  })
})

describe('a hostile world: nodes that name what objects inherit', function () {
  this.timeout(60_000)
  const victim = new Victim()
  after(() => victim.end())

  for (const word of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
    it(`vendor, operation and param ${word}`, async () => {
      const url = 'http://127.0.0.1:1/'
      const params = JSON.parse(`{"${word}":{"type":"str","value":"x"},"deviceId":{"type":"${word}","value":"x"}}`) as object
      const nodes = [
        ...observed({ id: 'vendor', type: 'sensor-cloud-get-data', vendor: word, accountSenquip: 'account', operation: 'device-data', params }),
        ...observed({ id: 'operation', type: 'sensor-cloud-get-data', vendor: 'senquip', accountSenquip: 'account', operation: word, params }),
        ...observed({ id: 'param', type: 'sensor-cloud-get-data', vendor: 'senquip', accountSenquip: 'account', operation: 'device-data', params }),
        ...observed({ id: 'node', type: 'sensor-cloud-get-data', vendor: 'senquip', accountSenquip: word, operation: 'device-data', params }),
        ...observed({ id: 'event', type: 'sensor-cloud-on-event', vendor: word, accountSenquip: 'account', params }),
      ]
      const failures: string[] = []
      await victim.attack(async (process) => {
        await process.ask({ name: 'deploy', flow: [TAB, account('account', 'senquip', url, { routes: params, store: word, tls: word, proxy: word }), ...nodes] })
        for (const node of ['vendor', 'operation', 'param', 'node'])
          failures.push(...wrongIn(await process.ask({ name: 'run', node, message: { json: {} } }), ['CONFIG', 'INVALID']))
      })
      assert.deepEqual(failures, [])
    })
})
