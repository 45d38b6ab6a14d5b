/** The tick for only what is new, and the button that makes a node forget. */
import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import type { Editor } from './editor'
import { TAB, useSession } from './session'

const flow = (): object[] => [
  { id: 'tab', type: 'tab', label: TAB },
  { id: 'account', type: 'thingsee-account', name: 'Things', baseUrl: 'https://things.test/v1/' },
  {
    id: 'read', z: 'tab', type: 'sensor-cloud-get-data', name: 'read', vendor: 'thingsee', accountThingsee: 'account', operation: 'messages',
    params: { tuid: { type: 'str', value: 'TSPD04SIM00000001' } }, x: 400, y: 100, wires: [[]],
  },
]

describe('only what is new, in a browser', function () {
  this.timeout(240_000)
  const session = useSession(flow)
  const editor = (): Editor => session().editor
  const at = (id: string): Locator => editor().page.locator(`#${id}`)

  it('is offered where an operation can tell what is new', async () => {
    await editor().openNode('read')
    const shown = async (operation: string): Promise<boolean> => {
      await at('node-input-operation').selectOption(operation)
      return at('sensor-clouds-row-sinceLast').isVisible()
    }
    assert.deepEqual([await shown('groups'), await shown('messages')], [false, true])
    assert.equal(await at('node-input-sinceLast').isChecked(), false)
    assert.equal(await at('sensor-clouds-row-reset').isVisible(), false, 'there is nothing to forget yet')
    await at('node-input-sinceLast').check()
    await editor().done()
    await editor().deploy()
  })

  it('lets a node forget, once one has confirmed it', async () => {
    const { page } = editor()
    await editor().openNode('read')
    assert.equal(await at('node-input-sinceLast').isChecked(), true)
    const questions: string[] = []
    page.once('dialog', (dialog) => {
      questions.push(dialog.message())
      void dialog.dismiss()
    })
    await at('sensor-clouds-reset').click()
    assert.match(questions.join(), /^Forget the reading position of this node\?/)
    page.once('dialog', (dialog) => void dialog.accept())
    const [reply] = await Promise.all([page.waitForResponse(/\/sensor-clouds\/cursor\/[^/]+\/reset$/), at('sensor-clouds-reset').click()])
    const { error } = (await reply.json()) as { error?: { message: string } }
    await page.waitForFunction(() => document.querySelector('#sensor-clouds-reset-result')?.textContent !== '')
    assert.equal(await at('sensor-clouds-reset-result').innerText(), error === undefined ? 'Forgotten.' : `Not forgotten: ${error.message}`)
    assert.equal(reply.status(), 200)
  })

  it('does not stay ticked behind an operation that always reads all', async () => {
    await at('node-input-operation').selectOption('groups')
    await editor().done()
    const [node] = (JSON.parse(await editor().exportAll()) as Record<string, unknown>[]).filter(({ name }) => name === 'read')
    assert.deepEqual([node?.operation, node?.sinceLast], ['groups', false])
  })
})
