/** The route table of an account, and what the forms say of secrets that a flow would hold. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import type { Editor } from './editor'
import { ParamRows } from './param-rows'
import { TAB, useSession } from './session'

const COMMAND = 'load'
const REGISTER = 'register'
const PATH = '/d/{deviceId}/f/{fileName}'

const flow = (): object[] => [
  { id: 'tab', type: 'tab', label: TAB },
  { id: 'account', type: 'senquip-account', name: 'Fleet', baseUrl: 'https://api.example.com', routes: { 'load-file': { method: 'PUT', path: PATH, body: 'multipart' } } },
  { id: 'load', z: 'tab', type: 'sensor-cloud-send-command', name: COMMAND, vendor: 'senquip', accountSenquip: 'account', operation: 'load-file', x: 300, y: 100, wires: [[]] },
  { id: 'register', z: 'tab', type: 'sensor-cloud-register-device', name: REGISTER, vendor: 'senquip', accountSenquip: 'account', operation: 'add-user-to-device', x: 300, y: 200, wires: [[]] },
]

interface Route {
  method: string
  path: string
  body?: string
}

describe('the route table in a browser', function () {
  this.timeout(240_000)
  const session = useSession(flow)
  const editor = (): Editor => session().editor
  const page = (): Page => editor().page
  const body = (): Locator => page().getByLabel('File sent as: Load a file onto a device')

  const openAccount = async (): Promise<void> => {
    await editor().openNode(COMMAND)
    await page().locator('#node-input-btn-accountSenquip-edit').click()
    await page().locator('#node-config-dialog-ok').waitFor()
    await editor().slid()
  }
  const closeAccount = async (): Promise<void> => {
    await editor().done('node-config-dialog')
    await editor().done()
  }
  const stored = async (): Promise<Route | undefined> => {
    const nodes = JSON.parse(await editor().exportAll()) as { name?: string; routes?: Record<string, Route> }[]
    return nodes.find(({ name }) => name === 'Fleet')?.routes?.['load-file']
  }

  it('keeps how a file travels when the dialog is saved', async () => {
    await openAccount()
    // Something else is changed, so that the editor saves the account.
    await page().locator('#node-config-input-timeout').fill('20000')
    await closeAccount()
    assert.deepEqual(await stored(), { method: 'PUT', path: PATH, body: 'multipart' })
  })

  it('offers the forms of a file where the operation sends one, and resets them', async () => {
    await openAccount()
    assert.equal(await body().inputValue(), 'multipart')
    assert.deepEqual(await body().locator('option').allInnerTexts(), ['plain bytes', 'JSON (base64)', 'multipart form'])
    assert.equal(await page().locator('.sensor-clouds-route-body').count(), 1)
    await body().scrollIntoViewIfNeeded()
    await editor().picture('route-table')
    await body().selectOption('json')
    await closeAccount()
    assert.deepEqual(await stored(), { method: 'PUT', path: PATH, body: 'json' })
    await openAccount()
    await page().getByRole('button', { name: 'Reset Load a file onto a device to the default' }).click()
    assert.equal(await body().inputValue(), 'bytes')
    await closeAccount()
    assert.equal(await stored(), undefined)
  })

  it('keeps a route that differs from its default by the form of the file alone', async () => {
    await openAccount()
    await body().selectOption('multipart')
    await closeAccount()
    assert.equal((await stored())?.body, 'multipart')
  })

  it('warns of a secret that everyone could read in the flow', async () => {
    await editor().openNode(REGISTER)
    const rows = new ParamRows(page())
    const row = page().locator('.sensor-clouds-param:has(#sensor-clouds-param-setupPassword-label)')
    const warned = row.getByText('This value is stored in the flow, where everyone can read it.')
    assert.equal(await warned.isVisible(), false)
    await rows.input('setupPassword').fill('hunter2')
    assert.equal(await warned.isVisible(), false, 'a credential is not in the flow')
    await rows.chooseType('setupPassword', 'text')
    await rows.input('setupPassword').fill('hunter2')
    await warned.waitFor()
    await editor().picture('readable-secret')
    await rows.input('setupPassword').fill('${SETUP_PASSWORD}')
    await warned.waitFor({ state: 'hidden' })
    await editor().cancel()
  })
})
