/** An account without credentials, as after an import: it and its nodes are marked until they are entered. */
import assert from 'node:assert/strict'
import type { Editor } from './editor'
import { TAB, useSession } from './session'

interface EditorState {
  nodes: { node(id: string): { valid?: boolean; validationErrors?: readonly string[] } | null }
  editor: { editConfig(name: string, type: string, id: string): void }
}

const TYPE = 'sensorist-account'

const flow = (): object[] => [
  { id: 'tab', type: 'tab', label: TAB },
  { id: 'account', type: TYPE, name: 'Cellar', version: 1 },
  { id: 'read', name: 'read', z: 'tab', type: 'sensor-cloud-get-data', vendor: 'sensorist', accountSensorist: 'account', operation: 'measurements-latest', params: { dataSources: { type: 'str', value: '220200' } }, version: 1, x: 200, y: 80, wires: [[]] },
]

describe('an account without credentials in a browser', function () {
  this.timeout(120_000)
  const session = useSession(flow)
  const editor = (): Editor => session().editor
  const errors = (id: string): Promise<readonly string[]> => editor().page.evaluate((node) => (RED as unknown as EditorState).nodes.node(node)?.validationErrors ?? [], id)
  const marked = (count: number): Promise<void> => editor().page.locator('.red-ui-flow-node-error:not(.hide)').nth(count - 1).waitFor({ state: 'attached' })
  const becomes = (id: string, valid: boolean): Promise<unknown> =>
    editor().page.waitForFunction(([node, wanted]) => (RED as unknown as EditorState).nodes.node(node)?.valid === wanted, [id, valid] as const)

  it('is marked once it is deployed, with the nodes that use it', async () => {
    assert.deepEqual(await errors('read'), [])
    await editor().deploy()
    await becomes('read', false)
    assert.deepEqual(await errors('account'), ['E-mail is required; Password is required'])
    await marked(1)
  })

  it('is marked also in an editor that is opened later', async () => {
    await editor().load()
    await editor().showTab(TAB)
    await becomes('read', false)
    assert.deepEqual(await errors('read'), ['The account is not complete. Open it and correct it.'])
  })

  it('is not marked any more when the credentials are deployed, and stays so', async () => {
    const { page } = editor()
    await page.evaluate((type) => (RED as unknown as EditorState).editor.editConfig('', type, 'account'), TYPE)
    await page.locator('#node-config-dialog-ok').waitFor()
    await editor().slid()
    await session().fillAccount('sensorist')
    await editor().done('node-config-dialog')
    await becomes('read', true)
    await editor().deploy()
    await Promise.all([page.waitForResponse(/sensor-clouds\/incomplete/), editor().load()])
    await editor().showTab(TAB)
    await becomes('read', true)
    assert.deepEqual(await errors('account'), [])
  })
})
