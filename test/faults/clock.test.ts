import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator } from '../simulator'
import { until } from '../until'
import { bundle, Child } from './kill'
import type { ChildSettings } from './kill-child'

const STORE = join(__dirname, '..', '..', 'src', 'lib', 'store', 'embedded', 'embedded-store')
const SIX_HOURS = 21_600_000
/** ms by which a time may be wrong. */
const TOLERANCE = 2_000

describe('outbox of a process that is killed while its clock is 6 h behind', function () {
  this.timeout(60_000)

  it('delivers 1000 readings with their true times from the next process of the same boot', async function () {
    // Other systems have no boot id.
    if (process.platform !== 'linux') this.skip()
    const folder = await mkdtemp(join(tmpdir(), 'sensor-clouds-clock-'))
    const simulator = await startSimulator({ limits: { sensocanPerMinute: 1_000_000 } })
    try {
      const script = join(folder, 'child.cjs')
      await bundle(script, `import { openEmbedded } from ${JSON.stringify(STORE)}`, '({ folder }) => openEmbedded(folder)')
      const settings: ChildSettings = { folder: join(folder, 'store'), baseUrl: simulator.urls.sensocan, ...simulator.credentials.sensocan }
      simulator.faults.always({ status: 503 })
      const killed = new Child(script, { ...settings, clockAhead: -SIX_HOURS })
      await killed.ready
      const began = Date.now()
      await killed.feed({ next: 0 }, 200)
      await until(() => killed.accepted.length === 1_000, 'it accepts 1000 readings')
      const ended = Date.now()
      await killed.kill()

      simulator.faults.clear()
      const next = new Child(script, { ...settings, clockAhead: 0 })
      const { readings } = simulator.state.sensocan
      await until(() => new Set(readings.map(({ value }) => value)).size === 1_000, 'the next process delivers them')
      await next.kill()
      const times = readings.map(({ timestamp }) => Date.parse(timestamp))
      assert.ok(Math.min(...times) >= began - TOLERANCE, `the first is ${began - Math.min(...times)} ms too early`)
      assert.ok(Math.max(...times) <= ended + TOLERANCE, `the last is ${Math.max(...times) - ended} ms too late`)
      // Two requests may round the same moment to different ms.
      assert.ok(times.every((time, index) => time >= (times[index - 1] ?? 0) - 5), 'they are in their order')
    } finally {
      await simulator.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
})
