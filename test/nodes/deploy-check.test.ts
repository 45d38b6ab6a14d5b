/** The check at deploy: what is wrong with an account shows at once, and costs one request at most. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { passFast, type FastTime } from '../fast-time'
import { SimpleStore } from '../lib/store/simple-store'
import { startSimulator, type Simulator } from '../simulator'
import { pause, until } from '../until'
import { accountsOn, load, setCheckAtDeploy, unload, type Flow, type VendorId } from './harness'
import { WatchingEditor } from './overview'

helper.init(require.resolve('node-red'))

const OPERATIONS: Readonly<Record<VendorId, string>> = {
  senquip: 'list-devices', 'senquip-v1': 'device-summary', sensocan: 'auto', thingsee: 'groups', sensorist: 'users',
}
const VENDORS = Object.keys(OPERATIONS) as VendorId[]

describe('the check at deploy', function () {
  this.timeout(30_000)
  let fastTime: FastTime
  let simulator: Simulator
  let store: SimpleStore
  let editor: WatchingEditor | undefined
  beforeEach(async () => {
    setCheckAtDeploy(true)
    fastTime = passFast(5)
    simulator = await startSimulator()
    store = new SimpleStore()
  })
  afterEach(async () => {
    setCheckAtDeploy(false)
    editor?.close()
    editor = undefined
    await unload()
    await simulator.close()
    fastTime.end()
  })

  const start = (vendor: VendorId, credentials?: Record<string, unknown>, account: Record<string, unknown> = {}): Promise<Flow> =>
    load({ simulator, vendor, verb: vendor === 'sensocan' ? 'send-reading' : 'get-data', operation: OPERATIONS[vendor], store, account, ...(credentials ? { credentials } : {}) })
  const isChecked = (): boolean => [...store.texts.keys()].some((key) => key.startsWith('checked:'))
  /** Every secret is another one. */
  const wrong = (vendor: VendorId): Record<string, unknown> =>
    Object.fromEntries(Object.keys(accountsOn(simulator)[vendor].credentials).map((name) => [name, `${name}-of-nobody`]))

  for (const vendor of VENDORS)
    it(`${vendor}: one request at most, and none after a restart`, async () => {
      await start(vendor)
      await until(isChecked, 'the account is checked')
      const { length } = simulator.requests
      assert.ok(length <= 1, `${length} requests`)
      await unload()
      await start(vendor)
      await pause(300)
      assert.equal(simulator.requests.length, length)
    })

  for (const vendor of VENDORS)
    it(`${vendor}: a wrong key shows in log, status and sidebar`, async () => {
      const flow = await start(vendor, wrong(vendor))
      await until(() => flow.statuses.at(-1)?.fill === 'red', 'the status of the node')
      assert.ok(simulator.requests.length <= 1)
      const warnings = flow.log.flat().filter((entry) => (entry as { id?: string }).id === 'account')
      assert.equal(warnings.length, 1, JSON.stringify(warnings))
      assert.match(JSON.stringify(warnings), /\(40[013]\)/)
      editor = await WatchingEditor.open()
      assert.equal(editor.problems.length, 1)
      assert.ok(['rejected', 'problem'].includes(editor.account().state), editor.account().state)
      assert.equal(isChecked(), false)
    })

  it('is repeated for an account that has changed, and for no other', async () => {
    await simulator.close()
    // No answer stays fresh.
    simulator = await startSimulator({ maxAge: 0 })
    await start('sensorist')
    await until(isChecked, 'the account is checked')
    await unload()
    await start('sensorist', undefined, { timeout: '5000' })
    await until(() => simulator.requests.length === 2, 'the changed account is checked')
    await unload()
    await start('sensorist', undefined, { timeout: '5000', name: 'Another name' })
    await pause(300)
    assert.equal(simulator.requests.length, 2)
  })

  it('does nothing where settings.js turns it off', async () => {
    setCheckAtDeploy(false)
    await start('sensorist')
    await pause(300)
    assert.equal(simulator.requests.length, 0)
  })

  it('is forgotten once the account works', async () => {
    simulator.faults.next({ status: 403 })
    const flow = await start('sensorist')
    await until(() => flow.statuses.at(-1)?.fill === 'red', 'the check has failed')
    editor = await WatchingEditor.open()
    await editor.shows(/\(403\)/)
    await flow.run()
    await editor.clears()
  })
})
