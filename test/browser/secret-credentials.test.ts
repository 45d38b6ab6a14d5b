/** Secret params as credentials: typed in the dialog, in no export, and sent to the vendor. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Editor } from './editor'
import { ParamRows } from './param-rows'
import { TAB, useSession } from './session'
import { until } from '../until'

const NEW = 'new one'
const OLD = 'older one'
const PARAM = 'setupPassword'
/** What the simulated device asks for. */
const SECRET = 'simulated-setup-password'
const NOT_SENT = 'typed-and-given-up'

/** A node without params, and one as it was saved before its type of node had credentials. */
const flow = (): object[] => [
  { id: 'tab', type: 'tab', label: TAB },
  { id: 'account', type: 'senquip-account', name: 'Fleet', baseUrl: 'https://api.example.com' },
  ...[
    { id: 'new', name: NEW, params: {} },
    { id: 'old', name: OLD, version: 1, params: { deviceId: { type: 'str', value: 'SIMOTHER1' }, setupPassword: { type: 'str', value: SECRET } } },
  ].flatMap((node, index) => [
    { id: `inject-${node.id}`, z: 'tab', type: 'inject', name: `ask ${node.name}`, props: [{ p: 'payload' }], payload: '', payloadType: 'date', repeat: '', crontab: '', once: false, x: 160, y: 100 + 120 * index, wires: [[node.id]] },
    { ...node, z: 'tab', type: 'sensor-cloud-register-device', vendor: 'senquip', accountSenquip: 'account', operation: 'add-user-to-device', x: 460, y: 100 + 120 * index, wires: [[]] },
  ]),
]

interface EditorState {
  nodes: { node(id: string): { changed?: boolean; validationErrors?: readonly string[] } | null }
}

describe('a secret param as a credential in a browser', function () {
  this.timeout(240_000)
  const session = useSession(flow)
  const editor = (): Editor => session().editor
  const page = (): Page => editor().page
  const rows = (): ParamRows => new ParamRows(page())
  const paramOf = async (name: string): Promise<unknown> => {
    const nodes = JSON.parse(await editor().exportAll()) as { name?: string; params?: Record<string, unknown> }[]
    return nodes.find((node) => node.name === name)?.params?.[PARAM]
  }
  const sentPasswords = (): unknown[] =>
    session().simulator.requests.flatMap(({ body, path }) => (path.endsWith('/users') ? [(JSON.parse(body) as Record<string, unknown>)[PARAM]] : []))
  const stateOf = (id: string) =>
    page().evaluate((wanted) => {
      const { changed, validationErrors } = (RED as unknown as EditorState).nodes.node(wanted) ?? {}
      return { changed: changed === true, errors: validationErrors ?? [] }
    }, id)
  const reload = async (): Promise<void> => {
    await editor().load()
    await editor().showTab(TAB)
  }

  it('is what a new node offers first, and is not shown while it is typed', async () => {
    await editor().openNode(NEW)
    await page().locator('#node-input-btn-accountSenquip-edit').click()
    await page().locator('#node-config-dialog-ok').waitFor()
    await session().fillAccount('senquip')
    await editor().done('node-config-dialog')
    await rows().input('deviceId').fill('SIMOTHER1')
    assert.equal(await rows().typeOf(PARAM), 'Type of Setup password: credential')
    await rows().input(PARAM).fill(SECRET)
    assert.equal(await rows().input(PARAM).getAttribute('type'), 'password')
    await editor().picture('secret-credential')
    await editor().done()
    assert.deepEqual(await paramOf(NEW), { type: 'cred', value: PARAM })
  })

  it('does not become a path or a text when another type is chosen', async () => {
    await editor().openNode(NEW)
    assert.equal(await rows().input(PARAM).inputValue(), SECRET, 'what is not deployed yet is known')
    for (const type of ['msg.', 'text']) {
      await rows().chooseType(PARAM, type)
      assert.equal(await rows().input(PARAM).inputValue(), '')
      await rows().chooseType(PARAM, 'credential')
      assert.equal(await rows().input(PARAM).inputValue(), SECRET)
    }
    await editor().cancel()
  })

  it('leaves a text where it is while the dialog is only looked at, and takes it out of the flow when it is saved', async () => {
    await editor().openNode(OLD)
    assert.equal(await rows().typeOf(PARAM), 'Type of Setup password: credential')
    await page().getByText('moves it into a credential of the node').waitFor()
    await editor().cancel()
    assert.deepEqual(await paramOf(OLD), { type: 'str', value: SECRET })
    await editor().openNode(OLD)
    await editor().done()
    assert.deepEqual(await paramOf(OLD), { type: 'cred', value: PARAM })
    assert.equal((await stateOf('old')).changed, true)
  })

  it('is sent once it is deployed, and stands in no export and no reply', async () => {
    await editor().deploy()
    for (const name of [NEW, OLD]) {
      await editor().inject(`ask ${name}`)
      await editor().status(name, /^ok · /)
    }
    assert.deepEqual(sentPasswords(), [SECRET, SECRET])
    await reload()
    const exported = await editor().exportAll()
    for (const { request, text } of [{ request: 'the export', text: exported }, ...(await editor().replies())]) assert.equal(text.includes(SECRET), false, request)
  })

  it('is shown as set when the dialog is opened again, and Done changes nothing', async () => {
    await editor().openNode(NEW)
    assert.equal(await rows().input(PARAM).inputValue(), '__PWRD__')
    assert.equal(await rows().input(PARAM).getAttribute('aria-invalid'), 'false')
    await rows().chooseType(PARAM, 'msg.')
    assert.equal(await rows().input(PARAM).inputValue(), '')
    await rows().chooseType(PARAM, 'credential')
    assert.equal(await rows().input(PARAM).inputValue(), '__PWRD__')
    await editor().done()
    assert.deepEqual(await stateOf('new'), { changed: false, errors: [] })
  })

  it('stays what it is when a new one is typed and given up, and is replaced when that is saved', async () => {
    await editor().openNode(NEW)
    await rows().input(PARAM).focus()
    await page().keyboard.type(NOT_SENT)
    assert.equal(await rows().input(PARAM).inputValue(), NOT_SENT, 'the sign of the stored value is replaced as a whole')
    await editor().cancel()
    await editor().openNode(NEW)
    assert.equal(await rows().input(PARAM).inputValue(), '__PWRD__')
    await rows().input(PARAM).fill('another')
    await editor().done()
    assert.equal((await stateOf('new')).changed, true)
    await editor().deploy()
    await editor().inject(`ask ${NEW}`)
    await until(() => sentPasswords().at(-1) === 'another', 'the new password has been sent')
  })

  it('is forgotten when the param is something else', async () => {
    await editor().openNode(NEW)
    await rows().chooseType(PARAM, 'msg.')
    await rows().input(PARAM).fill('payload.password')
    await editor().done()
    assert.deepEqual(await paramOf(NEW), { type: 'msg', value: 'payload.password' })
    await editor().deploy()
    await reload()
    await editor().openNode(NEW)
    await rows().chooseType(PARAM, 'credential')
    assert.equal(await rows().input(PARAM).inputValue(), '')
    await editor().cancel()
  })

  it('is missed in a copy that was imported', async () => {
    const [, , , copied] = flow()
    await editor().importFlow([{ ...copied, id: 'copy', name: 'copy', y: 400, params: { deviceId: { type: 'str', value: 'SIMOTHER1' }, setupPassword: { type: 'cred', value: PARAM } } }])
    await page().mouse.click(700, 500)
    await editor().openNode('copy')
    assert.equal(await rows().input(PARAM).inputValue(), '')
    await rows().input(PARAM).fill(SECRET)
    await editor().done()
    assert.deepEqual(await paramOf('copy'), { type: 'cred', value: PARAM })
  })
})
