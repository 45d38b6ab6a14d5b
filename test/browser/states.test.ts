/** What dialogs leave behind: a node that would fail is marked, one that works is not, and what was given up is gone. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import type { Editor } from './editor'
import { TAB, useSession } from './session'

/** The pieces of the editor that tell what it holds of a node, and that do what its menus do. */
interface EditorState {
  nodes: { node(id: string): { valid?: boolean; validationErrors?: readonly string[]; } | null; convertNode(node: unknown): object; import(nodes: readonly object[]): unknown }
  workspaces: { show(id: string): void }
  view: { redraw(all: boolean): void }
  editor: { editConfig(name: string, type: string, id: string): void; validateNode(node: unknown): boolean }
}

const ACCOUNT = { id: 'account', type: 'sensorist-account', name: 'Cellar', baseUrl: 'https://api.example.com' }
const OTHER = { id: 'other', type: 'sensorist-account', name: 'Attic', baseUrl: 'https://api.example.com' }
const SENQUIP = { id: 'senquip', type: 'senquip-account', name: 'Yard', baseUrl: 'https://api.example.com' }

const THINGSEE = { id: 'thingsee', type: 'thingsee-account', name: 'Hall', baseUrl: 'https://api.example.com' }

const action = (id: string, more: object): object => ({ id, name: id, z: 'tab', x: 200, wires: [[]], vendor: 'sensorist', accountSensorist: 'account', ...more })

const flow = (): object[] => [
  { id: 'subflow', type: 'subflow', name: 'Part', in: [], out: [], env: [{ name: 'PLACE', type: 'sensorist-account', value: 'other', ui: { type: 'conf-types', label: { 'en-US': 'Place' } } }] },
  action('inner', { z: 'subflow', type: 'sensor-cloud-get-data', accountSensorist: '${PLACE}', operation: 'measurements-latest', params: { dataSources: { type: 'env', value: 'SOURCES' } }, sinceLast: true, y: 80 }),
  { id: 'tab', type: 'tab', label: TAB },
  ACCOUNT,
  OTHER,
  SENQUIP,
  THINGSEE,
  action('alerts', { type: 'sensor-cloud-on-event', vendor: 'thingsee', accountThingsee: 'thingsee', params: { tuid: 'TSPD04SIM00000001' }, y: 380 }),
  action('read', { type: 'sensor-cloud-get-data', operation: 'measurements-latest', params: { dataSources: { type: 'str', value: '220200' } }, y: 80 }),
  action('path', { type: 'sensor-cloud-get-data', operation: 'measurements-latest', params: { dataSources: { type: 'msg', value: 'payload[' } }, y: 140 }),
  action('stored', { type: 'sensor-cloud-get-data', operation: 'measurements-latest', params: { dataSources: { type: 'flow', value: '#:(memory)::sources[0]' } }, y: 200 }),
  action('event', { type: 'sensor-cloud-on-event', publicUrl: 'https://example.com', path: '/sensor-clouds/events/abcdefghijklmnopqrstuvwxyz012345', y: 260 }),
]

describe('what dialogs leave behind', function () {
  this.timeout(120_000)
  const session = useSession(flow)
  const editor = (): Editor => session().editor
  const page = (): Page => editor().page
  const errors = (id: string): Promise<readonly string[]> => page().evaluate((node) => (RED as unknown as EditorState).nodes.node(node)?.validationErrors ?? [], id)

  async function openConfig({ id, type }: typeof ACCOUNT): Promise<void> {
    await page().evaluate(([kind, node]) => (RED as unknown as EditorState).editor.editConfig('', kind, node), [type, id] as const)
    await page().locator('#node-config-dialog-ok').waitFor()
    await editor().slid()
  }

  it('marks a path that cannot be evaluated, also of an imported node, and none that can', async () => {
    assert.deepEqual(await errors('path'), ['Data sources cannot be evaluated: correct the path or the expression'])
    assert.deepEqual(await errors('stored'), [])
    await editor().openNode('path')
    const problem = page().locator('#sensor-clouds-param-dataSources-problem')
    await problem.filter({ hasText: 'cannot be evaluated' }).waitFor()
    await page().locator('#sensor-clouds-param-dataSources-input').fill('payload[0]')
    assert.equal(await problem.isVisible(), false)
    await editor().cancel()
  })

  it('keeps nothing of a dialog in which the node was deleted, once that is undone', async () => {
    assert.deepEqual(await errors('read'), [])
    await editor().openNode('read')
    await page().locator('#node-input-vendor').selectOption('thingsee')
    await page().locator('#node-dialog-delete').click()
    await page().locator('#node-dialog-ok').waitFor({ state: 'detached' })
    await editor().slid()
    await page().locator('#red-ui-workspace-chart').click({ position: { x: 5, y: 400 } })
    await page().keyboard.press('Control+z')
    await editor().node('read').waitFor()
    const valid = await page().evaluate(() => {
      const { nodes, editor } = RED as unknown as EditorState
      return editor.validateNode(nodes.node('read'))
    })
    assert.equal(valid, true, (await errors('read')).join())
  })

  it('marks a copy of an event node, whose path is that of its original, until it has one of its own', async () => {
    await page().evaluate(() => {
      const { nodes, view } = RED as unknown as EditorState
      nodes.import([{ ...nodes.convertNode(nodes.node('event')), id: 'copy', name: 'copy', y: 320 }])
      view.redraw(true)
    })
    await page().evaluate(() => {
      const { nodes, editor } = RED as unknown as EditorState
      for (const id of ['event', 'copy']) editor.validateNode(nodes.node(id))
    })
    assert.deepEqual([await errors('event'), await errors('copy')], [[], ['Path is used by another node: make a new one']])
    await editor().openNode('copy')
    const problem = page().locator('#node-input-path-problem')
    await problem.filter({ hasText: 'used by another node' }).waitFor()
    await page().getByRole('button', { name: 'Make a new path' }).click()
    assert.equal(await problem.isVisible(), false)
    await editor().done()
    assert.deepEqual(await errors('copy'), [])
  })

  describe('an account', () => {
    const disabled = (): Locator => page().locator('#node-config-input-node-disabled ~ button, .red-ui-tray:last-child .red-ui-tray-footer-left .red-ui-toggleButton').first()

    it('that is disabled marks the nodes that name it', async () => {
      for (const wanted of [['The account is disabled. Enable it, or choose another.'], []]) {
        await openConfig(ACCOUNT)
        await disabled().click()
        // What is stored is not known yet.
        for (const name of ['email', 'password']) await page().locator(`#node-config-input-${name}`).fill('given')
        await editor().done('node-config-dialog')
        for (const id of ['read', 'event']) assert.deepEqual(await errors(id), wanted, id)
      }
    })

    it('that cannot work marks the nodes that name it', async () => {
      for (const [url, wanted] of [['http://api.example.com', ['The account is not complete. Open it and correct it.']], ['https://api.example.com', []]] as const) {
        await openConfig(ACCOUNT)
        await editor().openAdvanced()
        await page().locator('#node-config-input-baseUrl').fill(url)
        await editor().done('node-config-dialog')
        for (const id of ['read', 'event']) assert.deepEqual(await errors(id), wanted, id)
      }
    })

    it('whose password was forgotten is marked, with the nodes that name it', async () => {
      await openConfig(ACCOUNT)
      await page().locator('#node-config-input-password').fill('')
      await editor().done('node-config-dialog')
      assert.deepEqual(await errors('account'), ['Password is required'])
      assert.deepEqual(await errors('read'), ['The account is not complete. Open it and correct it.'])
      await openConfig(ACCOUNT)
      assert.equal(await page().locator('#node-config-input-email').inputValue(), 'given', 'what was typed and not deployed is still there')
      await page().locator('#node-config-input-password').fill('given')
      await editor().done('node-config-dialog')
      assert.deepEqual([await errors('account'), await errors('read')], [[], []])
    })

    it('forgets the verdict of a test when its routes are reset', async () => {
      await page().route('**/sensor-clouds/test', (route) => route.fulfill({ json: { ok: true, says: 'devices: 1', duration: 5 } }))
      await openConfig(SENQUIP)
      await editor().openAdvanced()
      const verdict = page().locator('#sensor-clouds-test [role=status]')
      await page().getByRole('textbox', { name: /Path of List of devices|Path of .*evices/ }).first().fill('/units')
      await page().getByRole('button', { name: 'Test connection' }).click()
      await verdict.filter({ hasText: 'Connected' }).waitFor()
      await page().getByRole('button', { name: /^Reset .* to the default$/ }).and(page().locator(':enabled')).click()
      assert.equal(await verdict.innerText(), '')
      await page().unrouteAll()
      await editor().cancel('node-config-dialog')
    })
  })

  describe('a picker', () => {
    const list = (): Locator => page().locator('#sensor-clouds-param-dataSources-picker')
    const open = (): Promise<void> => page().locator('.sensor-clouds-pick').first().click()

    it('closes when another account is chosen, whose things it does not show', async () => {
      await page().route('**/sensor-clouds/options', (route) => route.fulfill({ json: { options: [{ value: '1', label: 'Of the cellar' }] } }))
      await editor().openNode('read')
      await open()
      await list().getByText('Of the cellar').waitFor()
      await page().locator('#node-input-accountSensorist').focus()
      await page().locator('#node-input-accountSensorist').selectOption('other')
      assert.equal(await list().isVisible(), false)
      assert.equal(await page().evaluate(() => document.activeElement?.id), 'node-input-accountSensorist', 'the focus stays where it was')
      await page().unrouteAll()
    })

    it('shows what another account answers, and not what came too late from the one before', async () => {
      let release = (): void => undefined
      const held = new Promise<void>((resolve) => (release = resolve))
      await page().route('**/sensor-clouds/options', async (route) => {
        const { account } = route.request().postDataJSON() as { account: { id: string } }
        if (account.id === 'other') await held
        await route.fulfill({ json: { options: [{ value: '1', label: `Of ${account.id}` }] } })
      })
      await open()
      await page().locator('#node-input-accountSensorist').selectOption('account')
      await open()
      await list().getByText('Of account').waitFor()
      release()
      await page().waitForTimeout(200)
      assert.deepEqual(await list().getByRole('option').locator('span').first().allInnerTexts(), ['Of account'])
      await page().unrouteAll()
    })

    it('asks the account that a property of the subflow has by default', async () => {
      await editor().cancel()
      await page().evaluate(() => (RED as unknown as EditorState).workspaces.show('subflow'))
      assert.deepEqual(await errors('inner'), [])
      await page().route('**/sensor-clouds/options', async (route) => {
        const { account } = route.request().postDataJSON() as { account: { id: string } }
        await route.fulfill({ json: { options: [{ value: '1', label: `Of ${account.id}` }] } })
      })
      await editor().openNode('inner')
      await open()
      await list().getByText('Of other').waitFor()
      assert.equal(await page().locator('#sensor-clouds-row-reset').isVisible(), false, 'what has read runs under other ids')
      await page().unrouteAll()
    })

    it('is in the form of events too, which shows what was written by hand', async () => {
      await editor().cancel()
      await editor().showTab(TAB)
      await page().route('**/sensor-clouds/options', (route) => route.fulfill({ json: { options: [{ value: 'TSPD04SIM00000002', label: 'Door' }] } }))
      assert.deepEqual(await errors('alerts'), [])
      await editor().openNode('alerts')
      const tuid = page().locator('#sensor-clouds-param-tuid-input')
      assert.equal(await tuid.inputValue(), 'TSPD04SIM00000001')
      await open()
      await page().getByRole('option', { name: 'Door' }).click()
      assert.equal(await tuid.inputValue(), 'TSPD04SIM00000002')
      await page().unrouteAll()
      await editor().cancel()
      await page().evaluate(() => (RED as unknown as EditorState).workspaces.show('subflow'))
      await editor().openNode('inner')
      await open()
    })

    it('says so when something else answers', async () => {
      await page().route('**/sensor-clouds/options', (route) => route.fulfill({ contentType: 'text/html', body: '<html>Sign in</html>' }))
      await list().getByRole('button', { name: 'Load the list again' }).click()
      await list().getByText('The response is not from Node-RED').waitFor()
      await page().unrouteAll()
      await editor().cancel()
      assert.deepEqual(await errors('read'), [])
      await editor().showTab(TAB)
    })
  })

  describe('a form', () => {
    it('has each choice of events on a line of its own, beside its box', async () => {
      await editor().openNode('event')
      const boxes = await page().locator('.sensor-clouds-choices label').evaluateAll((labels) =>
        labels.map((label) => ({ left: label.getBoundingClientRect().left, top: label.getBoundingClientRect().top, height: label.getBoundingClientRect().height })),
      )
      assert.ok(boxes.length > 1)
      assert.equal(new Set(boxes.map(({ left }) => left)).size, 1)
      assert.ok(boxes.every(({ top }, index) => index === 0 || top > boxes[index - 1]!.top))
      assert.ok(boxes.every(({ height }) => height < 40))
      await editor().picture('events-chosen')
    })

    it('leaves the flow beside it in sight, however long its texts are', async () => {
      const width = await page().locator('.red-ui-tray').last().evaluate((tray) => tray.getBoundingClientRect().width)
      assert.ok(width >= 560 && width <= 640, `${width} px`)
    })

    it('breaks a label that is longer than its room', async () => {
      const fits = await page().locator('label[for=node-input-publicUrl] span').first().evaluate((span) => {
        span.textContent = 'Wiederherstellungszugangspasswort'
        const { left, right } = span.getBoundingClientRect()
        const label = span.closest('label')!.getBoundingClientRect()
        return left >= label.left && right <= label.right
      })
      assert.equal(fits, true)
      await editor().cancel()
    })
  })
})
