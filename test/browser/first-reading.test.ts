/** From an empty editor to a first reading, as a newcomer goes: how many clicks it takes. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import type { Editor } from './editor'
import { TAB, useSession } from './session'

/** With a new account and a tested connection. Keys are not counted, nor is a drag counted twice. */
const MOST_CLICKS = 20

describe('the way to a first reading in a browser', function () {
  this.timeout(240_000)
  const session = useSession(() => [{ id: 'tab', type: 'tab', label: TAB }])
  const editor = (): Editor => session().editor
  const page = (): Page => editor().page
  let clicks = 0

  async function click(target: Locator): Promise<void> {
    await target.click()
    clicks += 1
  }
  /** Opening a list and choosing from it are two. */
  async function choose(select: string, value: string): Promise<void> {
    await page().locator(select).selectOption(value)
    clicks += 2
  }
  async function type(input: string, text: string): Promise<void> {
    await click(page().locator(input))
    await page().locator(input).fill(text)
  }
  async function drag(from: Locator, to: { x: number; y: number }): Promise<void> {
    const box = await from.boundingBox()
    assert.ok(box)
    await page().mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page().mouse.down()
    await page().mouse.move(to.x - 20, to.y, { steps: 6 })
    await page().mouse.move(to.x, to.y, { steps: 3 })
    await page().mouse.up()
    clicks += 1
  }
  const place = async (type: string, x: number): Promise<void> => {
    const canvas = await page().locator('#red-ui-workspace-chart').boundingBox()
    assert.ok(canvas)
    const entry = page().locator(`.red-ui-palette-node[data-palette-type="${type}"]`)
    // Scrolls to it, and waits until it stands still: the palette unfolds its groups.
    await entry.hover()
    await drag(entry, { x: canvas.x + x, y: canvas.y + 150 })
  }
  const node = (kind: string): Locator => page().locator(`.red-ui-flow-node-group:has(.red-ui-flow-node-icon-group)`).nth({ inject: 0, read: 1, debug: 2 }[kind] ?? 0)
  async function wire(from: Locator, to: Locator): Promise<void> {
    const end = await to.locator('.red-ui-flow-port-input rect').boundingBox()
    assert.ok(end)
    await drag(from.locator('.red-ui-flow-port-output rect'), { x: end.x + end.width / 2, y: end.y + end.height / 2 })
  }

  it('places and wires three nodes', async () => {
    await place('inject', 120)
    await place('sensor-cloud-get-data', 330)
    await place('debug', 540)
    // The editor draws in its next frame.
    await node('debug').waitFor()
    assert.equal(await page().locator('.red-ui-flow-node-group').count(), 3)
    await wire(node('inject'), node('read'))
    await wire(node('read'), node('debug'))
  })

  it('makes an account, and chooses what to read by its name', async () => {
    await node('read').locator('rect.red-ui-flow-node').dblclick()
    clicks += 1
    await page().locator('#node-dialog-ok').waitFor()
    await editor().slid()
    await choose('#node-input-vendor', 'sensorist')
    await click(page().locator('#node-input-btn-accountSensorist-add'))
    await page().locator('#node-config-dialog-ok').waitFor()
    await editor().slid()
    const { email, password } = session().simulator.credentials.sensorist
    await type('#node-config-input-email', email)
    await type('#node-config-input-password', password)
    // The cloud is at the address that stands there; only the simulator is not.
    await page().locator('#node-config-input-baseUrl').evaluate((input, url) => ((input as HTMLInputElement).value = url), session().simulator.urls.sensorist)
    await click(page().getByRole('button', { name: 'Test connection' }))
    await page().locator('#sensor-clouds-test [role=status]').filter({ hasText: 'Connected' }).waitFor()
    await click(page().locator('#node-config-dialog-ok'))
    await page().locator('#node-config-dialog-ok').waitFor({ state: 'detached' })
    await editor().slid()
    assert.equal(await page().locator('#node-input-operation').inputValue(), 'measurements-latest', 'what most want is chosen')
    await click(page().getByRole('button', { name: 'Choose: Data sources' }))
    await click(page().locator('.sensor-clouds-picker li').first())
    await click(page().locator('#node-dialog-ok'))
    await page().locator('#node-dialog-ok').waitFor({ state: 'detached' })
    await editor().slid()
  })

  it('shows the reading, within so many clicks', async () => {
    await editor().deploy()
    clicks += 1
    await click(page().locator('#red-ui-tab-debug-link-button, .red-ui-tab-link-button').filter({ has: page().locator('.fa-bug') }).first())
    await click(node('inject').locator('.red-ui-flow-node-button-button'))
    await page().locator('.red-ui-debug-msg').getByText(/array\[1\]/).waitFor()
    console.log(`      ${clicks} clicks`)
    assert.ok(clicks <= MOST_CLICKS, `${clicks} clicks`)
  })
})
