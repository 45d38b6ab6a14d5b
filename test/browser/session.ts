/** A Node-RED with a flow, the simulator, and an editor open on them: for all tests of a describe block. */
import assert from 'node:assert/strict'
import { accountsOn, type VendorId } from '../nodes/harness'
import { startSimulator, type Simulator } from '../simulator'
import { whyNoBrowser } from './chromium'
import { Editor } from './editor'
import type { Settings } from '../package/node-red'
import { startInstalled, type InstalledNodeRed } from './installed'
import { closePages, sharedBrowser } from './shared-browser'

/** What the tab of each flow is called. */
export const TAB = 'Dialogs'

/** Without Monaco, whose 4 MB of script each page would compile, and which no test types into. Files with a Node-RED of their own have it. */
const SETTINGS: Settings = { editorTheme: { tours: false, codeEditor: { lib: 'ace' } } }

export interface Session {
  simulator: Simulator
  editor: Editor
  /** Types what the simulator wants into the open account dialog. */
  fillAccount(id: VendorId): Promise<void>
}

/**
 * Starts all of it before the tests, and ends it after them; skips them where there is no browser.
 * @param options further settings of Node-RED, and the tab of the flow that is shown
 */
export function useSession(flow: () => object[], { more = {}, tab = TAB }: { more?: Settings; tab?: string } = {}): () => Session {
  let simulator: Simulator | undefined
  let nodeRed: InstalledNodeRed | undefined
  let session: Session | undefined

  before(async function () {
    const reason = whyNoBrowser()
    if (reason !== undefined) {
      console.log(`      SKIPPED, no dialog was tried: ${reason}`)
      this.skip()
    }
    simulator = await startSimulator()
    nodeRed = await startInstalled({ ...SETTINGS, ...more })
    const browser = await sharedBrowser()
    const editor = await Editor.open(browser, nodeRed.origin)
    session = { simulator, editor, fillAccount: (id) => fillAccount(editor, simulator!, id) }
    await editor.importFlow(flow())
    await editor.showTab(tab)
  })
  after(async () => {
    await closePages()
    await nodeRed?.remove()
    await simulator?.close()
  })
  // The tests go on where the one before has left the editor, so after a failure the rest would only wait in vain.
  let failed = false
  beforeEach(function () {
    if (failed) this.skip()
  })
  afterEach(function () {
    failed ||= this.currentTest?.state === 'failed'
    assert.deepEqual(session?.editor.errors ?? [], [])
  })
  return () => session!
}

async function fillAccount(editor: Editor, simulator: Simulator, id: VendorId): Promise<void> {
  const { page } = editor
  const { settings, credentials } = accountsOn(simulator)[id]
  const values = { ...settings, ...credentials } as Record<string, string>
  await editor.openAdvanced()
  await page.locator('#node-config-input-name').fill(`Account of ${id}`)
  for (const [name, value] of Object.entries(values)) {
    const control = page.locator(`#node-config-input-${name}`)
    if ((await control.evaluate((element) => element.tagName)) === 'SELECT') await control.selectOption(value)
    else await control.fill(value)
  }
}
