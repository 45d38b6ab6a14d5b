/** A watch whose process is killed without warning, again and again. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { startSimulator, type Simulator } from '../simulator'
import { pause, until } from '../until'
import { SPEED, type WatchChildSettings } from './watch-child'

const DEVICE = 'JDA54E19F'
/** Real ms between two readings of the device: ten minutes of the watch. */
const EVERY = 600_000 / SPEED

describe('a watch that is killed', function () {
  this.timeout(120_000)
  let folder: string
  let simulator: Simulator
  let child: ChildProcess | undefined
  let lines: string[] = []
  const begin = Date.now()
  const now = (): number => begin + (Date.now() - begin) * SPEED
  const events = (): string[] => lines.filter((line) => line !== 'ready')

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sensor-clouds-watch-'))
    simulator = await startSimulator({ now })
    simulator.state.senquip.devices.get(DEVICE)!.generated = false
    await build({ entryPoints: [join(__dirname, 'watch-child.ts')], outfile: join(folder, 'child.cjs'), bundle: true, platform: 'node', format: 'cjs', target: 'node20' })
  })
  after(async () => {
    await kill()
    await simulator.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function start(): Promise<void> {
    const settings: WatchChildSettings = { folder: join(folder, 'store'), baseUrl: simulator.urls.senquip, ...simulator.credentials.senquip, device: DEVICE, begin }
    child = spawn(process.execPath, [join(folder, 'child.cjs'), JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] })
    lines = [...events()]
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
    await until(() => lines.includes('ready'), 'the process watches')
  }

  async function kill(): Promise<void> {
    if (!child) return
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
    child = undefined
  }

  /** Readings come all the time, as the device sends them. */
  async function send(count: number): Promise<void> {
    for (let sent = 0; sent < count; sent += 1) {
      simulator.state.senquip.devices.get(DEVICE)!.messages.push({ deviceid: DEVICE, ts: Math.floor(now() / 100) / 10, vsys: 4.1 })
      await pause(EVERY)
    }
  }

  it('gives no false alarm, misses none, and tells each once', async () => {
    await start()
    await send(4)
    for (let kills = 0; kills < 3; kills += 1) {
      await kill()
      await Promise.all([start(), send(2)])
    }
    assert.deepEqual(events(), [])
    await kill()
    await start()
    await until(() => events().length > 0, 'the alarm', 60_000)
    assert.deepEqual(events(), ['silent'])
    // A finding is written within a second of the watch.
    await pause(100)
    await kill()
    await start()
    await pause(4 * EVERY)
    assert.deepEqual(events(), ['silent'])
    await send(2)
    await until(() => events().length > 1, 'it is back')
    assert.deepEqual(events(), ['silent', 'back'])
  })
})
