/** The dialog of the event node for each vendor, and the events that come once it is deployed. */
import assert from 'node:assert/strict'
import type { Events } from '../../src/lib/vocabulary/events'
import { accountProperty, type Vendor } from '../../src/lib/vocabulary/vendor'
import { vendors } from '../../src/lib/vendors'
import type { VendorId } from '../nodes/harness'
import type { Editor } from './editor'
import { ParamRows } from './param-rows'
import { TAB, useSession } from './session'

const eventsOf = (id: VendorId): Events | undefined => (vendors[id] as Vendor).events
const TELLING = (Object.keys(vendors) as VendorId[]).filter((id) => eventsOf(id) !== undefined)
const DEVICE = 'JDA54E19F'
const nameOf = (id: VendorId): string => `events of ${id}`

const emptyFlow = (): object[] => [
  { id: 'tab', type: 'tab', label: TAB },
  ...TELLING.map((id, index) => ({ id: `event${index}`, z: 'tab', type: 'sensor-cloud-on-event', name: nameOf(id), x: 300, y: 100 + 80 * index, wires: [[]] })),
]

describe('dialogs of the event node in a browser', function () {
  this.timeout(240_000)
  const session = useSession(emptyFlow)
  const editor = (): Editor => session().editor
  const visible = (name: string): Promise<boolean> => editor().page.locator(`#sensor-clouds-row-${name}`).isVisible()
  const exported = async (name: string): Promise<Record<string, unknown>> =>
    (JSON.parse(await editor().exportAll()) as Record<string, unknown>[]).find((node) => node.name === name)!

  for (const id of TELLING)
    it(`of ${vendors[id].title}: shows what this vendor needs, judges it and keeps it`, async () => {
      const { page } = editor()
      const events = eventsOf(id)!
      const posts = events.kind === 'callback'
      await editor().openNode(nameOf(id))
      const offered = await page.locator('#node-input-vendor option').evaluateAll((options) => options.map((option) => option.getAttribute('value')))
      assert.deepEqual(offered.filter(Boolean).sort(), [...TELLING].sort())
      await page.locator('#node-input-vendor').selectOption(id)
      for (const other of Object.keys(vendors) as VendorId[]) assert.equal(await visible(accountProperty(other)), other === id, other)
      for (const name of ['publicUrl', 'path', 'events']) assert.equal(await visible(name), posts, name)
      assert.equal(await visible('interval'), !posts)
      await page.locator(`#node-input-btn-${accountProperty(id)}-add`).click()
      await page.locator('#node-config-dialog-ok').waitFor()
      await session().fillAccount(id)
      await editor().done('node-config-dialog')
      if (events.kind === 'callback') {
        const path = page.locator('#node-input-path')
        const made = await path.inputValue()
        assert.match(made, /^\/sensor-clouds\/events\/[\w-]{32}$/)
        await page.getByRole('button', { name: 'Make a new path' }).click()
        assert.notEqual(await path.inputValue(), made)
        await page.locator('#node-input-publicUrl').fill('http://example.com')
        assert.match(await page.locator('#node-input-publicUrl-problem').innerText(), /must start with https/)
        await page.locator('#node-input-publicUrl').fill(new URL(page.url()).origin)
        assert.equal(await page.locator('#node-input-publicUrl-problem').isVisible(), false)
        const boxes = await Promise.all(events.choices.map(({ value }) => page.locator(`#sensor-clouds-event-${value}`).boundingBox()))
        assert.equal(new Set(boxes.map((box) => box?.x)).size, 1, 'the boxes stand below one another')
        assert.ok(boxes[0]!.x >= (await path.boundingBox())!.x, 'the boxes stand where the inputs stand')
        for (const name of ['alarm', 'system']) await page.locator(`#sensor-clouds-event-${name}`).check()
      } else {
        await new ParamRows(page).assertFields(events.fields)
        if ('deviceId' in events.fields) await new ParamRows(page).input('deviceId').fill(DEVICE)
        await page.locator('#node-input-interval').fill('1')
        assert.match(await page.locator('#node-input-interval-problem').innerText(), /must be at least/)
        await page.locator('#node-input-interval').fill(id === 'thingsee' ? '10' : '')
      }
      await editor().picture(`on-event-${id}`)
      await editor().done()
      const node = await exported(nameOf(id))
      assert.equal(node.vendor, id)
      assert.deepEqual(node.events ?? [], posts ? ['alarm', 'system'] : [])
      assert.deepEqual(Object.keys((node.params ?? {})), 'fields' in events && 'deviceId' in events.fields ? ['deviceId'] : [])
    })

  it('deploys, and each node listens', async () => {
    await editor().deploy()
    for (const id of TELLING) await editor().status(nameOf(id), /listening|\d+ events/)
    await editor().picture('on-event-canvas')
  })

  it('gets what happens', async () => {
    const { sensorist, thingsee } = session().simulator.state
    const [delivery] = await sensorist.trigger('system')
    assert.equal(delivery?.status, 200)
    await editor().status(nameOf('sensorist'), /1 event\b/)
    thingsee.things.get('TSPD04SIM00000001')!.alerts.push({ type: 'heartbeat missed', from: Date.now(), to: null })
    await editor().status(nameOf('thingsee'), /1 event\b/)
  })
})
