/** What the editor loads of the package before a dialog opens, and what it loads with the first dialog and the first help. */
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import type { Browser, Page, Response } from 'playwright-core'
import { PACKAGE } from '../../src/nodes/runtime/language'
import { whyNoBrowser } from './chromium'
import { Editor } from './editor'
import { startInstalled, type InstalledNodeRed } from './installed'
import { closePages, sharedBrowser } from './shared-browser'

/** Bytes, not compressed: Node-RED serves them as they are. */
const MOST = 150_000
const READING = 'reading'

const FLOW = [
  { id: 'tab', type: 'tab', label: 'Palette' },
  { id: 'read', z: 'tab', type: 'sensor-cloud-get-data', name: READING, vendor: 'thingsee', operation: 'thing', params: {}, x: 300, y: 200, wires: [[]] },
  { id: 'event', z: 'tab', type: 'sensor-cloud-on-event', name: 'event', vendor: 'thingsee', params: {}, x: 300, y: 300, wires: [[]] },
]

/** The parts of Node-RED's answer that are this package's. */
function partsIn(path: string, body: string): string[] {
  if (path.includes(PACKAGE) || path.startsWith('/sensor-clouds/')) return [body]
  if (path === '/nodes' || path === '/plugins') return body.split(/(?=<!-- --- \[red-\w+:\S+\] --- -->)/).filter((part) => part.includes(`:${PACKAGE}/`))
  if (!path.endsWith('/messages')) return []
  return Object.entries(JSON.parse(body) as Record<string, object>).flatMap(([id, texts]) => (id.startsWith(`${PACKAGE}/`) ? [JSON.stringify(texts)] : []))
}

interface Loaded {
  path: string
  language: string
  text: string
}

/** Notes what a page loads of the package. */
function watch(page: Page): () => Promise<Loaded[]> {
  const pending: Promise<Loaded[]>[] = []
  const read = async (response: Response): Promise<Loaded[]> => {
    const { pathname, searchParams } = new URL(response.url())
    const type = response.headers()['content-type'] ?? ''
    if (response.status() !== 200 || (['/nodes', '/plugins'].includes(pathname) && !type.includes('html'))) return []
    const parts = partsIn(pathname, await response.text())
    return parts.map((text) => ({ path: pathname, language: searchParams.get('lng') ?? searchParams.get('language') ?? '', text }))
  }
  page.on('response', (response) => pending.push(read(response).catch(() => [])))
  return async () => (await Promise.all(pending)).flat()
}

describe('the palette in a browser', () => {
  let nodeRed: InstalledNodeRed | undefined
  let browser: Browser | undefined
  let editor: Editor
  before(async function () {
    const reason = whyNoBrowser()
    if (reason !== undefined) {
      console.log(`      SKIPPED, nothing was loaded: ${reason}`)
      this.skip()
    }
    nodeRed = await startInstalled()
    browser = await sharedBrowser()
    await nodeRed.deploy(FLOW)
    editor = await Editor.open(browser, nodeRed.origin)
  })
  after(async () => {
    await closePages()
    await nodeRed?.remove()
  })

  /** Pages that tests leave open for a later one: to load the editor takes seconds of computing. */
  const pages = new Map<string, Page>()
  const loadedPage = async (locale: string): Promise<Page> => pages.get(locale) ?? (await open(locale)).page

  /** A page with an empty cache, and what it has loaded once the flows are shown. */
  async function open(locale: string): Promise<{ page: Page; loaded: () => Promise<Loaded[]> }> {
    const page = await browser!.newPage({ locale })
    const loaded = watch(page)
    await page.goto(nodeRed!.origin)
    await page.locator('.red-ui-flow-node-group').first().waitFor()
    await page.waitForLoadState('networkidle')
    return { page, loaded }
  }

  for (const [locale, language, label] of [['en-US', 'en-US', 'get data'], ['de-AT', 'de', 'Daten abrufen'], ['ja', 'ja', '']] as const)
    it(`loads less than ${MOST / 1000} kB in ${locale} before a dialog opens`, async () => {
      const { page, loaded } = await open(locale)
      const all = await loaded()
      // Node-RED asks for the catalogs of the languages that stand in for the first one too.
      const catalog = all.find(({ path, text }) => path === '/plugins/messages' && text.includes(`"language":"${language}"`))
      assert.ok(catalog, 'no catalog')
      const counted = [...all.filter(({ path }) => !path.endsWith('/messages')), catalog]
      const size = (given: readonly Loaded[]): number => given.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
      const zipped = gzipSync(counted.map(({ text }) => text).join('')).length
      console.log(`      ${size(counted)} bytes, ${zipped} with gzip: html and script ${size(counted.filter(({ path }) => ['/nodes', '/plugins'].includes(path)))}, texts ${size([catalog])}`)
      assert.ok(counted.some(({ path }) => path === '/plugins') && counted.filter(({ path }) => path === '/nodes').length > 10, 'not all was counted')
      assert.ok(size(counted) < MOST, `${size(counted)} bytes:\n${counted.map((one) => `${one.path} ${Buffer.byteLength(one.text)}`).join('\n')}`)
      assert.ok(!all.some(({ path }) => path.startsWith('/resources/')), 'a dialog was loaded')
      const shown = await page.locator('.red-ui-palette-node[data-palette-type="sensor-cloud-get-data"] .red-ui-palette-label').textContent()
      if (label !== '') assert.equal(shown?.replace(/\s+/g, ' '), label)
      pages.set(locale, page)
    })

  it('knows which nodes are not complete before a dialog opens', async () => {
    const page = await loadedPage('en-US')
    const problems = await page.evaluate(() => {
      const { nodes } = RED as unknown as { nodes: { node(id: string): { valid: boolean; validationErrors: unknown[] } } }
      return ['read', 'event'].map((id) => nodes.node(id).validationErrors)
    })
    assert.deepEqual(problems, [['Choose an account', 'Thing (tuid) is required'], ['Choose an account']])
  })

  it('loads the dialogs once, with the first one that opens', async () => {
    const loaded = watch(editor.page)
    await editor.openNode(READING)
    await editor.page.locator('#node-input-operation').waitFor({ state: 'visible' })
    await editor.cancel()
    await editor.openNode('event')
    await editor.page.locator('#sensor-clouds-note').waitFor({ state: 'visible' })
    await editor.cancel()
    const paths = (await loaded()).map(({ path }) => path).filter((path) => path.startsWith('/resources/') || path.includes('/texts/'))
    assert.deepEqual(paths.sort(), [`/resources/${PACKAGE}/dialogs.js`, '/sensor-clouds/texts/en-US'])
    assert.deepEqual(editor.errors, [])
  })

  it('shows the help in the sidebar, in the language of the editor', async () => {
    const page = await loadedPage('de-AT')
    await page.evaluate(() => {
      const { sidebar } = RED as unknown as { sidebar: { help: { show(type: string, bringToFront: boolean): void } } }
      sidebar.help.show('sensor-cloud-get-data', true)
    })
    const help = page.locator('sensor-clouds-help[type="sensor-cloud-get-data"]').first()
    await help.getByRole('heading', { name: 'Eingangsdaten' }).waitFor()
    assert.match((await help.locator('xpath=preceding-sibling::p').first().textContent()) ?? '', /^Liest Daten/)
  })

  it('says so in the dialog when its script cannot be loaded, and tries again', async () => {
    const page = await loadedPage('en-US')
    await page.route('**/dialogs.js*', (route) => route.abort())
    const openDialog = async (): Promise<void> => {
      await page.locator('.red-ui-flow-node-group').filter({ hasText: READING }).locator('rect.red-ui-flow-node').dblclick()
    }
    await openDialog()
    await page.getByText('Node-RED does not respond').waitFor()
    await page.locator('#node-dialog-cancel').click()
    await page.locator('#node-dialog-cancel').waitFor({ state: 'detached' })
    await page.unroute('**/dialogs.js*')
    await page.waitForTimeout(500)
    await openDialog()
    await page.locator('#node-input-vendor').waitFor({ state: 'visible' })
    assert.equal(await page.locator('#node-input-vendor').inputValue(), 'thingsee')
  })
})

