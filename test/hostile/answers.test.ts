/** Whatever a vendor's server answers, Node-RED lives on, blocks for no one, and the flow gets data or an error that it can catch. */
import { HEADERS, LARGE, SMALL } from './answers'
import { attackAll, seasoned } from './attack'
import { HostileServer } from './hostile-server'

/** Small answers in one flow. */
const TOGETHER = 12

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

  for (const { block, ...attack } of LARGE) it(attack.name, () => attackAll(victim, server, [attack], { block }))

  const others = [...SMALL, ...HEADERS]
  for (let from = 0; from < others.length; from += TOGETHER) {
    const some = others.slice(from, from + TOGETHER)
    it(some.map(({ name }) => name).join('; '), () => attackAll(victim, server, some))
  }
})
