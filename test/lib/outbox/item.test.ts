/** What a stored reading keeps of its message, and what is read of what another version or a person has stored. */
import assert from 'node:assert/strict'
import { messageToken, msgidOf, queuedItem, textOf, type Item } from '../../../src/lib/outbox/item'
import { reading } from './rig'

const item = (message: string): Item => ({ node: 'node', operation: 'auto', message, index: 2, reading: reading(7), stamp: { boot: 'b', running: 1, uptime: 2 } })

describe('a stored reading', () => {
  for (const [what, msgid, kept] of [
    ['all of a _msgid', '1a2b.3c', '1a2b.3c'],
    ['all lines of it', 'two\nlines', 'two\nlines'],
    ['the first 64 characters of a longer one', 'x'.repeat(70), 'x'.repeat(64)],
    ['nothing of an empty one', '', undefined],
    ['nothing where there is none', undefined, undefined],
    ['nothing of a number', 7, undefined],
  ] as const)
    it(`keeps ${what}`, () => {
      const token = messageToken('run', 3, msgid)
      assert.equal(token, kept === undefined ? 'run.3' : `run.3.${kept}`)
      assert.equal(msgidOf(item(token)), kept)
    })

  it('is read as it was stored, with its id', () => {
    assert.deepEqual(queuedItem({ id: '5', text: textOf(item('run.1')), at: 1 }), { ...item('run.1'), id: '5' })
  })

  it('is read without what is damaged beside it', () => {
    const text = JSON.stringify({ node: 1, operation: null, message: [], index: '0', stamp: { boot: 'b' }, reading: { value: 7 } })
    assert.deepEqual(queuedItem({ id: '5', text, at: 1 }), { id: '5', node: '', operation: '', message: '', index: 0, stamp: undefined, reading: { value: 7 } })
    assert.equal(msgidOf(item('')), undefined)
  })

  for (const text of ['', 'null', '[]', '{}', '{"reading":null}', '{"reading":[]}', '{"reading":7}'])
    it(`is none where the text is ${text === '' ? 'empty' : text}`, () => assert.equal(queuedItem({ id: '5', text, at: 1 }), undefined))
})
