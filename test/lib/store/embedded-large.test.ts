/** The embedded store with much data: what it takes at once, and how much memory it needs. */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { openEmbedded } from '../../../src/lib/store/embedded/embedded-store'

const LIMIT = 1_000_000
const MEBIBYTE = 1024 * 1024

describe('the embedded store with much data', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-large-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('refuses at once what would not be there after a restart', async () => {
    const store = await openEmbedded(folder)
    const queue = await store.queue('a')
    await queue.append(['small'], LIMIT)
    await assert.rejects(queue.append(['x'.repeat(65 * MEBIBYTE)], LIMIT), { code: 'UNAVAILABLE', message: /\(EFBIG\): it is too large; give less at a time$/ })
    assert.equal((await queue.state()).depth, 1)
    await queue.append(['later'], LIMIT)
    await store.close()
    const again = await openEmbedded(folder)
    assert.deepEqual((await (await again.queue('a')).take(9)).map(({ text }) => text), ['small', 'later'])
    await again.close()
  })

  it('has only a small part of a huge file in memory while it is opened', async () => {
    const megabytes = 192
    const store = await openEmbedded(folder, { segmentSize: Infinity })
    const queue = await store.queue('a')
    for (let count = 0; count < megabytes; count += 1) await queue.append(['x'.repeat(MEBIBYTE)], LIMIT)
    await store.close()
    const script = join(folder, 'child.js')
    buildSync({ entryPoints: [join(__dirname, 'embedded-child.ts')], outfile: script, bundle: true, platform: 'node', logLevel: 'silent' })
    const child = fork(script, [folder, 'measure'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const [[what, depth, growth]] = (await once(child, 'message')) as [[string, string, string]]
    await once(child, 'exit')
    assert.deepEqual([what, Number(depth)], ['measured', megabytes])
    assert.ok(Number(growth) < 64 * 1024, `it took ${growth} KiB`)
  })
})
