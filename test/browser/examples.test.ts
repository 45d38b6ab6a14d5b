/** Every example in a real editor: all nodes known, none on top of another, and all that is asked for is the account. */
import assert from 'node:assert/strict'
import { FILES, ofType, read, type FlowNode } from '../examples/flows'
import type { Editor } from './editor'
import { palettes } from './palettes'
import { TAB, useSession } from './session'

interface Box {
  name: string
  left: number
  right: number
  top: number
  bottom: number
  /** Right edge on the canvas, in pixels of the flow. */
  end: number
}

/** What the editor keeps at a node's element. */
interface Drawn {
  __data__: { x: number; w: number }
}

/** The nodes on the canvas with the room that they take. */
function boxesOn({ page }: Editor): Promise<Box[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.red-ui-flow-node-group')].map((group) => {
      const { left, right, top, bottom } = group.querySelector('rect.red-ui-flow-node')!.getBoundingClientRect()
      const { x, w } = (group as Element & Drawn).__data__
      return { name: group.textContent, left, right, top, bottom, end: x + w / 2 }
    }),
  )
}

/** Pixels between two nodes, so that their ports and wires are seen. */
const GAP = 20

const overlap = (one: Box, other: Box): boolean =>
  one.left < other.right + GAP && other.left < one.right + GAP && one.top < other.bottom && other.top < one.bottom

interface Tabs {
  nodes: { eachWorkspace(each: (tab: { id: string; label: string }) => void): void }
  workspaces: { show(id: string): void }
}

/** Shows a tab that may be out of sight among so many. */
const show = ({ page }: Editor, label: unknown): Promise<void> =>
  page.evaluate((wanted) => {
    const { nodes, workspaces } = RED as unknown as Tabs
    nodes.eachWorkspace((tab) => {
      if (tab.label === wanted) workspaces.show(tab.id)
    })
  }, label)

describe('examples in a browser', function () {
  this.timeout(240_000)
  const session = useSession(() => [{ id: 'tab', type: 'tab', label: TAB }], { more: { nodesDir: palettes() } })
  const known = new Set<string>()

  /** Imports an example as a person does, who keeps the config nodes that exist. */
  async function importExample(flow: readonly FlowNode[], answers = ['View nodes...', 'Import selected']): Promise<void> {
    const { editor } = session()
    await editor.importFlow(flow)
    if (flow.some(({ id }) => known.has(id))) {
      for (const name of answers) await editor.page.getByRole('button', { name, exact: true }).click()
    }
    for (const { id } of flow) known.add(id)
  }

  const accounts = async (): Promise<FlowNode[]> => ofType(JSON.parse(await session().editor.exportAll()) as FlowNode[], 'sensorist-account')

  it('keep the account that was filled in for the example before', async () => {
    const { editor } = session()
    const { page } = editor
    const chart = read('Sensorist - chart of a day.json')
    await importExample(chart)
    await show(editor, chart[0]?.['label'])
    await editor.openNode('last 24 hours')
    await page.locator('#node-input-btn-accountSensorist-edit').click()
    await page.locator('#node-config-dialog-ok').waitFor()
    await session().fillAccount('sensorist')
    await page.locator('#node-config-input-name').fill('Sensorist')
    await editor.done('node-config-dialog')
    await editor.done()
    await editor.deploy()
    const before = await accounts()
    assert.equal(before[0]?.['baseUrl'], session().simulator.urls.sensorist)

    await importExample(read('Sensorist - restart a gateway.json'), ['Import copy'])
    await importExample(read('Sensorist - add a gateway.json'))
    assert.deepEqual(await accounts(), before)
    await editor.deploy()
    await show(editor, chart[0]?.['label'])
    await editor.inject('every 15 minutes ↻')
    await editor.status('last 24 hours', /\d/)
  })

  for (const file of FILES) {
    it(`shows ${file}`, async () => {
      const { editor } = session()
      const flow = read(file)
      await editor.page.setViewportSize({ width: 1700, height: 800 })
      await importExample(flow)
      const [tab] = ofType(flow, 'tab')
      await show(editor, tab?.['label'])
      const count = flow.filter(({ z }) => z === tab?.id).length
      // The nodes of the tab before leave the canvas in the next frames.
      await editor.page.waitForFunction((wanted) => document.querySelectorAll('.red-ui-flow-node-group').length === wanted, count)
      const boxes = await boxesOn(editor)
      assert.equal(await editor.page.locator('.red-ui-flow-node-unknown').count(), 0)
      const pairs = boxes.flatMap((one, index) => boxes.slice(index + 1).filter((other) => overlap(one, other)).map((other) => `${one.name} / ${other.name}`))
      assert.deepEqual(pairs, [])
      assert.deepEqual(boxes.filter(({ end }) => end > 1200).map(({ name, end }) => `${name}: ${end}`), [])
      await editor.picture(`example-${file.slice(0, -'.json'.length)}`)
    })
  }
})
