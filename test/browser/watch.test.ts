/** The dialog of an event node that watches sensors itself. */
import assert from 'node:assert/strict'
import { TAB, useSession } from './session'
import type { Editor } from './editor'

const NAME = 'Silent sensors'

describe('the dialog of a watch in a browser', function () {
  this.timeout(120_000)
  const session = useSession(() => [
    { id: 'tab', type: 'tab', label: TAB },
    { id: 'watch', z: 'tab', type: 'sensor-cloud-on-event', name: NAME, x: 300, y: 100, wires: [[]] },
  ])
  const editor = (): Editor => session().editor
  const visible = (name: string): Promise<boolean> => editor().page.locator(`#sensor-clouds-row-${name}`).isVisible()

  it('shows only the fields of the source, says what it costs, and keeps them', async () => {
    const { page } = editor()
    await editor().openNode(NAME)
    await page.locator('#node-input-vendor').selectOption('thingsee')
    assert.equal(await visible('interval'), true)
    const shown: Readonly<Record<string, readonly string[]>> = {
      silence: ['devices', 'intervals', 'usualInterval', 'silentAfter'],
      battery: ['devices', 'batteryBelow', 'voltageBelow'],
      devices: ['reportUnread'],
    }
    const all = [...new Set(Object.values(shown).flat())]
    for (const [source, names] of Object.entries(shown)) {
      await page.locator('#node-input-source').selectOption(source)
      for (const name of all) assert.equal(await visible(name), names.includes(name), `${source}: ${name}`)
      assert.equal(await visible('interval'), true)
      for (const name of ['publicUrl', 'path', 'events']) assert.equal(await visible(name), false, name)
      assert.equal(await page.locator('#sensor-clouds-params input').count(), 0)
    }
    await page.locator('#node-input-vendor').selectOption('sensorist')
    await page.locator('#node-input-source').selectOption('silence')
    assert.equal(await visible('publicUrl'), false)
    const help = page.locator('#node-input-interval-help')
    assert.match(await help.innerText(), /about 288 requests a day for each device/)
    await page.locator('#node-input-devices').fill('7325, 57951')
    await page.locator('#node-input-interval').fill('600')
    assert.match(await help.innerText(), /about 288 requests a day if no other node reads these devices/)
    await page.locator('#node-input-interval').fill('1')
    assert.match(await page.locator('#node-input-interval-problem').innerText(), /must be at least 10/)
    await page.locator('#node-input-interval').fill('600')
    await page.locator('#node-input-btn-accountSensorist-add').click()
    await page.locator('#node-config-dialog-ok').waitFor()
    await session().fillAccount('sensorist')
    await editor().done('node-config-dialog')
    await editor().picture('on-event-silence')
    await editor().done()
    const node = (JSON.parse(await editor().exportAll()) as Record<string, unknown>[]).find(({ name }) => name === NAME)!
    assert.deepEqual([node.source, node.devices, node.interval], ['silence', '7325, 57951', '600'])
  })

  it('lists the devices of the account beside the field, names the chosen one, and keeps it', async () => {
    const { page } = editor()
    await editor().openNode(NAME)
    const names = page.locator('#node-input-devices-chosen')
    assert.equal(await names.isVisible(), false, 'nothing was read yet')
    await page.locator('#node-input-devices').fill('')
    assert.match(await names.innerText(), /^Press the magnifier/)
    await page.locator('#sensor-clouds-row-devices .sensor-clouds-pick').click()
    const list = page.locator('#node-input-devices-picker')
    await list.getByRole('option').first().waitFor()
    await list.getByRole('combobox').fill('7325')
    await list.getByRole('option').first().click()
    assert.equal(await page.locator('#node-input-devices').inputValue(), '7325')
    assert.equal(await names.innerText(), 'Cellar')
    await page.locator('#node-input-devices').fill('7325, 57951, 7326')
    assert.equal(await names.innerText(), 'Cellar\nKitchen')
    await page.locator('#node-input-devices').fill('7325')
    assert.match(await page.locator('#node-input-devices').getAttribute('aria-describedby') ?? '', /node-input-devices-chosen$/)
    assert.match(await page.locator('#node-input-interval-help').innerText(), /if no other node reads these devices/)
    await editor().picture('on-event-devices')
    await page.locator('#node-input-vendor').selectOption('thingsee')
    assert.equal(await list.isVisible(), false)
    assert.equal(await names.isVisible(), false, 'another vendor has other devices')
    await page.locator('#sensor-clouds-row-devices .sensor-clouds-pick').click()
    await list.getByText('Choose an account first.').waitFor()
    await page.locator('#node-input-vendor').selectOption('sensorist')
    await editor().done()
    const node = (JSON.parse(await editor().exportAll()) as Record<string, unknown>[]).find(({ name }) => name === NAME)!
    assert.equal(node.devices, '7325')
    await editor().deploy()
    await editor().status(NAME, /\d+ sensors? · 0 silent/)
  })
})
