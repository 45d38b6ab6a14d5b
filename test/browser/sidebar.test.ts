/** The tab "Sensor clouds" of the sidebar: what it loads, shows and opens, how fast, and for whom. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import { accountsOn } from '../nodes/harness'
import { violations } from './axe'
import type { Editor } from './editor'
import { MAJOR } from './installed'
import { TAB, useSession } from './session'

const PANEL = '.sensor-clouds-sidebar'
const READING = 'reading'
/** Ms: the runtime sends an overview every second to those who look. */
const LONGER_THAN_ONE_OVERVIEW = 1500

interface SidebarEditor {
  sidebar: { show(id: string): void }
  comms: { subscribe(topic: string, listener: () => void): void }
}

const flow = (): object[] => [
  { id: 'tab', type: 'tab', label: TAB },
  { id: 'cellar', type: 'sensorist-account', name: 'Cellar', baseUrl: 'https://api.example.com' },
  { id: 'read', type: 'sensor-cloud-get-data', z: 'tab', name: READING, vendor: 'sensorist', accountSensorist: 'cellar', operation: 'users', params: {}, x: 400, y: 80, wires: [[]] },
  { id: 'go', type: 'inject', z: 'tab', name: 'go', props: [{ p: 'payload' }], x: 150, y: 80, wires: [['read']] },
  { id: 'alone', type: 'sensor-cloud-get-data', z: 'tab', name: 'alone', vendor: 'sensorist', operation: 'users', params: {}, x: 400, y: 140, wires: [[]] },
]

describe('the sidebar in a browser', function () {
  this.timeout(120_000)
  const session = useSession(flow)
  const editor = (): Editor => session().editor
  const page = (): Page => editor().page
  const show = (id: string): Promise<void> => page().evaluate((tab) => (RED as unknown as SidebarEditor).sidebar.show(tab), id)
  const problem = (text: RegExp): Locator => page().locator(`${PANEL} .sensor-clouds-problems li`).filter({ hasText: text })
  const account = (name: string): Locator => page().locator(`${PANEL} .sensor-clouds-account`).filter({ hasText: name })
  /** Messages of the overview that have come to the page. */
  const messages = (): Promise<number> => page().evaluate(() => (window as unknown as { overviews: number }).overviews)

  /** The editor asks back where a node is not complete. */
  async function deploy(): Promise<void> {
    const confirm = page().getByRole('button', { name: 'Confirm deploy' })
    await Promise.all([editor().deploy(), confirm.click({ timeout: 5000 }).catch(() => undefined)])
  }

  before(async () => {
    await page().evaluate(() => {
      const counted = window as unknown as { overviews: number }
      counted.overviews = 0
      ;(RED as unknown as SidebarEditor).comms.subscribe('sensor-clouds/overview', () => void (counted.overviews += 1))
    })
  })

  it('loads nothing, and the runtime sends nothing, until somebody looks', async () => {
    await deploy()
    await page().waitForTimeout(LONGER_THAN_ONE_OVERVIEW)
    const loaded = await page().evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('sidebar.js')).length)
    assert.deepEqual([loaded, await messages()], [0, 0])
  })

  it('shows what is wrong within seconds, and that it is right again', async () => {
    await show('sensor-clouds')
    await problem(/Sensorist account: .* is missing; enter it in the account/).waitFor({ timeout: 5000 })
    await problem(/No account is chosen; open the node and choose one/).waitFor({ timeout: 5000 })
    assert.match((await account('Cellar').locator('summary').textContent()) ?? '', /Sensorist · incomplete · Nodes: 1/)
    await editor().picture('sidebar')
  })

  it('opens the account that is wrong, and clears once it is right', async () => {
    const { settings, credentials } = accountsOn(session().simulator).sensorist
    await problem(/is missing/).getByRole('button', { name: 'Open: Cellar' }).click()
    await page().locator('#node-config-dialog-ok').waitFor()
    await editor().slid()
    await editor().openAdvanced()
    const values: Record<string, string> = { ...settings, ...credentials }
    for (const [name, value] of Object.entries(values)) await page().locator(`#node-config-input-${name}`).fill(value)
    await editor().done('node-config-dialog')
    // Node-RED leaves the tab "Configuration nodes" behind.
    await show('sensor-clouds')
    await deploy()
    await problem(/is missing/).waitFor({ state: 'detached', timeout: 10_000 })
    await editor().inject('go')
    await account('Cellar').filter({ hasText: 'works' }).waitFor()
  })

  it('opens a node on its tab', async () => {
    await problem(/No account is chosen/).getByRole('button', { name: 'Open: alone' }).click()
    await page().locator('#node-dialog-ok').waitFor()
    await editor().slid()
    await editor().cancel()
  })

  it('has what is behind an account, by keyboard, and keeps the focus when something changes', async () => {
    await show('sensor-clouds')
    const summary = account('Cellar').locator('summary')
    await summary.focus()
    await page().keyboard.press('Enter')
    await account('Cellar').getByText(/^Requests: \d+/).waitFor()
    await page().keyboard.press('Tab')
    await page().keyboard.press('Tab')
    const focused = (): Promise<string> => page().evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
    assert.equal(await focused(), `Open: ${READING}`)
    const before = await messages()
    // Without a click, which would move the focus.
    await page().evaluate(() => fetch('inject/go', { method: 'POST' }).then(({ status }) => status))
    await page().waitForFunction((count) => (window as unknown as { overviews: number }).overviews > count, before)
    await page().waitForTimeout(200)
    assert.equal(await focused(), `Open: ${READING}`)
  })

  for (const theme of MAJOR >= 5 ? ['light', 'dark'] : ['light'])
    it(`has no violation of accessibility in ${theme}`, async () => {
      await page().evaluate((dark) => void document.documentElement.classList.toggle('nr-theme-dark', dark), theme === 'dark')
      assert.deepEqual(await violations(page(), PANEL), [])
    })

  it('stays readable at the least width', async () => {
    await page().evaluate(() => (document.querySelector<HTMLElement>('.sensor-clouds-sidebar')!.style.width = '180px'))
    const [scroll, client] = await page().locator(PANEL).evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth] as const)
    assert.ok(scroll <= client, `${scroll} px in ${client} px`)
    await editor().picture('sidebar-narrow')
    await page().evaluate(() => (document.querySelector<HTMLElement>('.sensor-clouds-sidebar')!.style.width = ''))
  })

  it('hears nothing while another tab is shown, and all again afterwards', async () => {
    await show('info')
    await page().waitForTimeout(LONGER_THAN_ONE_OVERVIEW)
    const before = await messages()
    await editor().inject('go')
    await page().waitForTimeout(LONGER_THAN_ONE_OVERVIEW)
    assert.equal(await messages(), before)
    await show('sensor-clouds')
    await page().waitForFunction((count) => (window as unknown as { overviews: number }).overviews > count, before)
  })
})
