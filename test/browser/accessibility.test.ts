/** Every dialog and its help: by axe, by its labels, and by the Tab key; in light, and in dark where the editor has it. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { accountProperty, operationsOf } from '../../src/lib/vocabulary/vendor'
import { EVENT_TYPE, knownVendors, nodeSets, type NodeSet } from '../../src/nodes/runtime/node-types'
import { violations } from './axe'
import type { Editor } from './editor'
import { MAJOR } from './installed'
import { useSession } from './session'

const TAB = 'Accessible'
const FORM = '.sensor-clouds-form'
const THEMES = MAJOR >= 5 ? ['light', 'dark'] as const : ['light'] as const

/** A node of each verb for each vendor that has something for it. */
const actions = nodeSets().flatMap((set) =>
  set.kind === 'action'
    ? knownVendors.flatMap((vendor) => {
        const operations = operationsOf(vendor, set.verb)
        const ids = Object.keys(operations)
        return ids.length > 0 ? [{ name: `${set.verb} ${vendor.id}`, type: set.type, vendor, ids }] : []
      })
    : [],
)
/** An event node for each vendor that tells of events. */
const listeners = knownVendors.flatMap((vendor) => (vendor.events ? [{ name: `on-event ${vendor.id}`, vendor }] : []))
const configs = nodeSets().filter((set) => set.kind === 'account' || set.kind === 'store')
const idOf = ({ type }: NodeSet): string => `config-${type}`

const flow = (): object[] => [
  { id: 'accessible-tab', type: 'tab', label: TAB },
  ...configs.map((set) => ({ id: idOf(set), type: set.type, name: set.type, ...(set.kind === 'store' ? { kind: 'redis' } : {}) })),
  ...actions.map(({ name, type, vendor, ids }, index) => ({
    id: `accessible-${index}`, type, z: 'accessible-tab', name, vendor: vendor.id, [accountProperty(vendor.id)]: `config-${vendor.accountType}`,
    operation: ids[0], params: {}, x: 200 + 360 * (index % 2), y: 60 + 60 * Math.floor(index / 2), wires: [[]],
  })),
  ...listeners.map(({ name, vendor }, index) => ({
    id: `listener-${index}`, type: EVENT_TYPE, z: 'accessible-tab', name, vendor: vendor.id, [accountProperty(vendor.id)]: `config-${vendor.accountType}`,
    publicUrl: 'https://example.com', path: '/sensor-clouds/events/Qm7xk2Vt9hLr4WsZ', events: [], params: {}, interval: '', x: 900, y: 60 + 60 * index, wires: [[]],
  })),
]

interface ConfigEditor {
  editor: { editConfig(name: string, type: string, id: string): void }
}

/** In the editor's own way: a class on the root. */
const paint = (page: Page, theme: (typeof THEMES)[number]): Promise<void> =>
  page.evaluate((dark) => void document.documentElement.classList.toggle('nr-theme-dark', dark), theme === 'dark')

/** Visible controls of the form that have no name. */
const unnamed = (page: Page): Promise<string[]> =>
  page.locator(`${FORM} :is(input, select, textarea, button, [role=button]):visible`).evaluateAll((controls) =>
    controls.flatMap((control) => {
      const labels = (control as HTMLInputElement).labels
      const pointed = (control.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '')
      const names = [...[...(labels ?? [])].map(({ textContent }) => textContent), ...pointed, control.getAttribute('aria-label'), control.matches('button, [role=button]') ? control.textContent : '']
      return names.some((name) => (name ?? '').trim() !== '') ? [] : [control.outerHTML.slice(0, 160)]
    }),
  )

type Tabbed = typeof window & { places?: (string | null)[] }

/** Notes in the page where the focus is before each press of Tab: to ask the page after each press takes far longer. */
const watchTab = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const tabbed: Tabbed = window
    if (!tabbed.places)
      window.addEventListener('keydown', ({ key }) => {
        if (key === 'Tab') tabbed.places?.push(document.activeElement?.getAttribute('data-place') ?? null)
      }, true)
    tabbed.places = []
  })

/** Where the focus has been since, and where it is now. */
const tabbedPlaces = (page: Page): Promise<(string | null)[]> =>
  page.evaluate(() => [...((window as Tabbed).places ?? []), document.activeElement?.getAttribute('data-place') ?? null])

/** Visible controls of the form that the Tab key does not come to. */
async function unreached(page: Page): Promise<string[]> {
  const wanted = await page.locator(`${FORM} :is(input, select, textarea, button, summary, a[href], [role=button]):visible`).evaluateAll((controls) => {
    const able = controls.filter((control) => !control.matches(':disabled, [aria-disabled=true]'))
    able.forEach((control, index) => control.setAttribute('data-place', String(index)))
    return able.map((control) => control.outerHTML.slice(0, 160))
  })
  await page.locator(`${FORM} :is(input, select):visible`).first().focus()
  await watchTab(page)
  const reached = new Set<string>()
  let isInside = true
  for (let pressed = 0; isInside && reached.size < wanted.length && pressed <= 2 * wanted.length; ) {
    const round = wanted.length - reached.size
    for (let press = 0; press < round; press += 1) await page.keyboard.press('Tab')
    pressed += round
    const places = await tabbedPlaces(page)
    // Only the first place may be none: then the focus has left the form.
    const end = places.indexOf(null, 1)
    isInside = end === -1
    for (const place of isInside ? places : places.slice(0, end)) if (place !== null) reached.add(place)
  }
  return wanted.filter((_html, index) => !reached.has(String(index)))
}

describe('accessibility in a browser', function () {
  this.timeout(180_000)
  const session = useSession(flow, { tab: TAB })
  const editor = (): Editor => session().editor

  /** All that is wrong with the form that is open. */
  async function wrong(): Promise<string[]> {
    const { page } = editor()
    const found: string[] = []
    for (const theme of THEMES) {
      await paint(page, theme)
      for (const violation of await violations(page, FORM)) found.push(`${theme}: ${violation}`)
    }
    await paint(page, 'light')
    return [...found, ...(await unnamed(page)).map((html) => `no name: ${html}`)]
  }

  /** What is wrong once a connection was tested, whatever came of it; here it fails, for want of credentials. */
  async function afterTest(): Promise<string[]> {
    const { page } = editor()
    await page.getByRole('button', { name: 'Test connection' }).click()
    const verdict = page.locator('.sensor-clouds-result[data-outcome=failed]')
    await verdict.waitFor()
    const failed = await wrong()
    await verdict.evaluate((element) => element.setAttribute('data-outcome', 'ok'))
    return [...failed, ...(await wrong())]
  }

  for (const { name, ids } of actions)
    it(`${name}: its form with each of its operations`, async () => {
      const { page } = editor()
      await editor().openNode(name)
      const found = new Set<string>()
      for (const id of ids) {
        await page.locator('#node-input-operation').selectOption(id)
        for (const problem of await wrong()) found.add(`${id}: ${problem}`)
      }
      assert.deepEqual([...found], [])
      assert.deepEqual(await unreached(page), [])
      await editor().cancel()
    })

  for (const { name } of listeners)
    it(`${name}: its form`, async () => {
      const { page } = editor()
      await editor().openNode(name)
      assert.deepEqual(await wrong(), [])
      assert.deepEqual(await unreached(page), [])
      await editor().cancel()
    })

  for (const set of configs)
    it(`${set.type}: its form`, async () => {
      const { page } = editor()
      await page.evaluate(([type, id]) => (RED as unknown as ConfigEditor).editor.editConfig('', type, id), [set.type, idOf(set)] as const)
      await page.locator('#node-config-dialog-ok').waitFor()
      await editor().slid()
      assert.deepEqual(await wrong(), [])
      if (set.kind === 'account') {
        await editor().openAdvanced()
        assert.deepEqual(await wrong(), [])
      }
      assert.deepEqual(await unreached(page), [])
      if (set.kind === 'account') assert.deepEqual(await afterTest(), [])
      await editor().cancel('node-config-dialog')
    })

  it('help of every type', async () => {
    const { page } = editor()
    const found: string[] = []
    for (const { type } of nodeSets()) {
      await page.evaluate((shown) => (RED as unknown as { sidebar: { help: { show(type: string, toFront: boolean): void } } }).sidebar.help.show(shown, true), type)
      // The one within is the help itself; the other has the editor's title above it.
      const help = '.red-ui-help .red-ui-help'
      await page.locator(help).getByText('Details').first().waitFor()
      await page.locator(`${help} details`).evaluateAll((folds) => folds.forEach((fold) => fold.setAttribute('open', '')))
      for (const theme of THEMES) {
        await paint(page, theme)
        for (const violation of await violations(page, help)) found.push(`${type}, ${theme}: ${violation}`)
      }
      await paint(page, 'light')
    }
    assert.deepEqual(found, [])
  })
  it('every fold of the help is reached by Tab, and opens and closes by key', async () => {
    const { page } = editor()
    const { type } = nodeSets()[0]!
    await page.evaluate((shown) => (RED as unknown as { sidebar: { help: { show(type: string, toFront: boolean): void } } }).sidebar.help.show(shown, true), type)
    const folds = page.locator('.red-ui-help .red-ui-help details')
    const open = (): Promise<number> => folds.evaluateAll((all) => all.filter((fold) => (fold as HTMLDetailsElement).open).length)
    await folds.first().waitFor()
    const count = await folds.count()
    assert.deepEqual([count > 5, await open()], [true, 0])
    await folds.first().locator('summary').focus()
    await page.keyboard.press('Shift+Tab')
    for (let step = 0; step < 5 * count && (await open()) < count; step += 1) {
      await page.keyboard.press('Tab')
      if (await page.evaluate(() => document.activeElement?.matches('details:not([open]) > summary') ?? false)) await page.keyboard.press('Enter')
    }
    assert.equal(await open(), count)
    await folds.first().locator('summary').press('Space')
    assert.equal(await open(), count - 1)
  })
})
