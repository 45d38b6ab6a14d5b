/** The dialog of an account: what stands at the top, what is folded away, and what the browser gets to see. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import { accountsOn } from '../nodes/harness'
import { releasedFlow } from '../flows/released'
import { startSimulator, type Simulator } from '../simulator'
import { whyNoBrowser } from './chromium'
import { Editor } from './editor'
import { startInstalled, type InstalledNodeRed } from './installed'
import { closePages, sharedBrowser } from './shared-browser'

interface EditorState {
  nodes: { node(id: string): Record<string, unknown> | null; eachConfig(visit: (node: { id: string; type: string }) => void): void }
  history: { peek(): { changes?: object } | undefined }
  editor: { editConfig(name: string, type: string, id: string): void }
}

describe('the dialog of an account in a browser', function () {
  this.timeout(240_000)
  let simulator: Simulator | undefined
  let nodeRed: InstalledNodeRed | undefined
  let editor: Editor
  const page = (): Page => editor.page
  const input = (name: string): Locator => page().locator(`#node-config-input-${name}`)
  const fold = (): Locator => page().locator('#sensor-clouds-advanced')

  /** Accounts as the first release deployed them, when all credentials were passwords. */
  before(async function () {
    if (whyNoBrowser() !== undefined) this.skip()
    simulator = await startSimulator()
    nodeRed = await startInstalled()
    const { nodes, credentials } = releasedFlow('0.1.0', simulator)
    const accounts = nodes.map((node) => (credentials[node.id] ? { ...node, credentials: credentials[node.id] } : node))
    await nodeRed.deploy([...accounts, { id: 'plain', type: 'sensorist-account', name: 'Plain' }])
    const browser = await sharedBrowser()
    editor = await Editor.open(browser, nodeRed.origin)
  })
  after(async () => {
    await closePages()
    await nodeRed?.remove()
    await simulator?.close()
  })
  afterEach(() => assert.deepEqual(editor.errors, []))

  const idOf = (type: string): Promise<string> =>
    page().evaluate((wanted) => {
      let found = ''
      ;(RED as unknown as EditorState).nodes.eachConfig(({ id, type }) => {
        if (type === wanted && id !== 'plain') found = id
      })
      return found
    }, type)
  async function open(type: string, given?: string): Promise<string> {
    const id = given ?? (await idOf(type))
    await page().evaluate(([kind, node]) => (RED as unknown as EditorState).editor.editConfig('', kind, node), [type, id] as const)
    await page().locator('#node-config-dialog-ok').waitFor()
    await editor.slid()
    return id
  }
  const state = (id: string): Promise<{ errors: unknown }> =>
    page().evaluate((node) => ({ errors: (RED as unknown as EditorState).nodes.node(node)?.validationErrors }), id)
  /** Whether the dialog that was saved last has changed a credential. */
  const savedCredentials = (): Promise<boolean> =>
    page().evaluate(() => 'credentials' in ((RED as unknown as EditorState).history.peek()?.changes ?? {}))
  /** Names of inputs from top to bottom, without those in a closed fold. */
  const shown = (): Promise<string[]> =>
    page().locator('.sensor-clouds-form :is([id^=node-config-input-], #sensor-clouds-test button, #sensor-clouds-check button):visible').evaluateAll((controls) =>
      controls.flatMap(({ id, tagName, textContent }) => (tagName === 'BUTTON' ? [textContent.trim()] : /-(?:help|problem|btn-.*)$/.test(id) ? [] : [id.replace('node-config-input-', '')])),
    )

  const READABLE = [
    ['sensorist-account', 'sensorist', 'email', 'password'],
    ['thingsee-account', 'thingsee', 'clientId', 'clientSecret'],
    ['senquip-v1-account', 'senquip-v1', 'clientId', 'clientSecret'],
  ] as const
  for (const [type, vendor, readable, secret] of READABLE)
    it(`${type}: shows who signs in, and not the secret, and is not changed by that`, async () => {
      const given = accountsOn(simulator!)[vendor].credentials as Record<string, string>
      const id = await open(type)
      assert.deepEqual([await input(readable).inputValue(), await input(secret).inputValue()], [given[readable], '__PWRD__'])
      await page().getByRole('button', { name: 'Test connection' }).click()
      await page().locator('#sensor-clouds-test [data-outcome=ok]').waitFor()
      await editor.done('node-config-dialog')
      assert.deepEqual((await state(id)).errors, [])
      assert.equal(await savedCredentials(), false, 'what is stored stays as it is')
    })

  it('has credentials and the test at the top, and folds away what has a default', async () => {
    const id = await open('sensorist-account', 'plain')
    assert.equal(await fold().getAttribute('open'), null)
    assert.deepEqual(await shown(), ['name', 'email', 'password', 'Test connection', 'Check this account'])
    await editor.picture('account-folded')
    await fold().locator('summary').press('Enter')
    assert.deepEqual((await shown()).slice(5), ['baseUrl', 'impersonate', 'requestsPerSecond', 'timeout', 'proxy', 'tls', 'store'])
    assert.equal(await input('requestsPerSecond').getAttribute('placeholder'), 'default 5')
    await editor.picture('account-unfolded')
    await input('timeout').fill('soon')
    await editor.done('node-config-dialog')
    assert.ok(((await state(id)).errors as string[]).includes('Timeout (ms) must be a number, not "soon"'))
    await open('sensorist-account', 'plain')
    assert.notEqual(await fold().getAttribute('open'), null, 'what is wrong is shown')
    await editor.cancel('node-config-dialog')
  })

  it('keeps an address that the vendor has not published at the top, with the import beside it', async () => {
    await open('senquip-account')
    const address = await input('baseUrl').boundingBox()
    const button = await page().getByRole('button', { name: 'Import Postman collection' }).boundingBox()
    assert.ok(address && button)
    assert.ok(Math.abs(address.y - button.y) < 4 && button.x > address.x + address.width, 'they stand in one line')
    assert.deepEqual((await shown()).slice(0, 4), ['name', 'baseUrl', 'apiKey', 'Test connection'])
    await editor.cancel('node-config-dialog')
  })

  it('says none where no proxy, TLS configuration or store is chosen, also before there is one', async () => {
    await open('thingsee-account')
    await editor.openAdvanced()
    // The editor fills them a moment later.
    await page().waitForTimeout(200)
    for (const name of ['proxy', 'tls']) assert.equal(await input(name).locator('option:checked').innerText(), 'none', name)
    await editor.cancel('node-config-dialog')
  })

  it('shows a secret while one types it, and hides it again', async () => {
    await open('sensocan-device')
    const stored = page().getByRole('button', { name: 'The stored value is not sent to the browser: Access token' })
    assert.equal(await stored.isDisabled(), true)
    await input('accessToken').fill('typed now')
    const eye = page().getByRole('button', { name: 'Show what is typed: Access token' })
    assert.deepEqual([await input('accessToken').getAttribute('type'), await eye.getAttribute('aria-pressed')], ['password', 'false'])
    await eye.press('Space')
    assert.deepEqual([await input('accessToken').getAttribute('type'), await eye.getAttribute('aria-pressed')], ['text', 'true'])
    await editor.picture('eye')
    await input('accessToken').fill('')
    assert.equal(await input('accessToken').getAttribute('type'), 'password')
    await editor.cancel('node-config-dialog')
  })
})
