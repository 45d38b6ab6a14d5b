/** Flows of earlier releases in the editor: opened and left alone they are not changed, saved they are brought up to date. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { knownVendors } from '../../src/nodes/runtime/node-types'
import { VERSION } from '../../src/nodes/runtime/migrations/migrate'
import { RELEASED, savedFlow, type FlowNode } from '../flows/released'
import type { Editor } from './editor'
import { useSession } from './session'

/** The pieces of the editor that tell what it has done to a node. */
interface EditorState {
  nodes: {
    node(id: string): Record<string, unknown> | null
    convertNode(node: unknown): object
    import(nodes: readonly object[], options: object): unknown
  }
  editor: {
    editConfig(name: string, type: string, id: string): void
    validateNode(node: unknown): void
  }
}

interface State {
  changed: boolean
  valid: boolean
  errors: unknown
  version: unknown
}

/** Of nodes that were once written by hand: what is not said has its default, and values say no type. */
const byHand: FlowNode[] = [
  { id: 'hand-tab', type: 'tab', label: 'Hand' },
  { id: 'hand-account', type: 'thingsee-account', name: 'By hand', baseUrl: 'https://api.thingsee.example/v2' },
  { id: 'hand-read', type: 'sensor-cloud-get-data', z: 'hand-tab', name: 'by hand', vendor: 'thingsee', accountThingsee: 'hand-account', operation: 'messages', params: { tuid: 'T1', limit: 5 }, x: 200, y: 80, wires: [[]] },
  { id: 'hand-device', type: 'sensocan-device', name: 'Device by hand', deviceUuid: '00000000-0000-4000-8000-000000000001' },
  { id: 'hand-send', type: 'sensor-cloud-send-reading', z: 'hand-tab', name: 'send by hand', vendor: 'sensocan', accountSensocan: 'hand-device', x: 200, y: 160, wires: [[]] },
]

const stateOf = (page: Page, id: string): Promise<State> =>
  page.evaluate((wanted) => {
    const { changed, valid, validationErrors, version } = (RED as unknown as EditorState).nodes.node(wanted) ?? {}
    return { changed: changed === true, valid: valid === true, errors: validationErrors, version }
  }, id)

/** The flow as it runs somewhere: each account with credentials. */
const withCredentials = (flow: readonly FlowNode[]): FlowNode[] =>
  flow.map((node) => {
    const vendor = knownVendors.find(({ accountType }) => accountType === node.type)
    return vendor ? { ...node, credentials: Object.fromEntries(Object.keys(vendor.credentials).map((name) => [name, 'entered'])) } : node
  })

const isConfig = ({ type, z }: FlowNode): boolean => z === undefined && type !== 'tab'

/** Opens the dialog of an account or a store as the side bar does. */
async function openConfig(editor: Editor, { id, type }: FlowNode): Promise<void> {
  const { page } = editor
  await page.evaluate(([kind, node]) => (RED as unknown as EditorState).editor.editConfig('', kind, node), [type, id] as const)
  await page.locator('#node-config-dialog-ok').waitFor()
  await editor.slid()
}

for (const release of RELEASED)
  describe(`a flow of ${release} in a browser`, function () {
    this.timeout(180_000)
    const saved = savedFlow(release)
    const session = useSession(() => withCredentials(saved), { tab: 'Released' })
    const editor = (): Editor => session().editor
    const nodes = saved.filter(({ type }) => type !== 'tab')

    it('is deployed, and no node of it is marked as changed or incomplete', async () => {
      await editor().deploy()
      await editor().load()
      await editor().showTab('Released')
      for (const { id } of nodes.filter((node) => !isConfig(node))) {
        const { changed, errors } = await stateOf(editor().page, id)
        assert.deepEqual({ changed, errors }, { changed: false, errors: [] }, id)
      }
    })

    it('is left as it is when its dialogs are opened and left', async () => {
      for (const node of nodes) {
        const before = await editor().page.evaluate((id) => JSON.stringify((RED as unknown as EditorState).nodes.convertNode((RED as unknown as EditorState).nodes.node(id))), node.id)
        if (isConfig(node)) await openConfig(editor(), node)
        else await editor().openNode(String(node.name))
        await editor().cancel(isConfig(node) ? 'node-config-dialog' : 'node-dialog')
        const after = await editor().page.evaluate((id) => JSON.stringify((RED as unknown as EditorState).nodes.convertNode((RED as unknown as EditorState).nodes.node(id))), node.id)
        assert.equal(after, before, node.id)
        assert.equal((await stateOf(editor().page, node.id)).changed, false, node.id)
      }
      assert.equal(await editor().page.locator('#red-ui-header-button-deploy.disabled').count(), 1, 'there is nothing to deploy')
    })

    it('is left as it is when its nodes are saved without a change', async () => {
      for (const node of nodes.filter((node) => !isConfig(node))) {
        await editor().openNode(String(node.name))
        await editor().done()
        assert.equal((await stateOf(editor().page, node.id)).changed, false, node.id)
      }
    })
  })

describe('a flow written by hand in a browser', function () {
  this.timeout(240_000)
  const session = useSession(() => byHand, { tab: 'Hand' })
  const editor = (): Editor => session().editor
  const exported = (id: string): Promise<FlowNode> => editor().page.evaluate((node) => (RED as unknown as EditorState).nodes.convertNode((RED as unknown as EditorState).nodes.node(node)) as FlowNode, id)

  it('is complete once it is imported', async () => {
    for (const id of ['hand-read', 'hand-send']) assert.deepEqual((await stateOf(editor().page, id)).errors, [], id)
  })

  it('is complete where the editor gives it defaults, as it does with suggested flows', async () => {
    const { page } = editor()
    const [, , read] = byHand
    const errors = await page.evaluate((given) => {
      const { nodes, editor } = RED as unknown as EditorState
      nodes.import([given], { applyNodeDefaults: true })
      const node = nodes.node(given.id)
      editor.validateNode(node)
      return node?.validationErrors
    }, { ...read!, id: 'hand-suggested', name: 'suggested', y: 300 })
    assert.deepEqual(errors, [])
  })

  it('is not changed by a dialog that is cancelled', async () => {
    await editor().deploy()
    for (const [id, name] of [['hand-read', 'by hand'], ['hand-send', 'send by hand']] as const) {
      const before = await exported(id)
      await editor().openNode(name)
      await editor().cancel()
      assert.deepEqual(await exported(id), before)
      assert.equal((await stateOf(editor().page, id)).changed, false)
    }
  })

  it('shows what its values stand for', async () => {
    const { page } = editor()
    await editor().openNode('by hand')
    assert.equal(await page.locator('#sensor-clouds-param-limit').inputValue(), '5')
    assert.equal(await page.locator('#node-input-output').inputValue(), 'readings')
    assert.equal(await page.locator('#node-input-emit').inputValue(), 'array')
  })

  it('is brought up to date when it is saved', async () => {
    await editor().done()
    const { params, output, version } = await exported('hand-read')
    assert.deepEqual([params, output, version], [{ tuid: { type: 'str', value: 'T1' }, limit: { type: 'num', value: '5' } }, 'readings', VERSION])
    assert.equal((await stateOf(editor().page, 'hand-read')).changed, true)
    await editor().openNode('send by hand')
    assert.equal(await editor().page.locator('#node-input-outbox').isChecked(), true)
    await editor().done()
    const sent = await exported('hand-send')
    assert.deepEqual([sent.operation, sent.outbox, sent.outboxLimit, sent.version], ['auto', true, '100000', VERSION])
  })
})
