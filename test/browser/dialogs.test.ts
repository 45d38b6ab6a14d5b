/** The dialogs in a real editor: filled in by hand, deployed, and run against the simulator. */
import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import type { Fields } from '../../src/lib/vocabulary/operation'
import { accountProperty, operationsOf, type Vendor } from '../../src/lib/vocabulary/vendor'
import { vendors } from '../../src/lib/vendors'
import { accountsOn, type VendorId } from '../nodes/harness'
import type { Editor } from './editor'
import { ParamRows } from './param-rows'
import { TAB, useSession } from './session'

interface Read {
  operation: string
  params: Record<string, string>
}

/** The read that each vendor's node is left with. */
const READS: Partial<Record<VendorId, Read>> = {
  senquip: { operation: 'device-data', params: { deviceId: 'JDA54E19F', datapoints: '3' } },
  'senquip-v1': { operation: 'device-data', params: { deviceId: 'JDA54E19F', datapoints: '2' } },
  thingsee: { operation: 'messages', params: { tuid: 'TSPD04SIM00000001', limit: '50' } },
  sensorist: { operation: 'measurements-latest', params: { dataSources: '220200,220201' } },
}
const READERS = Object.entries(READS) as [VendorId, Read][]

/** Credentials that only name the user: the editor gets them back, in the reply that it shows in the dialog. */
const READABLE = new Set(['email', 'clientId'])

const vendorOf = (id: VendorId): Vendor => vendors[id]
const nameOf = (id: VendorId): string => `read ${id}`
const injectOf = (id: VendorId): string => `ask ${id}`

/** A tab with an inject and an unconfigured node for each vendor. */
function emptyFlow(): object[] {
  return [
    { id: 'tab', type: 'tab', label: TAB },
    ...READERS.flatMap(([id], index) => [
      { id: `inject${index}`, z: 'tab', type: 'inject', name: injectOf(id), props: [{ p: 'payload' }], payload: '', payloadType: 'date', repeat: '', crontab: '', once: false, x: 160, y: 100 + 120 * index, wires: [[`read${index}`]] },
      { id: `read${index}`, z: 'tab', type: 'sensor-cloud-get-data', name: nameOf(id), x: 460, y: 100 + 120 * index, wires: [[]] },
    ]),
  ]
}

/** As Postman exports it, with another address and other paths than the assumed ones. */
function collection(): object {
  const request = (name: string, path: string): object => ({ name, request: { method: 'GET', url: { raw: `{{base}}/${path}`, host: ['{{base}}'], path: path.split('/') } } })
  return {
    info: { name: 'Documentation', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    item: [request('List All Devices', 'units'), { name: 'Device', item: [request('Get Device Data', 'units/:deviceId/data')] }, request('Upload', 'units/:deviceId/upload/:fileName')],
    variable: [{ key: 'base', value: 'https://api.test/v9' }],
  }
}

/** The only node of a type in an exported text. */
function ofType(exported: string, type: string): Record<string, unknown> {
  const found = (JSON.parse(exported) as Record<string, unknown>[]).filter((node) => node.type === type)
  assert.equal(found.length, 1, type)
  return found[0]!
}

/** A secret as it is, in a URL, in a form, in base64 and as the Basic header that carries it. */
function formsOf(credentials: Readonly<Record<string, string>>): string[] {
  const values = Object.values(credentials)
  return [...values, values.join(':')].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice(1),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ])
}

describe('dialogs in a browser', function () {
  this.timeout(240_000)
  const session = useSession(emptyFlow)
  const editor = (): Editor => session().editor

  for (const [id, read] of READERS)
    describe(`get data from ${vendorOf(id).title}`, () => {
      const property = accountProperty(id)
      const rows = (): ParamRows => new ParamRows(editor().page)

      it('shows the account of the vendor that is chosen, and of no other', async () => {
        const { page } = editor()
        await editor().openNode(nameOf(id))
        await page.locator('#node-input-vendor').selectOption(id)
        for (const other of Object.keys(vendors) as VendorId[])
          assert.equal(await page.locator(`#sensor-clouds-row-${accountProperty(other)}`).isVisible(), other === id, other)
      })

      it('takes settings and credentials of the account', async () => {
        const { page } = editor()
        await page.locator(`#node-input-btn-${property}-add`).click()
        await page.locator('#node-config-dialog-ok').waitFor()
        await session().fillAccount(id)
        await editor().picture(`account-${id}`)
        await editor().done('node-config-dialog')
        const chosen = page.locator(`#node-input-${property} option:checked`)
        assert.equal(await chosen.innerText(), `Account of ${id}`)
      })

      it('shows exactly the params of each operation, and judges what is typed', async () => {
        const { page } = editor()
        const operations = Object.entries(operationsOf(vendorOf(id), 'get-data'))
        const offered = await page.locator('#node-input-operation option').evaluateAll((options) => options.map((option) => option.getAttribute('value')))
        assert.deepEqual(offered.filter(Boolean).sort(), operations.map(([name]) => name).sort())
        let checked = 0
        for (const [operation, { fields }] of operations as [string, { fields: Fields }][]) {
          await page.locator('#node-input-operation').selectOption(operation)
          await rows().assertFields(fields)
          for (const [name, field] of Object.entries(fields)) if (await rows().assertJudged(name, field)) checked += 1
          await editor().picture(`get-data-${id}-${operation}`)
        }
        assert.ok(checked > 0)
      })

      it('keeps what was entered', async () => {
        const { page } = editor()
        await page.locator('#node-input-operation').selectOption(read.operation)
        for (const [name, value] of Object.entries(read.params)) await rows().input(name).fill(value)
        await editor().done()
        await editor().openNode(nameOf(id))
        assert.equal(await page.locator('#node-input-vendor').inputValue(), id)
        assert.equal(await page.locator('#node-input-operation').inputValue(), read.operation)
        assert.equal(await page.locator(`#node-input-${property} option:checked`).innerText(), `Account of ${id}`)
        for (const [name, value] of Object.entries(read.params)) assert.equal(await rows().input(name).inputValue(), value, name)
        await editor().picture(`get-data-${id}`)
        await editor().cancel()
      })
    })

  describe('routes of an account', () => {
    const [id] = READERS[0]!
    const route = (label: RegExp): Locator => editor().page.getByRole('textbox', { name: label })
    const openAccount = async (): Promise<void> => {
      await editor().openNode(nameOf(id))
      await editor().page.locator(`#node-input-btn-${accountProperty(id)}-edit`).click()
      await editor().page.locator('#node-config-dialog-ok').waitFor()
      await editor().openAdvanced()
    }
    const kept = (): Promise<unknown> => editor().exportAll().then((text) => ofType(text, vendorOf(id).accountType).routes)

    it('can be corrected, and are checked', async () => {
      await openAccount()
      const path = route(/Data of a device/)
      const original = await path.inputValue()
      await path.fill('devices')
      assert.match(await editor().page.locator('#sensor-clouds-route-device-data-problem').innerText(), /must begin with \//)
      await path.fill('/devices/{thing}/data')
      assert.match(await editor().page.locator('#sensor-clouds-route-device-data-problem').innerText(), /\{thing\}/)
      await path.fill('/units/{deviceId}/data')
      assert.equal(await editor().page.locator('#sensor-clouds-route-device-data-problem').isVisible(), false)
      await editor().done('node-config-dialog')
      await editor().done()
      assert.deepEqual(await kept(), { 'device-data': { method: 'GET', path: '/units/{deviceId}/data' } })
      await openAccount()
      assert.equal(await path.inputValue(), '/units/{deviceId}/data')
      await editor().page.getByRole('button', { name: /Reset Data of a device/ }).click()
      assert.equal(await path.inputValue(), original)
      await editor().done('node-config-dialog')
      await editor().done()
      assert.deepEqual(await kept(), {})
    })

    it('are taken from a Postman collection', async () => {
      const { page } = editor()
      await openAccount()
      await page.getByRole('button', { name: 'Import Postman collection' }).click()
      const text = page.getByLabel('Collection as text')
      const apply = page.getByRole('button', { name: 'Import', exact: true })
      await text.fill('no collection')
      await editor().picture('postman')
      await apply.click()
      assert.match(await page.locator('.sensor-clouds-report').innerText(), /not JSON/)
      await text.fill(JSON.stringify(collection()))
      await apply.click()
      const badge = (operation: string): Locator => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: operation }) }).locator('.sensor-clouds-badge')
      assert.equal(await badge('Data of a device').innerText(), 'from your collection')
      assert.equal(await badge('Load a file onto a device').innerText(), 'unverified')
      await page.getByLabel('Request of your collection for Load a file onto a device').selectOption({ label: 'Upload (GET /units/{deviceId}/upload/{fileName})' })
      assert.equal(await route(/Path of Load a file/).inputValue(), '/units/{deviceId}/upload/{fileName}')
      assert.equal(await badge('Load a file onto a device').innerText(), 'from your collection')
      await route(/Path of Load a file/).fill('/units/{deviceId}/{fileName}')
      assert.equal(await badge('Load a file onto a device').innerText(), 'changed')
      const report = await page.locator('.sensor-clouds-report').innerText()
      assert.match(report, /Base URL: https:\/\/api\.test\/v9/)
      assert.match(report, /GET \/units\/\{deviceId\}\/data/)
      assert.equal(await page.locator('#node-config-input-baseUrl').inputValue(), 'https://api.test/v9')
      assert.equal(await route(/Data of a device/).inputValue(), '/units/{deviceId}/data')
      await page.locator('.sensor-clouds-report').scrollIntoViewIfNeeded()
      await editor().picture('postman-imported')
      // The simulator has the routes that were assumed, so nothing of this is kept.
      await editor().cancel('node-config-dialog')
      await editor().cancel()
      assert.deepEqual(await kept(), {})
    })
  })

  describe('with all of them', () => {
    it('deploys, and each node reads', async () => {
      await editor().deploy()
      for (const [id] of READERS) {
        await editor().inject(injectOf(id))
        const status = await editor().status(nameOf(id), /\d+ readings/)
        assert.doesNotMatch(status, /^0 /, id)
      }
      await editor().picture('canvas')
    })

    it('shows a stored credential as stored, without its value', async () => {
      await editor().load()
      await editor().showTab(TAB)
      const { page } = editor()
      for (const [id] of READERS) {
        await editor().openNode(nameOf(id))
        await page.locator(`#node-input-btn-${accountProperty(id)}-edit`).click()
        await page.locator('#node-config-dialog-ok').waitFor()
        for (const name of Object.keys(vendorOf(id).credentials)) {
          const input = page.locator(`#node-config-input-${name}`)
          const isReadable = READABLE.has(name)
          assert.equal(await input.getAttribute('type'), isReadable ? 'text' : 'password')
          const given = (accountsOn(session().simulator)[id].credentials as Record<string, string>)[name]
          assert.equal(await input.inputValue(), isReadable ? given : '__PWRD__', name)
        }
        await editor().cancel('node-config-dialog')
        await editor().cancel()
      }
    })

    it('exports no secret, and the admin API tells none', async () => {
      const exported = await editor().exportAll()
      const replies = await editor().replies()
      for (const [id] of READERS) assert.ok(exported.includes(`Account of ${id}`), id)
      const { origin } = session().simulator
      assert.ok(replies.some(({ request, text }) => request.startsWith('GET /flows') && text.includes(origin)), 'what is no secret is not seen either')
      const asked = replies.map(({ request }) => request)
      for (const wanted of [/^GET \/flows/, /^GET \/nodes/, /^GET \/credentials\/[\w-]+\//, /^POST \/flows/, /^comms/])
        assert.ok(asked.some((request) => wanted.test(request)), `nothing like ${String(wanted)} was seen`)
      for (const [id] of READERS) {
        const credentials = accountsOn(session().simulator)[id].credentials as Record<string, string>
        const passwords = Object.fromEntries(Object.entries(credentials).filter(([name]) => !READABLE.has(name)))
        for (const { request, text } of [{ request: 'the export', text: exported }, ...replies])
          for (const secret of formsOf(request.startsWith('GET /credentials/') ? passwords : credentials)) assert.equal(text.includes(secret), false, `${request} tells ${secret}`)
      }
    })
  })
})
