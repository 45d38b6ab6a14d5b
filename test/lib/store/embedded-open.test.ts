/** The embedded store while it is opened and closed: its folder, its faults, and the names of its queues. */
import assert from 'node:assert/strict'
import fs, { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sinon from 'sinon'
import { openEmbedded } from '../../../src/lib/store/embedded/embedded-store'
import { storeError } from '../../../src/lib/store/embedded/fault'
import { keepAside, setAside } from '../../../src/lib/store/embedded/files'
import { StoreError, type Store } from '../../../src/lib/store/store'
import { sentence } from '../../../src/lib/base/sentence'
import { pause } from '../../until'

const LIMIT = 1000

describe('the embedded store, opened', () => {
  let folder: string
  let stores: Store[]
  const open = async (maximumWait = 0): Promise<Store> => {
    const store = await openEmbedded(folder, { maximumWait })
    stores.push(store)
    return store
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-open-'))
    stores = []
  })
  afterEach(async () => {
    sinon.restore()
    await Promise.all(stores.map((store) => store.close()))
    await rm(folder, { recursive: true, force: true })
  })

  it('takes a folder that others could read for its owner alone', async function () {
    if (process.platform === 'win32') this.skip()
    await chmod(folder, 0o755)
    await open()
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
  })

  it('is one for a folder, until it is closed', async () => {
    const store = await open()
    const began = performance.now()
    await assert.rejects(openEmbedded(folder, { maximumWait: 150 }), { code: 'UNUSABLE' })
    const waited = performance.now() - began
    assert.ok(waited >= 149 && waited < 4_000, `it waited for ${waited} ms`)
    await store.close()
    await open()
  })

  it('waits some seconds for another one unless told otherwise', async () => {
    const first = await open()
    const opening = openEmbedded(folder)
    await pause(150)
    await first.close()
    stores.push(await opening)
  })

  it('lets go of its folder when its values cannot be read', async () => {
    await mkdir(join(folder, 'values.log'))
    await assert.rejects(open(), { code: 'UNAVAILABLE', message: /\(EISDIR\): check the disk$/ })
    await rm(join(folder, 'values.log'), { recursive: true })
    await open()
  })

  it('opens a queue again that could not be opened before', async () => {
    const store = await open()
    await writeFile(join(folder, 'queues'), 'a file where a folder should be')
    await assert.rejects(store.queue('a'), { code: 'UNAVAILABLE', message: /\(E(EXIST|NOTDIR)\)/ })
    await rm(join(folder, 'queues'))
    const queue = await store.queue('a')
    await queue.append(['text'], LIMIT)
    assert.equal((await queue.state()).depth, 1)
  })

  it('gives a queue a folder of its own, whatever its name is', async () => {
    const store = await open()
    const simple = ['a', '7', 'outbox-1.device', 'x'.repeat(61)]
    const others = ['', 'A', 'outbox A', '.hidden', '-a', 'a/b', '../a', 'ä', 'a\n', 'x'.repeat(62)]
    for (const name of [...simple, ...others]) await (await store.queue(name)).append([name], LIMIT)
    const folders = await readdir(join(folder, 'queues'))
    assert.deepEqual(folders.filter((name) => !name.startsWith('_')).toSorted(), simple.toSorted(), 'simple names stay readable')
    assert.equal(folders.filter((name) => /^_[\da-f]{32}$/.test(name)).length, others.length)
    await store.close()
    const again = await open()
    for (const name of [...simple, ...others]) assert.deepEqual((await (await again.queue(name)).take(9)).map(({ text }) => text), [name])
  })

  it('needs nobody who listens to be told of damage', async () => {
    const store = await open()
    await store.set('key', 'value')
    await store.close()
    await writeFile(join(folder, 'values.log'), Buffer.concat([await readFile(join(folder, 'values.log')), Buffer.from('rubbish')]))
    assert.equal(await (await open()).get('key'), 'value')
  })

  it('closes although a queue could not be opened, and closes the others', async () => {
    const store = await open()
    const queue = await store.queue('a')
    await writeFile(join(folder, 'queues', 'b'), 'a file where a folder should be')
    const failing = assert.rejects(store.queue('b'), { code: 'UNAVAILABLE' })
    await store.close()
    await failing
    await assert.rejects(queue.take(1), { code: 'CLOSED' })
    await open()
  })

  it('is closed for every call afterwards, and closing it again waits for the same end', async () => {
    const store = await open()
    const closing = store.close()
    assert.equal(store.close(), closing)
    for (const call of [() => store.get('key'), () => store.set('key', 'value'), () => store.delete('key'), () => store.queue('a')])
      await assert.rejects(call(), { code: 'CLOSED', message: `the store in ${folder} is closed; deploy the flow again` })
    await closing
  })
})

describe('a fault of the disk', () => {
  const messageOf = (code: unknown): string => storeError('/data', Object.assign(new Error('made for a test'), { code })).message

  for (const [code, meaning] of [
    ['ENOSPC', 'the disk is full; make room'],
    ['EDQUOT', 'the disk quota is used up; make room'],
    ['EACCES', 'this process may not write there; correct the permissions of the folder'],
    ['EPERM', 'this process may not write there; correct the permissions of the folder'],
    ['EMFILE', 'too many files are open; raise the open-file limit of the process'],
    ['EIO', 'the disk reports an error; check it'],
    ['EBADF', 'check the disk'],
  ] as const)
    it(`${code} says what to do`, () => assert.equal(messageOf(code), `the store in /data cannot be used (${code}): ${meaning}`))

  it('without a code is unknown', () => {
    for (const message of [messageOf(undefined), messageOf(7), storeError('/data', 'a text').message, storeError('/data', new Error('no code')).message])
      assert.equal(message, 'the store in /data cannot be used (unknown error): check the disk')
  })

  it('that was explained before stays as it is', () => {
    const explained = new StoreError('FULL', sentence`the queue is full`)
    assert.equal(storeError('/data', explained), explained)
  })
})

describe('a damaged file', () => {
  let folder: string
  let path: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-aside-'))
    path = join(folder, 'values.log')
  })
  afterEach(async () => {
    sinon.restore()
    await rm(folder, { recursive: true })
  })
  const contents = async (): Promise<string[]> => Promise.all((await readdir(folder)).toSorted().map(async (name) => `${name}: ${await readFile(join(folder, name), 'utf8')}`))

  it('gets the first free name', async () => {
    for (const content of ['first', 'second', 'third']) {
      await writeFile(path, content)
      await setAside(path)
    }
    assert.deepEqual(await contents(), ['values.log.damaged-1: first', 'values.log.damaged-2: second', 'values.log.damaged-3: third'])
  })

  for (const [what, hasLinks] of [['of a disk with links', true], ['of a disk without links', false]] as const)
    it(`${what} stays under a second name when it is replaced`, async () => {
      if (!hasLinks) sinon.stub(fs, 'link').rejects(Object.assign(new Error('made for a test'), { code: 'ENOSYS' }))
      await writeFile(path, 'damaged')
      await keepAside(path)
      await rm(path)
      assert.deepEqual(await contents(), ['values.log.damaged-1: damaged'])
    })
})
