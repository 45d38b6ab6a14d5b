/** The pictures of docs/examples.md: each example as the editor draws it after its import. */
import assert from 'node:assert/strict'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { pictureOf } from '../../scripts/example-list'
import { FILES, ofType, read } from '../examples/flows'
import { ROOT } from '../package/installation'
import { Editor } from './editor'
import { startInstalled } from './installed'
import { palettes } from './palettes'

/** Bytes: whoever opens the page has to load all pictures. */
const LARGEST = 110_000
/** Pixels around the nodes, in which wires bend. */
const MARGIN = 40
const DOCS = join(ROOT, 'docs')

export async function takeExamples(browser: Browser): Promise<void> {
  await mkdir(join(DOCS, 'images', 'examples'), { recursive: true })
  const nodeRed = await startInstalled({ nodesDir: palettes() })
  try {
    for (const file of FILES) {
      const path = join(DOCS, pictureOf(file))
      await takeExample(browser, nodeRed.origin, file, path)
      const { size } = await stat(path)
      console.log(`docs/${pictureOf(file)} ${Math.ceil(size / 1000)} kB`)
      assert.ok(size <= LARGEST, `${path} is too large`)
    }
  } finally {
    await nodeRed.remove()
  }
}

/** Nothing is deployed, so each editor opens without the examples before. */
async function takeExample(browser: Browser, origin: string, file: string, path: string): Promise<void> {
  const flow = read(file)
  const editor = await Editor.open(browser, origin)
  const { page } = editor
  await page.setViewportSize({ width: 1800, height: 800 })
  await editor.importFlow(flow)
  const [tab] = ofType(flow, 'tab')
  await editor.showTab(String(tab?.['label']))
  const count = flow.filter(({ z }) => z === tab?.id).length
  const nodes = page.locator('.red-ui-flow-node-group')
  await nodes.nth(count - 1).waitFor()
  // The selection that an import leaves.
  await page.keyboard.press('Escape')
  // What the editor says of the import goes away after seconds only; its marks are not part of the flow.
  await page.addStyleTag({ content: '.red-ui-notification, .red-ui-popover, .red-ui-flow-node-changed, .red-ui-flow-node-error { display: none !important }' })
  const boxes = await Promise.all((await nodes.all()).map((node) => node.boundingBox()))
  const edges = boxes.flatMap((box) => (box ? [box] : []))
  const [x, y] = [Math.min(...edges.map((box) => box.x)) - MARGIN, Math.min(...edges.map((box) => box.y)) - MARGIN]
  const width = Math.max(...edges.map((box) => box.x + box.width)) + MARGIN - x
  const height = Math.max(...edges.map((box) => box.y + box.height)) + MARGIN - y
  await page.screenshot({ path, clip: { x, y, width, height } })
  assert.deepEqual(editor.errors, [])
  await page.close()
}
