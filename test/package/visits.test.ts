/** How many files one takes to follow a value through the code: counted in a real flow, not in the source. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { load, unload } from '../nodes/harness'
import { VisitedFiles } from './visited-files'

helper.init(require.resolve('node-red'))

/** Where the way of a charge lies. */
const CHARGE = /^src\/lib\/(limiter|quota)\//

describe('following a value through the code', () => {
  let simulator: Simulator
  const files = new VisitedFiles()
  before(async () => {
    simulator = await startSimulator()
    await files.start()
  })
  after(async () => {
    files.stop()
    await unload()
    await simulator.close()
  })

  async function read(): Promise<string[]> {
    const flow = await load({ simulator, vendor: 'thingsee', operation: 'messages', params: { tuid: 'TSPD04SIM00000001', limit: 5 } })
    // The first one loads modules, fetches the token and opens a socket.
    await flow.run()
    await files.visited()
    const { out } = await flow.run()
    assert.equal(out.length, 1)
    return files.visited()
  }

  it('a read visits at most 25 files', async () => {
    const visited = await read()
    console.log(visited.length, visited.join('\n'))
    assert.ok(visited.length > 10)
    assert.ok(visited.length <= 25, visited.join('\n'))
  })

  it('a charge of a budget visits at most 8', async () => {
    const visited = (await read()).filter((file) => CHARGE.test(file))
    assert.ok(visited.length > 2 && visited.length <= 8, visited.join('\n'))
  })
})
