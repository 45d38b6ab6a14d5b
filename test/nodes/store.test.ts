/** The config node of a store, and the shares that nodes have of the stores of a process. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import type { NodeAPI } from 'node-red'
import { openEmbedded } from '../../src/lib/store/embedded/embedded-store'
import { openRedis } from '../../src/lib/store/redis/redis-store'
import type { Store, StoreLease } from '../../src/lib/store/store'
import { registerStore, type StoreNode } from '../../src/nodes/stores/store-node'
import { leaseAccountStore } from '../../src/nodes/stores/account-store'
import { Stores, type Listener } from '../../src/lib/store/shared-stores'
import { SimpleStore } from '../lib/store/simple-store'
import { RedisRig } from '../lib/store/redis-rig'

const deaf: Listener = { onDamage: () => undefined, onOutage: () => undefined, onRecovery: () => undefined }

describe('the stores of a process', () => {
  const rig = new RedisRig()

  it('in Redis are one for each URL and password, and share the embedded one', async () => {
    const opened: SimpleStore[] = []
    const openEmbedded = (): Promise<Store> => {
      opened.push(new SimpleStore())
      return Promise.resolve(opened.at(-1)!)
    }
    const stores = new Stores({ openEmbedded, openRedis })
    const settings = { folder: '/a', redis: { url: rig.server.url, password: '' } }
    const leases: StoreLease[] = [stores.lease(settings, deaf), stores.lease(settings, deaf), stores.lease({ folder: '/a' }, deaf)]
    const [one, other, embedded] = await Promise.all(leases.map((lease) => lease.open()))
    assert.equal(one, other)
    assert.equal(embedded, opened[0])
    assert.equal(opened.length, 1)
    await leases[2]!.release()
    await leases[1]!.release()
    assert.equal(opened[0]!.closed, false, 'it keeps what waits while Redis is away')
    await leases[0]!.release()
    assert.equal(opened[0]!.closed, true)
    await assert.rejects(one!.get('key'), { code: 'CLOSED' })
  })
})

describe('the store node', () => {
  let folder: string
  let runtime: NodeAPI | undefined

  before(() => (folder = mkdtempSync(join(tmpdir(), 'store-node-'))))
  after(() => rmSync(folder, { recursive: true }))
  afterEach(() => helper.unload())

  /** Loads one store node, and gives the runtime that it is in. */
  async function load(store: object, credentials: object = {}): Promise<{ node: StoreNode; RED: NodeAPI }> {
    const register = (RED: NodeAPI): void => {
      runtime = RED
      RED.settings.userDir = folder
      registerStore(RED)
    }
    await helper.load([register], [{ id: 's1', type: 'sensor-cloud-store', name: '', ...store }], { s1: credentials })
    assert.ok(runtime)
    return { node: helper.getNode('s1') as StoreNode, RED: runtime }
  }

  it('says what is wrong with its settings', async () => {
    const { node } = await load({ kind: 'redis', url: 'localhost' })
    const lease = node.lease()
    await assert.rejects(lease.open(), /the URL of the Redis store must begin with redis:/)
    await lease.release()
  })

  it('tells in the log what a worn card has lost', async () => {
    const first = (await load({ kind: 'embedded' })).node.lease()
    const store = await first.open()
    for (const value of ['first', 'spoiled', 'third']) await store.set('key', value)
    await helper.unload()
    await first.release()
    const path = join(folder, 'sensor-clouds', 'values.log')
    const content = readFileSync(path)
    content[content.indexOf('spoiled')] = 0
    writeFileSync(path, content)
    const second = (await load({ kind: 'embedded' })).node.lease()
    assert.equal(await (await second.open()).get('key'), 'third')
    await second.release()
    const said = helper.log().args.map(([line]) => String((line as { msg?: unknown }).msg))
    assert.ok(said.some((line) => /^\d+ bytes of values in .*sensor-clouds are damaged, and their data is lost; the damaged file is kept with "\.damaged" in its name. Check the disk$/.test(line)), said.join('\n'))
  })

  it('is opened for nobody who asks after the end, since nobody would close it', async () => {
    const userDir = mkdtempSync(join(tmpdir(), 'late-'))
    const share = leaseAccountStore({ settings: { userDir } } as NodeAPI, {})
    await share.release()
    await assert.rejects(share.open(), { code: 'CLOSED' })
    await (await openEmbedded(join(userDir, 'sensor-clouds'), { maximumWait: 0 })).close()
    rmSync(userDir, { recursive: true })
  })

  it('that does not exist any more is said to whom names it', async () => {
    const { RED } = await load({ kind: 'embedded' })
    const share = leaseAccountStore(RED, { store: 'gone' })
    await assert.rejects(share.open(), /does not exist; choose another/)
    await share.release()
  })
})
