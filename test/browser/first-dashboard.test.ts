/** How many clicks a new user needs, from an empty editor to a live chart and to an alarm message. */
import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { PACKAGE } from '../../src/nodes/runtime/language'
import { TAB, useSession, type Session } from './session'

const DASHBOARD = dirname(require.resolve('@flowfuse/node-red-dashboard/package.json'))
const MOST_CLICKS = { chart: 30, alarm: 15 }
const EXAMPLE = 'Dashboard - all clouds'

/** Counts clicks and shortcuts. A double-click counts twice; what is typed into a form is not counted. */
class Hand {
  clicks = 0

  async click(target: Locator): Promise<void> {
    await target.click()
    this.clicks += 1
  }

  async doubleClick(target: Locator): Promise<void> {
    await target.dblclick()
    this.clicks += 2
  }

  async press(page: Page, shortcut: string): Promise<void> {
    await page.keyboard.press(shortcut)
    this.clicks += 1
  }
}

async function importExample(page: Page, hand: Hand): Promise<void> {
  await hand.press(page, 'Control+i')
  const dialog = page.getByRole('dialog').filter({ hasText: 'Import nodes' })
  // The dialog takes a moment before its tabs can be pressed.
  await page.waitForTimeout(800)
  await hand.click(dialog.getByRole('link', { name: 'Examples' }))
  await hand.click(dialog.getByText(PACKAGE, { exact: true }))
  await hand.click(dialog.getByText(EXAMPLE, { exact: true }))
  await hand.click(dialog.getByRole('button', { name: 'Import', exact: true }))
  await dialog.waitFor({ state: 'hidden' })
}

/** Whether the first color of the chart's series is on its canvas. */
const isDrawn = (canvas: HTMLCanvasElement | SVGElement): boolean => {
  const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, canvas.clientWidth, canvas.clientHeight)
  for (let at = 0; at < data.length; at += 4) if (data[at] === 31 && data[at + 1] === 119 && data[at + 2] === 180) return true
  return false
}

async function fillSensorist({ editor: { page }, simulator }: Session): Promise<void> {
  const { email, password } = simulator.credentials.sensorist
  await page.locator('#node-config-input-email').fill(email)
  await page.locator('#node-config-input-password').fill(password)
  // The address of the vendor is filled in already; here, it is the simulator's.
  await page.locator('#node-config-input-baseUrl').evaluate((input, url) => {
    (input as HTMLInputElement).value = url
    input.dispatchEvent(new Event('change', { bubbles: true }))
  }, simulator.urls.sensorist)
}

describe('the first dashboard', function () {
  this.timeout(240_000)
  const session = useSession(() => [{ id: 'tab', type: 'tab', label: TAB }], { more: { nodesDir: [DASHBOARD] } })

  it('takes few clicks from an empty editor to a chart and an alarm message', async () => {
    const { editor } = session()
    const { page } = editor
    const hand = new Hand()
    await importExample(page, hand)
    await hand.click(page.locator('#red-ui-workspace-tabs').getByText('Dashboard: all clouds', { exact: true }))

    await hand.doubleClick(editor.node('Sensorist').first().locator('rect.red-ui-flow-node'))
    await editor.slid()
    await hand.click(page.locator('#node-input-btn-accountSensorist-edit'))
    await editor.slid()
    await fillSensorist(session())
    await hand.click(page.locator('#node-config-dialog-ok'))
    await page.locator('#node-config-dialog-ok').waitFor({ state: 'detached' })
    await editor.slid()
    await hand.click(page.getByRole('button', { name: /^Choose: Data source/ }))
    const picker = page.locator('#sensor-clouds-param-dataSources-picker')
    await hand.click(picker.getByRole('option').filter({ hasText: 'Fridge' }).first())
    await picker.getByRole('combobox').press('Escape')
    await hand.click(page.locator('#node-dialog-ok'))
    await page.locator('#node-dialog-ok').waitFor({ state: 'detached' })
    await editor.slid()

    await hand.click(page.locator('#red-ui-header-button-deploy'))
    // The accounts of the other clouds are not filled in.
    await hand.click(page.getByRole('button', { name: 'Confirm deploy' }))
    const view = await page.context().browser()!.newPage({ viewport: { width: 1280, height: 900 } })
    await view.goto(`${new URL(page.url()).origin}/dashboard/all-clouds`)

    const message = view.locator('.nrdb-ui-notification').getByText(/^Kitchen, Fridge, temp: \d+(\.\d)? °C, above 8 °C$/)
    // A notice that came before the page was there is not shown again: the flows start anew, with the page open.
    const isTold = await message.waitFor({ timeout: 5_000 }).then(() => true, () => false)
    if (!isTold) await page.request.post(`${new URL(page.url()).origin}/flows`, { data: '{}', headers: { 'Content-Type': 'application/json', 'Node-RED-Deployment-Type': 'reload' } })
    await message.waitFor()
    assert.ok(await view.locator('canvas').first().evaluate(isDrawn), 'the chart has a line or a point')
    await view.getByRole('cell', { name: 'Kitchen, Fridge, temp' }).waitFor()
    assert.match(await view.locator('.nrdb-ui-gauge-value span').first().innerText(), /^\d+(\.\d)?$/)
    if (process.env.SCREENSHOTS === 'true') await view.screenshot({ path: '.tmp/screenshots/first-dashboard.png' })
    await view.close()
    console.log(`      ${hand.clicks} clicks`)
    assert.ok(hand.clicks <= MOST_CLICKS.chart, `${hand.clicks} clicks to a chart`)
    assert.ok(hand.clicks <= MOST_CLICKS.alarm, `${hand.clicks} clicks to an alarm message`)
  })
})
