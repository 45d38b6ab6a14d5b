/** Whatever a message brings, the node fails it or does what it says; nothing else suffers. */
import assert from 'node:assert/strict'
import { wrongIn } from './shape'
import { HostileServer } from './hostile-server'
import { deployMessageNodes, MESSAGE_NODES } from './message-nodes'
import { messageCases } from './messages'
import { account, observed, TAB } from './targets'
import { Victim } from './victim-process'

describe('a hostile world: messages', function () {
  this.timeout(240_000)
  let server: HostileServer
  const victim = new Victim((process) => deployMessageNodes(process, server))

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
      let node = ''
      await victim
        .attack(async (process) => {
          failures.length = 0
          for (const { id } of MESSAGE_NODES) {
            node = id
            failures.push(...wrongIn(await process.ask({ name: 'run', node, message: { made: name } })).map((what) => `${node}: ${what}`))
          }
        })
        .catch((error: unknown) => void failures.push(`last to ${node}: ${error instanceof Error ? error.message : String(error)}`))
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

  // Node-RED itself deploys no node with properties such as toString and hasOwnProperty.
  for (const word of ['__proto__', 'constructor', 'isPrototypeOf'])
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
