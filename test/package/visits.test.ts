/** How many files one takes to follow a value through the code: counted in a real flow, not in the source. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { load, unload } from '../nodes/harness'
import { VisitedFiles } from './visited-files'

helper.init(require.resolve('node-red'))

/** Where the way of a charge lies. */
const CHARGE = /^src\/lib\/(limiter|quota)\//

/** More than this, and the way through the code is hard to keep in mind. */
const MOST_OF_A_READ = 40
const MOST_OF_A_CHARGE = 8

describe('following a value through the code', () => {
  let simulator: Simulator
  let visited: string[]
  const files = new VisitedFiles()
  before(async () => {
    simulator = await startSimulator()
    await files.start()
    const flow = await load({ simulator, vendor: 'thingsee', operation: 'thing', params: { tuid: 'TSPD04SIM00000001' } })
    // The first read loads modules, fetches the token and opens a socket.
    await flow.run()
    await files.visited()
    const { out } = await flow.run()
    assert.equal(out.length, 1)
    visited = await files.visited()
  })
  after(async () => {
    files.stop()
    await unload()
    await simulator.close()
  })

  it(`a read visits at most ${MOST_OF_A_READ} files`, () => {
    assert.ok(visited.length > 20, 'it was not counted')
    assert.ok(visited.length <= MOST_OF_A_READ, `${visited.length}:\n${visited.join('\n')}`)
  })

  it(`a charge of a budget visits at most ${MOST_OF_A_CHARGE}`, () => {
    const charge = visited.filter((file) => CHARGE.test(file))
    assert.ok(charge.length > 2 && charge.length <= MOST_OF_A_CHARGE, charge.join('\n'))
  })
})
