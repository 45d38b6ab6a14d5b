/** A runtime whose catalogs are in another language: what nodes say of failures is in it too. */
import { strict as assert } from 'node:assert'
import fs from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { NodeAPI } from 'node-red'
import sinon from 'sinon'
import helper from 'node-red-node-test-helper'
import { sharedText } from '../../src/nodes/runtime/language'
import { ENGLISH, linesOf, TEXT_STORE } from '../../src/nodes/runtime/text-store'
import { startSimulator, type Simulator } from '../simulator'
import { post, typed } from './admin'
import { load, unload } from './harness'

/** A code that no real language has. */
const LANGUAGE = 'qaa'
const THING = 'XXXX00X1O73360355'

const TEXTS = {
  '__1__ __2__: __3__': '__1__ __2__: __3__',
  '__1__ (__2__): __3__; __4__': '__1__ (__2__): __3__; __4__',
  'nothing found for __1__': 'Nichts gefunden zu __1__',
  'check it, then "__1__" in the account': 'prüfen Sie das, dann „__1__“ im Konto',
  'not found: __1__': 'nicht gefunden: __1__',
  'Thing (tuid)': 'Gerät (tuid)',
  '"__1__" __2__': '„__1__“ __2__',
  'must be __1__, not __2__': 'muss __1__ sein, nicht __2__',
  'at least __1__': 'mindestens __1__',
  'unexpected response format: not JSON, it begins with "__1__"; check the base URL in the account': 'Statt JSON kam "__1__"; prüfen Sie die Basis-URL',
  'no account is chosen': 'kein Konto ist gewählt',
  'is required: __1__': 'ist erforderlich: __1__',
  'Give the tuid printed on the device, 17 letters and digits': 'Gerätekennung (tuid), wie sie aufgedruckt ist. Mehr dazu in der Hilfe.',
  'deployment groups: __1__': 'Gruppen: __1__',
}

/** A module that makes Node-RED speak it. */
function abroad(RED: NodeAPI): void {
  RED._ = ((key: string) => (key === sharedText('language') ? LANGUAGE : key))
}

describe('in another language', () => {
  let simulator: Simulator
  before(() => {
    const read = sinon.stub(fs, 'readFileSync').callThrough()
    const english = { language: ENGLISH, dialogs: {}, others: Object.keys(TEXTS) }
    const translated = { language: LANGUAGE, dialogs: {}, others: Object.values(TEXTS) }
    read.withArgs(join(process.cwd(), TEXT_STORE)).returns(brotliCompressSync(linesOf([english, translated])))
  })
  after(() => sinon.restore())
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  const fails = async (operation: string, params: Record<string, unknown>, node: Record<string, unknown> = {}) => {
    const flow = await load({ simulator, vendor: 'thingsee', operation, params, node, nodes: [abroad] })
    const { caught } = await flow.run()
    const error = caught[0]?.error
    assert.ok(error)
    return { error, status: flow.statuses.at(-1)?.text ?? '' }
  }

  it('message and status are in it, and the code is the same', async () => {
    const { error, status } = await fails('thing', { tuid: THING })
    assert.match(error.message, /^Haltian Thingsee, State of a thing: Nichts gefunden zu Gerät \(tuid\) \w+ \(404\): .+; prüfen Sie das, dann „Base URL“ im Konto$/)
    assert.equal(error.code, 'NOT_FOUND')
    assert.match(status, /^nicht gefunden: Gerät \(tuid\) \w+$/)
  })

  it('the rules of fields are in it too', async () => {
    const { error } = await fails('messages', { tuid: THING, limit: 0 })
    assert.equal(error.message, 'Haltian Thingsee, Messages of a thing: „Limit“ muss mindestens 1 sein, nicht 0')
    assert.equal(error.code, 'INVALID')
  })

  it('the help of a field that is not given keeps the capitals of its language', async () => {
    const { error } = await fails('thing', {})
    assert.equal(error.message, 'Haltian Thingsee, State of a thing: „Gerät (tuid)“ ist erforderlich: Gerätekennung (tuid), wie sie aufgedruckt ist')
  })

  it('the test of a connection is in it', async () => {
    await new Promise<void>((resolve) => helper.startServer(resolve))
    try {
      await load({ simulator, vendor: 'thingsee', operation: 'groups', nodes: [abroad] })
      const { json } = await post('test', { account: typed(simulator, { vendor: 'thingsee' }) })
      assert.match(String(json?.says), /^Gruppen: \d+$/)
    } finally {
      await unload()
      await new Promise<void>((resolve) => helper.stopServer(resolve))
    }
  })

  it('what has no translation is in English', async () => {
    const { error } = await fails('thing', {}, { accountThingsee: '' })
    assert.equal(error.message, 'Haltian Thingsee, State of a thing: kein Konto ist gewählt; open the node and choose one')
  })

  it('a secret stands in none of them', async () => {
    simulator.faults.next({ body: 'simulated-client-secret <html>', match: { path: `/things/${THING}` } })
    const { error, status } = await fails('thing', { tuid: THING })
    assert.match(error.message, /: Statt JSON kam "••• <html>"; prüfen Sie die Basis-URL$/)
    assert.ok(!`${error.message}${status}`.includes('simulated-client-secret'))
  })
})
