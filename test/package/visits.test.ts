/** How many files one takes to follow a value through the code: counted in a real flow, not in the source. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from './installation'

/** Where the way of a charge lies. */
const CHARGE = /^src\/lib\/(limiter|quota)\//

/** More than this, and the way through the code is hard to keep in mind. */
const MOST_OF_A_READ = 40
const MOST_OF_A_CHARGE = 8

describe('following a value through the code', () => {
  let visited: string[]
  before(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', join(ROOT, 'test', 'package', 'read-visits.ts')], { cwd: ROOT, timeout: 60_000 })
    visited = JSON.parse(stdout) as string[]
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
