/** Every example in a real editor: all nodes known, none on top of another, and all that is asked for is the account. */
import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { FILES, ofType, read } from '../examples/flows'
import type { Editor } from './editor'
import { TAB, useSession } from './session'

const DASHBOARD = dirname(require.resolve('@flowfuse/node-red-dashboard/package.json'))

interface Box {
  name: string
  left: number
  right: number
  top: number
  bottom: number
}

/** The nodes on the canvas with the room that they take. */
function boxesOn({ page }: Editor): Promise<Box[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.red-ui-flow-node-group')].map((group) => {
      const { left, right, top, bottom } = group.querySelector('rect.red-ui-flow-node')!.getBoundingClientRect()
      return { name: group.textContent, left, right, top, bottom }
    }),
  )
}

/** Pixels between two nodes, so that their ports and wires are seen. */
const GAP = 20

const overlap = (one: Box, other: Box): boolean =>
  one.left < other.right + GAP && other.left < one.right + GAP && one.top < other.bottom && other.top < one.bottom

interface Workspaces {
  workspaces: { show(id: string): void }
}

describe('examples in a browser', function () {
  this.timeout(240_000)
  const session = useSession(() => [{ id: 'tab', type: 'tab', label: TAB }], { more: { nodesDir: [DASHBOARD] } })

  for (const file of FILES) {
    it(`shows ${file}`, async () => {
      const { editor } = session()
      const flow = read(file)
      await editor.page.setViewportSize({ width: 1700, height: 800 })
      await editor.importFlow(flow)
      const [tab] = ofType(flow, 'tab')
      // Its place among so many tabs may be out of sight.
      await editor.page.evaluate((id) => (RED as unknown as Workspaces).workspaces.show(id), tab!.id)
      const count = flow.filter(({ z }) => z === tab?.id).length
      // The nodes of the tab before leave the canvas in the next frames.
      await editor.page.waitForFunction((wanted) => document.querySelectorAll('.red-ui-flow-node-group').length === wanted, count)
      const boxes = await boxesOn(editor)
      assert.equal(await editor.page.locator('.red-ui-flow-node-unknown').count(), 0)
      const pairs = boxes.flatMap((one, index) => boxes.slice(index + 1).filter((other) => overlap(one, other)).map((other) => `${one.name} / ${other.name}`))
      assert.deepEqual(pairs, [])
      await editor.picture(`example-${file.slice(0, -'.json'.length)}`)
    })
  }
})
