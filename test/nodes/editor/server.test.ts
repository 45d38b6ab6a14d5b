/** What the forms say when the admin routes do not answer as they should. */
import { strict as assert } from 'node:assert'
import { commonTexts } from '../../../src/nodes/editor/texts'
import { ask } from '../../../src/nodes/editor/platform/server'
import type { Translate } from '../../../src/nodes/editor/platform/red'

const translate: Translate = (key, values = {}) => {
  const { server } = commonTexts
  const text = server[key.replace('form.server.', '') as keyof typeof server]
  return text.replace(/__(\w+?)__/g, (_place, name: string) => String(values[name]))
}

describe('asking the server', () => {
  afterEach(() => void Reflect.deleteProperty(globalThis, 'window'))

  const asked = (ajax: () => Promise<unknown>): Promise<unknown> => {
    Object.assign(globalThis, { window: { $: { ajax } } })
    return ask('options', translate, {})
  }
  const failing = (failure: object) => () => asked(() => Promise.reject(Object.assign(new Error('as jQuery fails'), failure)))

  it('gives what it answers, also nothing', async () => {
    assert.deepEqual(await asked(() => Promise.resolve({ options: [] })), { options: [] })
    assert.equal(await asked(() => Promise.resolve(undefined)), undefined)
  })

  it('says in the words of the route why it refuses', async () => {
    await assert.rejects(failing({ status: 409, responseJSON: { message: 'the store is away' } }), /^Error: the store is away$/)
  })

  it('says what the status means where there are no words', async () => {
    await assert.rejects(failing({ status: 502 }), /status 502/)
    await assert.rejects(failing({ status: 404, responseJSON: null }), /status 404/)
    await assert.rejects(failing({ status: 401, responseJSON: { message: 'Unauthorized' } }), /Sign in/)
    await assert.rejects(failing({ status: 0 }), /does not respond/)
  })

  it('takes no page for an answer, such as that of a proxy where one has to sign in again', async () => {
    await assert.rejects(asked(() => Promise.resolve('<html><form>Sign in</form></html>')), /not from Node-RED/)
  })
})
