/** What the store does when another process has its folder, or is killed while it writes. */
import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { openEmbedded } from '../../../src/lib/store/embedded/embedded-store'
import type { Store } from '../../../src/lib/store/store'
import { seededRandom } from '../fake-clock'
import { pause, until } from '../../until'

const LIMIT = 1_000_000
const KILLS = 60

describe('the embedded store, when another process', function () {
  // A busy machine takes seconds to start one.
  this.timeout(120_000)
  let parent: string
  let folder: string
  let script: string
  const children: ChildProcess[] = []
  const stores: Store[] = []
  const open = async (maximumWait = 500): Promise<Store> => {
    const store = await openEmbedded(folder, { maximumWait })
    stores.push(store)
    return store
  }

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'store-'))
    folder = join(parent, 'sensor-clouds')
    script = join(parent, 'child.js')
    buildSync({ entryPoints: [join(__dirname, 'embedded-child.ts')], outfile: script, bundle: true, platform: 'node', logLevel: 'silent' })
  })

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await Promise.all(stores.splice(0).map((store) => store.close()))
    await rm(parent, { recursive: true })
  })

  async function start(...parameters: string[]): Promise<ChildProcess> {
    const child = fork(script, [folder, ...parameters], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    children.push(child)
    await once(child, 'message')
    return child
  }

  it('has the folder: says so, and takes it over once that one is gone, however it went', async () => {
    const child = await start()
    const message = `the store in ${folder} is used by another process; stop that process, or give this Node-RED its own user directory`
    await assert.rejects(open(200), { code: 'UNUSABLE', message })
    child.kill('SIGKILL')
    await once(child, 'exit')
    await (await open()).set('mine', 'yes')
    await assert.rejects(open(200), { code: 'UNUSABLE' })
  })

  it('is just closing: is waited for', async () => {
    const store = await open()
    const next = open(20_000)
    await pause(300)
    await store.set('last', 'word')
    await store.close()
    assert.equal(await (await next).get('last'), 'word')
  })

  it('comes at the same moment: one of them has it, also after a crash', async () => {
    for (let round = 0; round < 5; round += 1) {
      const child = await start()
      child.kill('SIGKILL')
      await once(child, 'exit')
      const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => open(0)))
      assert.equal(attempts.filter(({ status }) => status === 'fulfilled').length, 1, `round ${round}`)
      await Promise.all(stores.splice(0).map((store) => store.close()))
    }
  })

  it('in a folder whose name is longer than a socket may have', async () => {
    folder = join(parent, 'x'.repeat(120), 'sensor-clouds')
    const child = await start()
    await assert.rejects(open(0), { code: 'UNUSABLE' })
    child.kill('SIGKILL')
    await once(child, 'exit')
    await open()
  })

  it(`is killed ${KILLS} times while it writes: nothing that it accepted is lost, and nothing that is done comes back`, async function () {
    this.timeout(600_000)
    const random = seededRandom(11)
    const accepted = new Set<string>()
    const done = new Set<string>()
    const load = (kill: number): ChildProcess => {
      const child = fork(script, [folder, 'write', String(kill)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      children.push(child)
      return child
    }
    let next = load(0)
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = next
      const asked = new Set<string>()
      const said = new Set<string>()
      child.on('message', ([what = '', ...texts]: string[]) => {
        said.add(what)
        for (const text of texts) (what === 'accepted' ? accepted : what === 'done' ? done : asked).add(text)
      })
      const opened = once(child, 'message')
      child.send('open')
      // It loads its code while this one works.
      if (kill + 1 < KILLS) next = load(kill + 1)
      await opened
      // However slow the disk is, most lives get something done; the others end wherever they are.
      if (kill % 3 !== 0) await until(() => said.has('accepted') && said.has('done'), 'something is accepted and done')
      await pause(random() * 40)
      child.kill('SIGKILL')
      await once(child, 'close')
      for (const text of asked) if (!done.has(text)) accepted.delete(text)
    }
    const queue = await (await open()).queue('a')
    const left = new Set((await queue.take(LIMIT)).map(({ text }) => text))
    assert.ok(done.size >= (KILLS * 2) / 3, `only ${done.size} were done`)
    assert.ok(accepted.size >= KILLS / 2, `only ${accepted.size} were accepted`)
    assert.deepEqual([...accepted].filter((text) => !left.has(text) && !done.has(text)), [])
    assert.deepEqual([...done].filter((text) => left.has(text)), [])
  })
})
