/** Messages that change while the queue is asked which readings it has. */
import assert from 'node:assert/strict'
import { PendingMessages } from '../../../src/lib/outbox/pending-messages'
import { settle } from '../fake-clock'
import { SimpleStore, type SimpleQueue } from '../store/simple-store'

describe('messages that wait for their readings', () => {
  let pending: PendingMessages
  let queue: SimpleQueue
  beforeEach(() => {
    pending = new PendingMessages((index) => `reading ${index + 1}`)
    queue = new SimpleStore().queueOf('account')
  })

  it('are not taken for lost when their readings are stored while an empty queue answers', async () => {
    const { settled, token } = pending.add(1)
    const settlements: unknown[] = []
    void settled.then((settlement) => settlements.push(settlement))
    const asked = pending.answerMissing(queue)
    pending.accepted(token, 1)
    await asked
    await settle()
    assert.deepEqual(settlements, [])
    await pending.answerMissing(queue)
    assert.equal(await settled, 'sent elsewhere')
  })

  for (const done of [undefined, 0])
    it(`keep the settlement that they get while the queue answers${done === 0 ? ' that they are lost' : ''}`, async () => {
      queue.doneElsewhere = done
      const { settled, token } = pending.add(1)
      pending.accepted(token, 1)
      const asked = pending.answerMissing(queue)
      pending.keepOne(token)
      await asked
      assert.equal(await settled, 'kept')
    })

  it('let the queue be asked only when one of them is older than the oldest reading', () => {
    assert.equal(pending.hasBefore(10), false, 'none waits')
    const [unstored, stored] = [pending.add(1), pending.add(1)]
    assert.equal(pending.hasBefore(10), false, 'none is stored')
    pending.accepted(stored.token, 5)
    assert.deepEqual([pending.hasBefore(4), pending.hasBefore(5), pending.hasBefore(6)], [false, false, true])
    pending.forget(stored.token)
    assert.equal(pending.hasBefore(6), false)
    pending.accepted(unstored.token, 1)
    assert.equal(pending.hasBefore(6), true)
  })
})
