import assert from 'node:assert/strict'
import sinon from 'sinon'
import { Transport, type HttpAnswer } from '../../../src/lib/http/transport'
import { settle } from '../fake-clock'
import { answer, BASE, rigOf, unreachable } from './rig'

describe('a read and a write at once', () => {
  const write = { request: { method: 'POST', url: new URL('groups/a', BASE).href }, repeatable: false } as const
  const fresh = { 'cache-control': 'max-age=900' }

  it('do not leave an answer behind that was given before the write', async () => {
    let name = 'old'
    const rig = rigOf(() => answer(200, { name }, fresh))
    let land: (said: HttpAnswer) => void = () => undefined
    const transport = new Transport(BASE)
    sinon.stub(transport, 'send').returns(new Promise((resolve) => (land = resolve)))
    const slow = rig.ask('groups/list', { transport })
    await settle()
    name = 'new'
    assert.equal(await rig.ask('groups/a', write), '200')
    const sent = rig.sent.length
    assert.equal(await rig.ask('groups/list'), '200')
    assert.equal(rig.sent.length, sent + 1, 'it does not join a read that may have been answered before the write')
    land(answer(200, { name: 'old' }, fresh))
    assert.equal(await slow, '200')
    const kept = rig.client.cache.get(new URL('groups/list', BASE).href)
    assert.equal(kept?.text, '{"name":"new"}')
  })

  it('are so too when it is not known whether the write was done', async () => {
    const rig = rigOf(() => answer(200, {}, fresh))
    await rig.ask('groups/list')
    rig.reply = () => unreachable('ECONNRESET')
    assert.match(await rig.ask('groups/a', write), /^NETWORK /)
    assert.equal(rig.client.cache.get(new URL('groups/list', BASE).href), undefined)
  })
})
