/** The checks of this suite notice what they are for. */
import assert from 'node:assert/strict'
import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { pause } from '../until'
import { LoopWatch } from './loop-watch'
import type { Harm } from './protocol'
import { Victim } from './victim-process'

/** Each harm, and how the suite must speak of it. */
const HARMS: readonly [how: Harm, says: RegExp, waits: number][] = [
  ['block', /the event loop stood still: [3-9]\d\d ms computing/, 4_000],
  ['wait', /the event loop stood still: \d+ ms computing \(at most 200\), 2\d\d\d ms by the clock/, 4_000],
  ['reject', /unhandled rejection: Error: on purpose/, 3_000],
  ['throw', /uncaught exception: Error: on purpose/, 3_000],
  ['exit', /the process (has )?ended/, 300],
  ['memory', /the process (has )?ended/, 10_000],
  ['hang', /the process has answered no control request for \d+ ms/, 30_000],
]

describe('a hostile world: the checks', function () {
  this.timeout(60_000)
  // Longer than the harm `wait`, and than what a full heap takes to collect.
  const victim = new Victim(undefined, 6_000)
  /** For a process that never answers again: each second of waiting computes for a second. */
  const impatient = new Victim(undefined, 1_500)
  after(() => Promise.all([victim.end(), impatient.end()]))

  it('pass a Node-RED that does nothing', async () => {
    await victim.attack(() => pause(100))
  })

  for (const [how, says, waits] of HARMS)
    it(`notice a process that is harmed by: ${how}`, async () => {
      const harm = (how === 'hang' ? impatient : victim).attack(async (node) => {
        await node.ask({ name: 'harm', how })
        await pause(how === 'exit' || how === 'memory' ? 100 : Math.min(waits, 300))
        await node.ask({ name: 'ping' }, waits)
      })
      await assert.rejects(harm, (error: Error) => says.test(error.message))
    })

  it('count what the event loop computes, and not what other threads do meanwhile', async function () {
    if (process.platform !== 'linux') this.skip()
    const watch = new LoopWatch()
    watch.start()
    const hashes = Promise.all([1, 2].map(() => promisify(pbkdf2)('password', 'salt', 400_000, 64, 'sha512')))
    await pause(50)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
    await pause(50)
    const { computing, waiting } = watch.stop()
    await hashes
    assert.ok(waiting > 300, `${waiting} ms`)
    assert.ok(computing < 100, `${computing} ms`)
  })
})
