/** The tick that operations want which delete more than one thing. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import type { Editor } from './editor'
import { TAB, useSession } from './session'

interface EditorState {
  nodes: { node(id: string): { validationErrors?: readonly string[]; confirmed?: boolean } | null }
}

const alarm = (id: string, y: number, more: object): object => ({ id, name: id, z: 'tab', type: 'sensor-cloud-set-alarm', vendor: 'sensorist', accountSensorist: 'account', params: {}, x: 200, y, wires: [[]], ...more })

/** A node of today, and one that was saved before there was a tick. */
const flow = (): object[] => [
  { id: 'tab', type: 'tab', label: TAB },
  { id: 'account', type: 'sensorist-account', name: 'Cellar' },
  alarm('new', 80, {}),
  alarm('old', 160, { operation: 'delete-all-alarms', ifAbsent: true, version: 1 }),
]

describe('the confirmation of what deletes all in a browser', function () {
  this.timeout(120_000)
  const session = useSession(flow)
  const editor = (): Editor => session().editor
  const page = (): Page => editor().page
  const tick = (): Locator => page().locator('#node-input-confirmed')
  const row = (): Locator => page().locator('#sensor-clouds-row-confirmed')
  const choose = async (operation: string): Promise<void> => {
    await page().locator('#node-input-operation').selectOption(operation)
  }
  const stateOf = (id: string) =>
    page().evaluate((node) => {
      const { confirmed, validationErrors = [] } = (RED as unknown as EditorState).nodes.node(node) ?? {}
      return { confirmed, errors: validationErrors }
    }, id)
  const WANTED = 'Tick "I mean all": this operation deletes more than one thing.'

  it('is wanted of a node that is edited now', async () => {
    await editor().openNode('new')
    await choose('create-alarm')
    assert.equal(await row().isVisible(), false)
    await choose('delete-all-alarms')
    assert.deepEqual([await row().isVisible(), await tick().isChecked()], [true, false])
    await editor().picture('confirmation')
    await editor().done()
    assert.deepEqual(await stateOf('new'), { confirmed: false, errors: [WANTED] })
  })

  it('is kept, and holds for one operation alone', async () => {
    await editor().openNode('new')
    await tick().check()
    await editor().done()
    assert.deepEqual(await stateOf('new'), { confirmed: true, errors: [] })
    await editor().openNode('new')
    assert.equal(await tick().isChecked(), true)
    await choose('delete-all-callbacks')
    assert.equal(await tick().isChecked(), false)
    await choose('delete-all-alarms')
    assert.equal(await tick().isChecked(), true)
    await choose('delete-all-callbacks')
    await editor().done()
    assert.deepEqual(await stateOf('new'), { confirmed: false, errors: [WANTED] })
  })

  it('is not wanted of a flow that was saved before, until its dialog is saved', async () => {
    assert.deepEqual(await stateOf('old'), { confirmed: undefined, errors: [] })
    await editor().openNode('old')
    await editor().cancel()
    assert.deepEqual(await stateOf('old'), { confirmed: undefined, errors: [] })
    await editor().openNode('old')
    await editor().done()
    assert.deepEqual(await stateOf('old'), { confirmed: false, errors: [WANTED] })
  })
})
