/** Damaged files of the store: what can be read is used, what cannot is reported and kept. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '../../../src/lib/store/embedded/embedded-store'
import type { Store } from '../../../src/lib/store/store'

const LIMIT = 1_000_000
const COUNT = 300
const textOf = (index: number): string => JSON.stringify({ reading: { sensorSlug: 'temp_01', value: index, timestamp: 1_770_000_000_000 + index } })
const TEXTS = Array.from({ length: COUNT }, (_, index) => textOf(index))

describe('the embedded store, when a file', () => {
  let folder: string
  let queueFolder: string
  let store: Store | undefined
  let damage: string[]

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-damage-'))
    queueFolder = join(folder, 'queues', 'a')
    damage = []
  })
  afterEach(async () => {
    await store?.close()
    await rm(folder, { recursive: true })
  })

  const open = async (): Promise<Store> => (store = await openEmbedded(folder, { onDamage: (said) => damage.push(String(said)) }))
  const close = async (): Promise<void> => {
    await store?.close()
    store = undefined
  }
  /** A queue with a file of many entries, each in a record of its own. */
  async function fill(): Promise<string> {
    const queue = await (await open()).queue('a')
    await Promise.all(TEXTS.map((text) => queue.append([text], LIMIT)))
    await close()
    return join(queueFolder, (await readdir(queueFolder))[0]!)
  }
  /** What the queue gives, after one more append. */
  async function content(): Promise<string[]> {
    const queue = await (await open()).queue('a')
    await queue.append(['later'], LIMIT)
    const entries = await queue.take(LIMIT)
    await queue.release(entries.map(({ id }) => id))
    return entries.map(({ text }) => text)
  }
  const aside = async (where: string): Promise<string[]> => (await readdir(where)).filter((name) => name.includes('.damaged-'))
  /** Delivers everything, which removes all files but the newest. */
  async function deliver(): Promise<void> {
    const queue = await store!.queue('a')
    await queue.done((await queue.take(LIMIT)).map(({ id }) => id))
  }

  for (const [what, bytes] of [['rubbish', (length: number) => randomBytes(length)], ['zeros', (length: number) => Buffer.alloc(length)]] as const) {
    it(`ends in ${what}: what stands before is used, the rest is reported and kept`, async () => {
      const path = await fill()
      const whole = await readFile(path)
      const half = whole.length / 2
      const damaged = Buffer.concat([whole.subarray(0, half), bytes(whole.length - half)])
      await writeFile(path, damaged)
      const texts = await content()
      assert.ok(texts.length > COUNT / 3 && texts.length < COUNT, `${texts.length} texts`)
      assert.deepEqual(texts, [...TEXTS.slice(0, texts.length - 1), 'later'])
      assert.equal(damage.length, 1)
      const [, count] = /^(\d+) bytes of queue a in \S+ are damaged, and their data is lost; .*"\.damaged"/.exec(damage[0]!) ?? []
      assert.ok(Math.abs(Number(count) - half) < 200, `${count} of ${half} bytes`)
      await deliver()
      assert.deepEqual(await readFile(join(queueFolder, (await aside(queueFolder))[0]!)), damaged, 'nothing of it is cut off or deleted')
      await close()
      assert.deepEqual(await content(), ['later'])
      assert.equal(damage.length, 1, 'it is reported until its file is set aside')
    })

    it(`holds nothing but ${what}: that is reported, and the file set aside at once`, async () => {
      const path = await fill()
      const damaged = bytes((await readFile(path)).length)
      await writeFile(path, damaged)
      assert.deepEqual(await content(), ['later'])
      assert.equal(damage.length, 1)
      assert.match(damage[0]!, new RegExp(`^${damaged.length} bytes `))
      assert.deepEqual(await readFile(join(queueFolder, (await aside(queueFolder))[0]!)), damaged)
    })
  }

  it('has a damaged last entry: that is reported too', async () => {
    const path = await fill()
    const bytes = await readFile(path)
    bytes[bytes.length - 20]! ^= 1
    await writeFile(path, bytes)
    assert.deepEqual(await content(), [...TEXTS.slice(0, -1), 'later'])
    assert.equal(damage.length, 1)
  })

  it('is damaged twice: each damaged file gets a name of its own', async () => {
    for (const expected of [1, 2]) {
      const path = await fill()
      await writeFile(path, randomBytes(50_000))
      await open().then((opened) => opened.queue('a'))
      await close()
      assert.equal((await aside(queueFolder)).length, expected)
    }
  })

  it('ends in an append that a crash interrupted: nothing is reported', async () => {
    const path = await fill()
    await truncate(path, (await readFile(path)).length - 7)
    assert.deepEqual(await content(), [...TEXTS.slice(0, -1), 'later'])
    await deliver()
    assert.deepEqual([damage, await aside(queueFolder)], [[], []])
  })

  it('holds the values: the readable ones stay, and the damaged file is kept', async () => {
    await open()
    for (let index = 0; index < 100; index += 1) await store!.set(`key ${index}`, `value ${index}`)
    await close()
    const path = join(folder, 'values.log')
    const whole = await readFile(path)
    const damaged = Buffer.concat([whole.subarray(0, whole.length / 2), randomBytes(whole.length / 2)])
    await writeFile(path, damaged)
    await open()
    assert.deepEqual([await store!.get('key 3'), await store!.get('key 99')], ['value 3', undefined])
    await store!.set('key 99', 'again')
    await close()
    assert.deepEqual([damage.length, await readFile(join(folder, (await aside(folder))[0]!))], [1, damaged])
    assert.deepEqual([await (await open()).get('key 3'), await store!.get('key 99')], ['value 3', 'again'])
    assert.equal(damage.length, 1)
  })

  it('is a symbolic link: it is refused, not followed', async function () {
    if (process.platform === 'win32') this.skip()
    const path = await fill()
    const target = join(folder, 'elsewhere')
    await rename(path, target)
    await symlink(target, path)
    const before = await readFile(target)
    await assert.rejects((await open()).queue('a'), { code: 'UNAVAILABLE', message: /\(ELOOP\): one of its files is a symbolic link, which is not followed; replace the link with the file itself$/ })
    await close()
    await rm(join(folder, 'values.log'))
    await symlink(target, join(folder, 'values.log'))
    await assert.rejects(open(), { code: 'UNAVAILABLE', message: /ELOOP/ })
    assert.deepEqual(await readFile(target), before)
  })
})
