/** The dialogs of the nodes that write: their own properties, warnings, builders, and what they do when deployed. */
import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import type { Operation, Verb } from '../../src/lib/vocabulary/operation'
import { accountProperty, operationsOf, type Vendor } from '../../src/lib/vocabulary/vendor'
import { vendors } from '../../src/lib/vendors'
import type { VendorId } from '../nodes/harness'
import type { Editor } from './editor'
import { ParamRows } from './param-rows'
import { TAB, useSession } from './session'

const VENDOR_IDS = Object.keys(vendors) as VendorId[]
const WRITES: readonly Verb[] = ['send-reading', 'send-command', 'set-alarm', 'register-device']

const operationsOfVerb = (id: VendorId, verb: Verb): [string, Operation][] => Object.entries(operationsOf(vendors[id] as Vendor, verb))
const OFFERS = WRITES.flatMap((verb) => VENDOR_IDS.filter((id) => operationsOfVerb(id, verb).length > 0).map((id) => [verb, id] as const))

/** Rows that not every operation has, and of which it depends. */
const OWN_ROWS: Readonly<Partial<Record<Verb, Readonly<Record<string, (operation: Operation) => boolean>>>>> = {
  'send-command': { ttl: () => true, awaitResult: (operation) => 'follow' in operation, awaitTimeout: (operation) => 'follow' in operation },
  'send-reading': { outbox: () => true, outboxLimit: () => true, batchWindow: () => true, syncWindow: () => true },
  'set-alarm': { ifAbsent: (operation) => 'existing' in operation, confirmed: ({ deletesMany = false }) => deletesMany },
  'register-device': { confirmed: ({ deletesMany = false }) => deletesMany },
}

/** An inject and an unconfigured node for each verb. */
function emptyFlow(): object[] {
  // One gateway that is free, and one that there is not.
  const rows = [{ serial: '10000009' }, { serial: '99999999' }]
  return [
    { id: 'tab', type: 'tab', label: TAB },
    ...WRITES.flatMap((verb, index) => [
      { id: `inject${index}`, z: 'tab', type: 'inject', name: `ask ${verb}`, props: [{ p: 'payload' }], payload: verb === 'register-device' ? JSON.stringify(rows) : '{"sensorSlug":"temp_01","value":21.5}', payloadType: 'json', repeat: '', crontab: '', once: false, x: 180, y: 100 + 120 * index, wires: [[`write${index}`]] },
      { id: `write${index}`, z: 'tab', type: `sensor-cloud-${verb}`, name: verb, x: 480, y: 100 + 120 * index, wires: [[]] },
    ]),
  ]
}

describe('dialogs of writes in a browser', function () {
  this.timeout(240_000)
  const session = useSession(emptyFlow)
  const editor = (): Editor => session().editor
  const rows = (): ParamRows => new ParamRows(editor().page)
  const row = (name: string): Locator => editor().page.locator(`#sensor-clouds-row-${name}`)
  const input = (name: string): Locator => editor().page.locator(`#node-input-${name}`)

  const choose = async (id: VendorId, operation: string): Promise<void> => {
    await input('vendor').selectOption(id)
    await input('operation').selectOption(operation)
  }
  it('begins with the only vendor and what it prefers, and with the only operation of another', async () => {
    await editor().openNode('send-reading')
    assert.deepEqual([await input('vendor').inputValue(), await input('operation').inputValue()], ['sensocan', 'auto'])
    assert.deepEqual([await row('outbox').isVisible(), await row('outboxLimit').isVisible()], [true, true])
    await editor().cancel()
    await editor().openNode('set-alarm')
    await input('vendor').selectOption('senquip')
    assert.equal(await input('operation').inputValue(), 'set-threshold')
    await input('vendor').selectOption('sensorist')
    assert.equal(await input('operation').inputValue(), '', 'several, of which none is preferred')
    await editor().cancel()
  })

  const addAccount = async (id: VendorId): Promise<void> => {
    await editor().page.locator(`#node-input-btn-${accountProperty(id)}-add`).click()
    await editor().page.locator('#node-config-dialog-ok').waitFor()
    await session().fillAccount(id)
    await editor().done('node-config-dialog')
  }
  const exported = async (name: string): Promise<Record<string, unknown>> =>
    (JSON.parse(await editor().exportAll()) as Record<string, unknown>[]).find((node) => node.name === name)!

  for (const [verb, id] of OFFERS)
    it(`${verb} of ${vendors[id].title}: exactly the params, properties and warnings of each operation`, async () => {
      const { page } = editor()
      await editor().openNode(verb)
      await input('vendor').selectOption(id)
      for (const [operation, entry] of operationsOfVerb(id, verb)) {
        await input('operation').selectOption(operation)
        await rows().assertFields(entry.fields)
        for (const [name, field] of Object.entries(entry.fields)) await rows().assertJudged(name, field)
        for (const [name, isShown] of Object.entries(OWN_ROWS[verb] ?? {})) assert.equal(await row(name).isVisible(), isShown(entry), `${operation} ${name}`)
        const warnings = await page.locator('#sensor-clouds-note .sensor-clouds-warning').allInnerTexts()
        for (const sentence of [entry.destructive, entry.unverified])
          if (sentence !== undefined) assert.ok(warnings.some((warning) => warning.includes(sentence)), sentence)
        assert.equal(warnings.length, [entry.destructive, entry.unverified].filter(Boolean).length)
        await editor().picture(`${verb}-${id}-${operation}`)
      }
      await editor().cancel()
    })

  it('takes the payload for readings unless something else is chosen', async () => {
    await editor().openNode('send-reading')
    await choose('sensocan', 'auto')
    await addAccount('sensocan')
    assert.equal(await rows().input('readings').inputValue(), 'payload')
    await editor().done()
    const node = await exported('send-reading')
    assert.deepEqual(node.params, { readings: { type: 'msg', value: 'payload' } })
    assert.deepEqual([node.outbox, node.outboxLimit, node.batchWindow, node.syncWindow], [true, '100000', '250', '0'])
  })

  it('judges and keeps how the outbox is used, and asks for it only with an outbox', async () => {
    const { page } = editor()
    await editor().openNode('send-reading')
    await choose('sensocan', 'auto')
    for (const [name, wrong, words] of [['outboxLimit', '0', /must be at least 1, not 0/], ['batchWindow', '-1', /must be at least 0, not -1/], ['syncWindow', '-1', /must be at least 0, not -1/]] as const) {
      await input(name).fill(wrong)
      assert.match(await page.locator(`#node-input-${name}-problem`).innerText(), words)
      await input(name).fill('500')
      assert.equal(await page.locator(`#node-input-${name}-problem`).isVisible(), false)
    }
    await input('outbox').uncheck()
    assert.deepEqual([await row('outboxLimit').isVisible(), await row('batchWindow').isVisible(), await row('syncWindow').isVisible()], [false, false, false])
    await editor().done()
    const { outbox, outboxLimit, batchWindow, syncWindow } = await exported('send-reading')
    assert.deepEqual({ outbox, outboxLimit, batchWindow, syncWindow }, { outbox: false, outboxLimit: '500', batchWindow: '500', syncWindow: '500' })
  })

  it('suggests names of files while one types, and takes another', async () => {
    const { page } = editor()
    await editor().openNode('send-command')
    await choose('senquip', 'load-file')
    await rows().input('fileName').pressSequentially('crt')
    const menu = page.locator('.red-ui-autoComplete-container')
    await menu.getByText('mqtt_client.crt').click()
    assert.equal(await rows().input('fileName').inputValue(), 'mqtt_client.crt')
    await rows().input('fileName').fill('own.pem')
    assert.equal(await rows().input('fileName').inputValue(), 'own.pem')
    await editor().cancel()
  })

  it('judges and keeps the time to live and the waiting for a result', async () => {
    const { page } = editor()
    await editor().openNode('send-command')
    await choose('sensorist', 'gateway-command')
    for (const name of ['ttl', 'awaitTimeout']) {
      await input(name).fill('soon')
      assert.match(await page.locator(`#node-input-${name}-problem`).innerText(), /must be a number, not "soon"/)
      await input(name).fill('60')
      assert.equal(await page.locator(`#node-input-${name}-problem`).isVisible(), false)
    }
    await input('awaitResult').check()
    await editor().done()
    const { ttl, awaitResult, awaitTimeout } = await exported('send-command')
    assert.deepEqual({ ttl, awaitResult, awaitTimeout }, { ttl: '60', awaitResult: true, awaitTimeout: '60' })
  })

  it('builds commands within their ranges', async () => {
    const { page } = editor()
    await editor().openNode('send-command')
    await choose('thingsee', 'command')
    const kind = page.getByLabel('Build a command', { exact: true })
    const add = page.locator('.sensor-clouds-builder').getByRole('button', { name: 'Add' })
    await kind.and(page.locator('select')).selectOption('1500')
    await page.getByLabel('Measurement interval').fill('0')
    await add.click()
    assert.match(await page.locator('#sensor-clouds-param-commands-builder-measurementInterval-problem').innerText(), /at least 1/)
    assert.equal(await rows().input('commands').inputValue(), '')
    await page.getByLabel('Measurement interval').fill('60')
    await page.getByLabel('Report interval').fill('300')
    await add.click()
    assert.deepEqual(JSON.parse(await rows().input('commands').inputValue()), [{ tsmId: 1500, measurementInterval: 60, reportInterval: 300 }])
    await kind.and(page.locator('select')).selectOption('13200')
    await page.getByLabel('Threshold').fill('59')
    await add.click()
    assert.match(await page.locator('#sensor-clouds-param-commands-builder-threshold-problem').innerText(), /from 60 to 1100/)
    await editor().picture('builder')
    await page.getByLabel('Threshold').fill('150')
    await add.click()
    await rows().input('tuid').fill('TSPD04SIM00000001')
    await addAccount('thingsee')
    await editor().done()
    const { params } = (await exported('send-command')) as { params: Record<string, { type: string; value: string }> }
    assert.equal(params.commands?.type, 'json')
    assert.deepEqual(JSON.parse(params.commands.value), [{ tsmId: 1500, measurementInterval: 60, reportInterval: 300 }, { tsmId: 13200, threshold: 150 }])
  })

  it('opens an account with the keyboard alone', async () => {
    const { page } = editor()
    await editor().openNode('set-alarm')
    await choose('sensorist', 'create-alarm')
    await page.locator(`#node-input-${accountProperty('sensorist')}`).focus()
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    assert.equal(await focused.getAttribute('aria-label'), 'Add: Sensorist account')
    await page.keyboard.press('Enter')
    await page.locator('#node-config-dialog-ok').waitFor()
    await session().fillAccount('sensorist')
    await editor().done('node-config-dialog')
    assert.equal(await page.locator(`#node-input-btn-${accountProperty('sensorist')}-edit`).getAttribute('tabindex'), '0')
    await rows().input('dataSource').fill('220200')
    await rows().input('value').fill('40')
    const direction = page.locator('.sensor-clouds-param').filter({ has: page.locator('#sensor-clouds-param-direction-label') })
    await direction.locator('.red-ui-typedInput-option-trigger').click()
    await page.locator('.red-ui-typedInput-options:visible').getByText('Above the value').click()
    assert.equal(await input('ifAbsent').isChecked(), true)
    await editor().picture('set-alarm-filled')
    await editor().done()
  })

  it('deploys, and each node writes', async () => {
    await editor().openNode('register-device')
    await choose('sensorist', 'add-gateway')
    await rows().input('serial').fill('10000001')
    await editor().done()
    await editor().deploy()
    const outcomes: readonly (readonly [string, RegExp])[] = [
      ['send-reading', /^ok · /],
      ['send-command', /^ok · /],
      ['set-alarm', /^ok · /],
      ['set-alarm', /^exists already · /],
      ['register-device', /^1 of 2 registered · /],
    ]
    for (const [verb, wanted] of outcomes) {
      await editor().inject(`ask ${verb}`)
      await editor().status(verb, wanted)
    }
    await editor().picture('canvas-writes')
  })
})
