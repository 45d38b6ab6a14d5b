/** Node-RED's editor, used as a person does. */
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Locator, Page, Response } from 'playwright-core'
import { ROOT } from '../package/installation'
import { pause, until } from '../until'
import { MAJOR } from './installed'
import { Witness, type Reply } from './witness'

/** Ms; a busy machine takes its time. */
const PATIENCE = 40_000
/** Ms from where a tray stands in its place to where the editor has shown its form: 150 in red.js. */
const SHOWN_AFTER = 160
/** Ms within which two clicks are one double-click: 650 in red.js. */
const APART = 700
/** Trays would slide for 250 ms, and a button that moves is hard to press. */
const STILL = '.red-ui-tray { transition: none !important }'

/** The editor would load mermaid, 3.5 MB of script for diagrams in texts, into each page; no test shows a diagram. */
const NO_DIAGRAMS = `document.addEventListener('DOMContentLoaded', () =>
  window.jQuery?.ajaxTransport('+script', ({ url }) =>
    url.includes('/mermaid/')
      ? { send: (_headers, complete) => complete(200, 'success', { text: 'window.mermaid = { initialize() {} }' }), abort() {} }
      : undefined))`

/** The two kinds of tray, by the start of their ids. */
type Tray = 'node-dialog' | 'node-config-dialog'

export class Editor {
  readonly page: Page
  readonly #origin: string
  readonly #witness: Witness
  /** The tab that was shown last. */
  #tab: string | undefined
  /** When each node was double-clicked last. */
  readonly #pressed = new Map<string, number>()

  private constructor(page: Page, origin: string) {
    this.page = page
    this.#origin = origin
    this.#witness = new Witness(page, origin)
  }

  /** @param options who signs in, where that is asked for, and the language of the browser */
  static async open(browser: Browser, origin: string, { user, locale = 'en-US' }: { user?: { name: string; password: string }; locale?: string } = {}): Promise<Editor> {
    const page = await browser.newPage({ viewport: { width: 1360, height: 1000 }, locale })
    page.setDefaultTimeout(PATIENCE)
    await page.addInitScript(NO_DIAGRAMS)
    const editor = new Editor(page, origin)
    if (user) await editor.#signIn(user)
    else await page.goto(origin)
    await editor.#loaded()
    return editor
  }

  /** Loads the editor anew; also says so when it hangs. */
  async load(): Promise<void> {
    await this.page.goto(this.#origin)
    await this.#loaded()
  }

  async #loaded(): Promise<void> {
    await this.page.locator('#red-ui-palette-search').waitFor()
    await this.page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' })
    await this.page.addStyleTag({ content: STILL })
    await this.#closeWelcome()
  }

  async #signIn({ name, password }: { name: string; password: string }): Promise<void> {
    await this.page.goto(this.#origin)
    await this.page.locator('#node-dialog-login-username').fill(name)
    await this.page.locator('#node-dialog-login-password').fill(password)
    await this.page.locator('#node-dialog-login-password').press('Enter')
  }

  get errors(): readonly string[] {
    return this.#witness.errors
  }

  replies(): Promise<Reply[]> {
    return this.#witness.replies()
  }

  /** Asks about telemetry or tours stand over the canvas in a new user directory. */
  async #closeWelcome(): Promise<void> {
    const buttons = this.page.locator('.red-ui-notification button, .red-ui-tour-popover button')
    for (let left = await buttons.count(); left > 0; left -= 1) await buttons.first().click({ timeout: 2000 }).catch(() => undefined)
  }

  async showTab(label: string): Promise<void> {
    this.#tab = label
    await this.page.locator('#red-ui-workspace-tabs').getByText(label, { exact: true }).click()
  }

  /** Menu > Import, with the flow as text; a flow with a tab of its own needs no place on the canvas. */
  async importFlow(flow: readonly object[]): Promise<void> {
    // A dialog that the editor is slow to close would stand in the way.
    const shade = this.page.locator('#red-ui-editor-shade:visible')
    if ((await shade.count()) > 0) await this.page.keyboard.press('Escape')
    await shade.waitFor({ state: 'hidden' })
    await this.page.locator('#red-ui-workspace-chart').click({ position: { x: 5, y: 400 } })
    const text = this.page.locator('#red-ui-clipboard-dialog-import-text')
    await this.#again(() => this.page.keyboard.press('Control+i'), text, 'the dialog of the import')
    await text.fill(JSON.stringify(flow))
    await text.press('End')
    await this.page.locator('#red-ui-clipboard-dialog-ok').click()
    await text.waitFor({ state: 'hidden' })
  }

  /** Menu > Export > all flows, as the text that would be copied. */
  async exportAll(): Promise<string> {
    await this.page.keyboard.press('Control+e')
    await this.page.locator('#red-ui-clipboard-dialog-export-rng-full').click()
    const text = this.page.locator('#red-ui-clipboard-dialog-export-text')
    await this.page.locator('#red-ui-clipboard-dialog-export-tab-clipboard-tabs').getByText('JSON').click()
    const exported = await text.inputValue()
    await this.page.locator('#red-ui-clipboard-dialog-cancel').click()
    await text.waitFor({ state: 'hidden' })
    return exported
  }

  /** A node on the canvas by its name. */
  node(name: string): Locator {
    return this.page.locator('.red-ui-flow-node-group').filter({ has: this.page.getByText(name, { exact: true }) })
  }

  /** A node to press. The editor may have gone to another tab, as it does when it was slow to import one. */
  async #seen(name: string): Promise<Locator> {
    const node = this.node(name)
    const isThere = await node.first().waitFor({ timeout: 5_000 }).then(() => true, () => false)
    if (!isThere && this.#tab !== undefined) await this.showTab(this.#tab)
    return node
  }

  /** Double-clicks a node. */
  async openNode(name: string): Promise<void> {
    const ok = this.page.locator('#node-dialog-ok')
    await this.#again(() => this.#doubleClick(name), ok, `the dialog of ${name}`)
    await this.slid()
  }

  async #doubleClick(name: string): Promise<void> {
    const node = await this.#seen(name)
    // A click that soon follows another one on the same node would open its dialog by itself.
    const since = performance.now() - (this.#pressed.get(name) ?? -Infinity)
    if (since < APART) await pause(APART - since)
    await node.locator('rect.red-ui-flow-node').dblclick()
    this.#pressed.set(name, performance.now())
  }

  /** Does what opens a dialog; again, as a person would, when the editor was still busy closing another one. */
  async #again(open: () => Promise<void>, sign: Locator, what: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      // What opens only now covers what is pressed again.
      const pressed = await open().then(() => true, () => false)
      const opened = await sign.waitFor({ timeout: 10_000 }).then(() => true, () => false)
      if (opened) return
      assert.ok(attempt < 3, `${what} does not open${pressed ? '' : ', and what opens it cannot be pressed'}`)
    }
  }

  /** Opens the fold of an account's dialog, unless it opened by itself. */
  async openAdvanced(): Promise<void> {
    // Until then, the editor fills in the form, and moves it.
    await this.slid()
    const fold = this.page.locator('#sensor-clouds-advanced')
    if ((await fold.getAttribute('open')) === null) await fold.locator('summary').click()
  }

  /** Waits until the tray on top stands in its place, and the editor has shown its form. */
  async slid(): Promise<void> {
    await this.#inPlace(SHOWN_AFTER)
  }

  /** @param then ms that the page waits afterwards: its timers come in their order, however busy the machine is */
  async #inPlace(then: number): Promise<void> {
    const isInPlace = await this.page.evaluate(
      async ([ms, patience]) => {
        for (const end = performance.now() + patience; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 10))) {
          const tray = [...document.querySelectorAll<HTMLElement>('.red-ui-tray')].at(-1)
          if (tray !== undefined && tray.style.right !== '0px') continue
          await new Promise((resolve) => setTimeout(resolve, ms))
          return true
        }
        return false
      },
      [then, PATIENCE] as const,
    )
    assert.ok(isInPlace, 'the tray does not come to its place')
  }

  /** Presses Done. */
  async done(tray: Tray = 'node-dialog'): Promise<void> {
    await this.#leave(`#${tray}-ok`)
  }

  async cancel(tray: Tray = 'node-dialog'): Promise<void> {
    await this.#leave(`#${tray}-cancel`)
  }

  async #leave(selector: string): Promise<void> {
    const button = this.page.locator(selector)
    await button.click()
    await button.waitFor({ state: 'detached' })
    await this.#inPlace(0)
  }

  /** Presses Deploy, and waits until the flows have started, which is later than the answer; a node that is not complete would make the editor ask back. */
  async deploy(): Promise<void> {
    const isPost = (response: Response): boolean => response.url().endsWith('/flows') && response.request().method() === 'POST'
    const [response] = await Promise.all([
      this.page.waitForResponse(isPost),
      this.page.locator('#red-ui-header-button-deploy').click(),
    ])
    const text = await response.text()
    assert.equal(response.status(), 200, text)
    const { rev } = JSON.parse(text) as { rev: string }
    await until(() => this.#witness.hasHeard('runtime-deploy', rev), 'the flows have started', PATIENCE)
  }

  /** Presses the button of an inject node. */
  async inject(name: string): Promise<void> {
    await (await this.#seen(name)).locator('.red-ui-flow-node-button-button').click()
  }

  /** Waits until the text below a node is so. */
  async status(name: string, wanted: RegExp): Promise<string> {
    const label = this.node(name).locator('.red-ui-flow-node-status-label')
    const reached = label.filter({ hasText: wanted })
    try {
      await reached.waitFor({ timeout: PATIENCE })
    } catch {
      throw new Error(`the status of ${name} is "${(await label.textContent()) ?? ''}", not ${String(wanted)}`)
    }
    return (await label.textContent()) ?? ''
  }

  /** Pictures of what stands there, for people to look at: SCREENSHOTS=true keeps them in .tmp/screenshots/. */
  async picture(name: string): Promise<void> {
    if (process.env.SCREENSHOTS !== 'true') return
    const folder = join(ROOT, '.tmp', 'screenshots')
    await mkdir(folder, { recursive: true })
    const dark = (on: boolean): Promise<void> =>
      this.page.evaluate((wanted) => void document.documentElement.classList.toggle('nr-theme-dark', wanted), on)
    await this.page.screenshot({ path: join(folder, `${MAJOR}-light-${name}.png`) })
    if (MAJOR < 5) return
    await dark(true)
    await this.page.screenshot({ path: join(folder, `${MAJOR}-dark-${name}.png`) })
    await dark(false)
  }
}
