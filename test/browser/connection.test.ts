/** Account dialogs and pickers in a real editor, before anything has been deployed: only the vendor's answers help. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import type { Editor } from './editor'
import { ParamRows } from './param-rows'
import { TAB, useSession } from './session'

const READ = 'read'
const CREATE = 'register'

const flow = (): object[] => [
  { id: 'tab', type: 'tab', label: TAB },
  { id: 'read', z: 'tab', type: 'sensor-cloud-get-data', name: READ, x: 300, y: 100, wires: [[]] },
  { id: 'create', z: 'tab', type: 'sensor-cloud-register-device', name: CREATE, x: 300, y: 200, wires: [[]] },
]

describe('connections and pickers in a browser', function () {
  this.timeout(240_000)
  const session = useSession(flow)
  const editor = (): Editor => session().editor
  const page = (): Page => editor().page
  const rows = (): ParamRows => new ParamRows(page())
  const verdict = (): Locator => page().locator('#sensor-clouds-test [role=status]')
  const press = (name: string): Promise<void> => page().getByRole('button', { name, exact: true }).click()
  const open = (param: string): Promise<void> => page().locator(`.sensor-clouds-param:has(#sensor-clouds-param-${param}-label) .sensor-clouds-pick`).click()
  const picker = (param: string): Locator => page().locator(`#sensor-clouds-param-${param}-picker`)
  const asked = (): string[] => session().simulator.requests.map(({ method, path }) => `${method} ${path}`)

  /** Chooses by hand what a node does; the account of the vendor is chosen by itself once there is one. */
  async function choose(vendor: string, operation: string): Promise<void> {
    await page().locator('#node-input-vendor').selectOption(vendor)
    await page().locator('#node-input-operation').selectOption(operation)
  }

  const chosen = (param: string): Locator => page().locator(`#sensor-clouds-param-${param}-chosen`)

  describe('an account that is new', () => {
    it('says why the vendor refuses a wrong password', async () => {
      await editor().openNode(READ)
      await choose('sensorist', 'measurements-latest')
      await page().locator('#node-input-btn-accountSensorist-add').click()
      await page().locator('#node-config-dialog-ok').waitFor()
      await session().fillAccount('sensorist')
      await page().locator('#node-config-input-password').fill('mistyped')
      await press('Test connection')
      await verdict().filter({ hasText: /E-mail or Password is wrong \(401\)/ }).waitFor()
      assert.equal(await verdict().getAttribute('data-outcome'), 'failed')
      assert.equal((await verdict().innerText()).includes('mistyped'), false)
      await editor().picture('test-refused')
    })

    it('forgets the verdict when something else is typed, and says who answers', async () => {
      const { sensorist } = session().simulator.credentials
      await page().locator('#node-config-input-password').fill(sensorist.password)
      assert.equal(await verdict().innerText(), '')
      await press('Test connection')
      await verdict().filter({ hasText: /^\s*Connected (in \d\.\d s )?– \w+/ }).waitFor()
      await editor().picture('test-connected')
      assert.equal(await page().locator('#sensor-clouds-usage').isVisible(), false)
      await editor().done('node-config-dialog')
    })
  })

  describe('pickers before the first deploy', () => {
    it('say that they ask, and take several by keyboard', async () => {
      const before = asked().length
      assert.equal(await chosen('dataSources').innerText(), 'Press the magnifier to choose by name.')
      await open('dataSources')
      const list = picker('dataSources')
      await list.getByRole('option').first().waitFor()
      assert.deepEqual(asked().slice(before), ['GET /gateways'])
      const search = list.getByRole('combobox')
      await search.fill('rack temp')
      assert.deepEqual(await list.getByRole('option').allInnerTexts(), ['Rack left: Temperature\nCellar · 220200', 'Rack right: Temperature\nCellar · 220204'])
      await search.press('Enter')
      await search.press('ArrowDown')
      const active = await search.getAttribute('aria-activedescendant')
      assert.equal(active, await list.getByRole('option').nth(1).getAttribute('id'))
      await search.press('Enter')
      assert.deepEqual(await list.locator('[aria-selected=true]').count(), 2)
      assert.equal(await rows().input('dataSources').inputValue(), '220200, 220204')
      assert.equal(await chosen('dataSources').innerText(), 'Cellar, Rack left: Temperature\nCellar, Rack right: Temperature')
      await editor().picture('picker-open')
      await search.press('ArrowUp')
      await search.press('Enter')
      assert.equal(await rows().input('dataSources').inputValue(), '220204')
      await search.press('Escape')
      assert.equal(await list.isVisible(), false)
      assert.ok(await page().locator('#node-dialog-ok').isVisible(), 'Escape closed the list, not the dialog')
      assert.equal(await page().evaluate(() => document.activeElement?.classList.contains('sensor-clouds-pick')), true)
    })

    it('cost nothing when they are opened or loaded again while the answer of the vendor stands', async () => {
      const before = asked().length
      await open('dataSources')
      await picker('dataSources').getByRole('option').first().waitFor()
      assert.equal(asked().length, before)
      await picker('dataSources').getByRole('button', { name: 'Load the list again' }).click()
      await picker('dataSources').getByText('Loading…').waitFor({ state: 'hidden' })
      await picker('dataSources').getByRole('option').first().waitFor()
      assert.equal(asked().length, before)
      await open('dataSources')
    })

    it('leave free text as it is', async () => {
      await rows().input('dataSources').fill('999')
      await open('dataSources')
      await picker('dataSources').getByRole('option').first().click()
      assert.equal(await rows().input('dataSources').inputValue(), '999, 220200')
      await open('dataSources')
      await rows().input('dataSources').fill('999')
      assert.equal(await rows().input('dataSources').inputValue(), '999')
    })

    it('take one where one is wanted', async () => {
      await page().locator('#node-input-vendor').selectOption('thingsee')
      await page().locator('#node-input-operation').selectOption('messages')
      await open('tuid')
      await picker('tuid').getByText('Choose an account first.').waitFor()
      await picker('tuid').getByRole('combobox').press('Escape')
      await open('messageIds')
      await picker('messageIds').getByRole('combobox').fill('environment 12100')
      await picker('messageIds').getByRole('option').first().click()
      assert.equal(await rows().input('messageIds').inputValue(), '12100')
      assert.equal(await chosen('messageIds').innerText(), 'environment')
      await open('messageIds')
      await page().locator('#node-input-btn-accountThingsee-add').click()
      await page().locator('#node-config-dialog-ok').waitFor()
      await session().fillAccount('thingsee')
      await editor().done('node-config-dialog')
      await open('tuid')
      await picker('tuid').getByRole('combobox').fill('SIM00000001')
      await picker('tuid').getByRole('option').first().click()
      assert.equal(await rows().input('tuid').inputValue(), 'TSPD04SIM00000001')
      assert.equal(await picker('tuid').isVisible(), false)
      await editor().picture('picked')
      await editor().done()
    })

    it('tell names again when the dialog is opened again, and ask no vendor for them', async () => {
      const before = asked().length
      await editor().openNode(READ)
      await chosen('messageIds').getByText('environment').waitFor()
      await choose('sensorist', 'measurements-latest')
      await rows().input('dataSources').fill('220204')
      await chosen('dataSources').getByText('Cellar, Rack right: Temperature').waitFor()
      assert.equal(asked().length, before)
      await editor().cancel()
    })
  })

  describe('a secret among the params', () => {
    it('is not shown while it is typed', async () => {
      await editor().openNode(CREATE)
      await choose('sensorist', 'create-user')
      assert.equal(await rows().input('password').getAttribute('type'), 'password')
      assert.equal(await rows().input('email').getAttribute('type'), 'text')
      const eye = page().locator('.sensor-clouds-eye')
      assert.equal(await eye.isDisabled(), true, 'there is nothing to show')
      await rows().input('password').fill('not for everyone')
      assert.equal(await rows().input('password').getAttribute('type'), 'password')
      await eye.press('Enter')
      assert.deepEqual([await eye.getAttribute('aria-pressed'), await rows().input('password').getAttribute('type')], ['true', 'text'])
      await eye.press('Enter')
      assert.deepEqual([await eye.getAttribute('aria-pressed'), await rows().input('password').getAttribute('type')], ['false', 'password'])
      for (const [name, value] of [['email', 'jane@example.com'], ['firstName', 'Jane'], ['lastName', 'Doe']] as const) await rows().input(name).fill(value)
      await editor().picture('secret')
      await editor().done()
    })
  })

  describe('an account that is deployed', () => {
    it('is tested with the stored password, which the browser never sees', async () => {
      await editor().deploy()
      await editor().openNode(READ)
      await page().locator('#node-input-vendor').selectOption('sensorist')
      await page().locator('#node-input-operation').selectOption('alarms')
      await page().locator('#node-input-btn-accountSensorist-edit').click()
      await page().locator('#node-config-dialog-ok').waitFor()
      await press('Test connection')
      await verdict().filter({ hasText: 'Connected' }).waitFor()
      assert.equal(await page().locator('#node-config-input-email').inputValue(), session().simulator.credentials.sensorist.email)
      const eye = page().getByRole('button', { name: 'The stored value is not sent to the browser: Password' })
      assert.equal(await eye.isDisabled(), true)
      const { password } = session().simulator.credentials.sensorist
      for (const { text, request } of await editor().replies()) assert.equal(text.includes(password), false, request)
    })

    it('shows its limits, and gives its diagnostics to the clipboard', async () => {
      const usage = page().locator('#sensor-clouds-usage')
      await usage.getByText(/of 5/).waitFor()
      await usage.getByText('enough until reset').waitFor()
      assert.equal(await usage.getByRole('button', { name: 'Empty outbox' }).isVisible(), false)
      await usage.getByRole('button', { name: 'Copy diagnostics' }).click()
      await usage.getByText('Copied').waitFor()
      const requests = usage.locator('details')
      assert.equal(await requests.getAttribute('open'), null)
      await requests.getByText(/^Latest requests \(\d+\)/).click()
      await requests.getByText(/ · 200 · \d+ ms/).first().waitFor()
      await editor().picture('usage')
    })

    it('empties its outbox once that was confirmed', async () => {
      // Readings that wait need a cloud that is away for long; the answers of the routes stand in for them.
      let depth = 12
      let cleared = 0
      await page().route('**/sensor-clouds/diagnostics/*', async (route) => {
        const report = (await (await route.fetch()).json()) as { diagnostics: object }
        await route.fulfill({ json: { ...report, diagnostics: { ...report.diagnostics, outbox: { depth, oldest: Date.now() - 60_000 } } } })
      })
      await page().route('**/sensor-clouds/outbox/*/clear', async (route) => {
        cleared += 1
        depth = 0
        await route.fulfill({ json: { cleared: 12 } })
      })
      const usage = page().locator('#sensor-clouds-usage')
      await usage.getByRole('button', { name: 'Refresh' }).click()
      await usage.getByText(/Outbox: 12 readings wait, the oldest since/).waitFor()
      await usage.getByRole('button', { name: 'Empty outbox' }).click()
      await usage.getByText('Delete 12 unsent readings?').waitFor()
      await editor().picture('outbox')
      await usage.getByRole('button', { name: 'Keep readings' }).click()
      assert.equal(cleared, 0)
      await usage.getByRole('button', { name: 'Empty outbox' }).click()
      await usage.getByRole('button', { name: 'Delete readings' }).click()
      await usage.getByText('The outbox is empty.').waitFor()
      assert.equal(cleared, 1)
      assert.equal(await usage.getByRole('button', { name: 'Empty outbox' }).isVisible(), false)
      await page().unrouteAll()
    })

    it('keeps its password from another address', async () => {
      await editor().openAdvanced()
      await page().locator('#node-config-input-baseUrl').fill('https://example.com/v1')
      await press('Test connection')
      await verdict().filter({ hasText: /enter Password again/ }).waitFor()
      await editor().cancel('node-config-dialog')
      await editor().cancel()
    })
  })
})
