/** Whatever a vendor's server answers, Node-RED lives on, blocks for no one, and the flow gets data or an error that it can catch. */
import { HEADERS, BODIES } from './answers'
import { attackAll, seasoned } from './attack'
import { HostileServer } from './hostile-server'

describe('a hostile world: answers of a vendor', function () {
  this.timeout(240_000)
  let server: HostileServer
  const victim = seasoned(() => server)
  before(async () => {
    server = await HostileServer.start()
  })
  after(async () => {
    await victim.end()
    await server.close()
  })

  for (const { name, block, codes, reply } of [...BODIES, ...HEADERS]) it(name, () => attackAll(victim, server, reply, { block, codes }))
})
