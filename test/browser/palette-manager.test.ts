/** The package as the palette manager installs, updates and removes it while editors are open, which do not load anew. */
import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { PACKAGE } from '../../src/nodes/runtime/language'
import { run } from '../package/command'
import { ROOT } from '../package/installation'
import { ask } from '../package/node-red'
import { until } from '../until'
import { whyNoBrowser } from './chromium'
import { Editor } from './editor'
import { startEmpty, type InstalledNodeRed } from './installed'
import { closePages, sharedBrowser } from './shared-browser'

const PATIENCE = 40_000
const READ = 'sensor-cloud-get-data'
const NAME = 'reading'

/** A node without an account, and one whose thing is missing. */
const FLOW = [
  { id: 'tab', type: 'tab', label: 'Installed' },
  { id: 'read', z: 'tab', type: READ, name: NAME, vendor: 'thingsee', operation: 'thing', params: {}, x: 300, y: 200, wires: [[]] },
]

/** A tarball of the built files. Its dependencies are found in this checkout, so that npm needs no network. */
async function packed(folder: string, version: string): Promise<string> {
  const content = join(folder, version, 'package')
  await mkdir(content, { recursive: true })
  for (const part of ['dist', 'resources', 'examples']) await cp(join(ROOT, part), join(content, part), { recursive: true })
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as object
  await writeFile(join(content, 'package.json'), JSON.stringify({ ...manifest, version, dependencies: {}, devDependencies: {}, scripts: {} }))
  const tarball = join(folder, `${basename(PACKAGE)}-${version}.tgz`)
  await run('tar', ['-czf', tarball, 'package'], { cwd: join(folder, version), timeout: 30_000 })
  return tarball
}

describe('the palette manager', function () {
  this.timeout(120_000)
  let nodeRed: InstalledNodeRed | undefined
  let folder = ''
  const editors: Record<'en-US' | 'de-DE', Editor | undefined> = { 'en-US': undefined, 'de-DE': undefined }
  const english = (): Editor => editors['en-US']!
  const german = (): Editor => editors['de-DE']!

  before(async function () {
    const reason = whyNoBrowser()
    if (reason !== undefined) {
      console.log(`      SKIPPED, nothing was installed: ${reason}`)
      this.skip()
    }
    await mkdir(join(ROOT, '.tmp'), { recursive: true })
    folder = await mkdtemp(join(ROOT, '.tmp', 'tarballs-'))
    nodeRed = await startEmpty({ externalModules: { palette: { allowInstall: true, allowUpload: true } }, editorTheme: { tours: false, codeEditor: { lib: 'ace' }, palette: { catalogues: [] } } })
    const browser = await sharedBrowser()
    for (const locale of ['en-US', 'de-DE'] as const) editors[locale] = await Editor.open(browser, nodeRed.origin, { locale })
    // Before 4.1.2 Node-RED gives an editor that is open nothing of a plugin that is installed.
    await german().page.route(`**/plugins/${PACKAGE}/**`, (route) => route.fulfill({ body: '', contentType: 'text/html' }))
  })
  after(async () => {
    await closePages()
    await nodeRed?.remove()
    if (folder !== '') await rm(folder, { recursive: true, force: true })
  })
  afterEach(() => {
    for (const editor of [english(), german()]) assert.deepEqual(editor.errors, [])
  })

  /** As the palette manager does with a file that is dropped on it. */
  async function upload(version: string): Promise<void> {
    const tarball = await packed(folder, version)
    const body = new FormData()
    body.append('tarball', new Blob([await readFile(tarball)]), `${basename(PACKAGE)}-${version}.tgz`)
    await ask(`${nodeRed!.origin}/nodes`, { method: 'POST', body })
  }

  /** The labels that an editor shows for the package. */
  const labels = (editor: Editor): Promise<string[]> =>
    editor.page.locator('.red-ui-palette-node[data-palette-type^="sensor-cloud-"] .red-ui-palette-label').evaluateAll((all) =>
      all.map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim()).sort(),
    )

  const showsAll = async (editor: Editor, count: number): Promise<void> => {
    await until(async () => (await labels(editor)).length === count, 'the palette shows the nodes', PATIENCE)
  }

  /** What the editor says against a node. */
  const problems = ({ page }: Editor, id: string): Promise<unknown> =>
    page.evaluate((node) => (RED as unknown as { nodes: { node(id: string): { validationErrors?: unknown[] } } }).nodes.node(node).validationErrors, id)

  async function triesDialogs(editor: Editor, vendorLabel: string): Promise<void> {
    const { page } = editor
    await editor.openNode(NAME)
    await page.locator('#node-input-vendor').waitFor({ state: 'visible' })
    assert.equal(await page.locator('#node-input-vendor').inputValue(), 'thingsee')
    assert.equal((await page.locator('label[for="node-input-vendor"]').textContent())?.replace('*', ''), vendorLabel)
    await page.locator('#node-input-btn-accountThingsee-add, #node-input-lookup-accountThingsee').filter({ visible: true }).first().click()
    await page.locator('#node-config-input-baseUrl').waitFor({ state: 'attached' })
    await page.locator('#node-config-input-clientId').waitFor({ state: 'visible' })
    await editor.slid()
    await editor.cancel('node-config-dialog')
    await editor.cancel()
  }

  it('puts the nodes into the palettes of open editors, each in its language', async () => {
    await upload('0.1.0')
    for (const editor of [english(), german()]) await showsAll(editor, 6)
    assert.deepEqual(await labels(english()), ['get data', 'on event', 'register device', 'send command', 'send reading', 'set alarm'])
    assert.ok((await labels(german())).includes('Daten abrufen'), String(await labels(german())))
  })

  it('gives an editor that loads anew what it needs at once', async () => {
    const asked: string[] = []
    english().page.on('request', (request) => asked.push(request.url()))
    await english().load()
    await showsAll(english(), 6)
    assert.ok((await labels(english())).includes('get data'))
    assert.deepEqual(asked.filter((url) => url.includes('/resources/')), [])
  })

  it('lets a node be dragged in', async () => {
    for (const { page } of [english(), german()]) {
      await page.locator(`.red-ui-palette-node[data-palette-type="${READ}"]`).scrollIntoViewIfNeeded()
      await page.locator(`.red-ui-palette-node[data-palette-type="${READ}"]`).dragTo(page.locator('#red-ui-workspace-chart'), { targetPosition: { x: 500, y: 300 } })
      await page.locator('.red-ui-flow-node-group').first().waitFor()
    }
    assert.match((await english().page.locator('.red-ui-flow-node-label').first().textContent()) ?? '', /get data/)
  })

  it('shows what is wrong with a node', async () => {
    for (const editor of [english(), german()]) {
      await editor.importFlow(FLOW)
      await editor.showTab('Installed')
      await editor.node(NAME).locator('.red-ui-flow-node-error').waitFor({ state: 'visible' })
    }
    const read = await english().page.evaluate((type) => {
      const { nodes } = RED as unknown as { nodes: { filterNodes(of: object): { id: string; name: string }[] } }
      return nodes.filterNodes({ type }).find(({ name }) => name === 'reading')?.id ?? ''
    }, READ)
    assert.deepEqual(await problems(english(), read), ['Choose an account', 'Thing (tuid) is required'])
  })

  it('opens the dialogs of nodes and accounts', async () => {
    await triesDialogs(english(), 'Vendor')
    await triesDialogs(german(), 'Anbieter')
  })

  it('disables and enables a set', async () => {
    const set = (enabled: boolean): Promise<unknown> =>
      ask(`${nodeRed!.origin}/nodes/${PACKAGE}/sensor-cloud-set-alarm`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ enabled }) })
    const shown = english().page.locator('.red-ui-palette-node[data-palette-type="sensor-cloud-set-alarm"]')
    await set(false)
    await shown.waitFor({ state: 'hidden' })
    await set(true)
    await shown.waitFor({ state: 'visible' })
  })

  it('removes and installs it again', async () => {
    await ask(`${nodeRed!.origin}/nodes/${PACKAGE}`, { method: 'DELETE' })
    for (const editor of [english(), german()]) await showsAll(editor, 0)
    await upload('0.1.0')
    for (const editor of [english(), german()]) await showsAll(editor, 6)
    assert.ok((await labels(german())).includes('Daten abrufen'), String(await labels(german())))
    await triesDialogs(english(), 'Vendor')
  })

  it('updates it, and the open editors stay usable until Node-RED restarts', async () => {
    await upload('0.1.1')
    const info = (await ask(`${nodeRed!.origin}/nodes/${PACKAGE}`, { headers: { Accept: 'application/json' } })) as { pending_version?: string }
    assert.equal(info.pending_version, '0.1.1')
    await german().page.getByText('0.1.1').first().waitFor()
    // What asks for the restart stands over the buttons of the dialog.
    await german().page.addStyleTag({ content: '#red-ui-notifications { display: none }' })
    await triesDialogs(german(), 'Anbieter')
  })
})
