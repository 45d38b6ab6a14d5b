import assert from 'node:assert/strict'
import { needsRedis } from '../lib/store/redis-server'
import { killOneOfTwo, RANGE } from './two-processes'

describe('an outbox that two processes share', function () {
  this.timeout(240_000)
  needsRedis()

  it('what one accepted and did not send before it died is sent by the other', async () => {
    const { accepted, complaints, inherited, left, ordered } = await killOneOfTwo({ kills: 4, seed: 3 })
    assert.ok(accepted > 300, `only ${accepted} readings were accepted`)
    assert.ok(inherited > 0, 'those that died had sent everything')
    assert.deepEqual(left, [], 'accepted, but never sent')
    assert.ok(ordered, 'the order of what each was fed with stays')
    assert.equal(complaints, '')
  })

  it('what one accepted while Redis was away is in its own folder, and is sent when a process has that again', async () => {
    const { left, lost, ordered, complaints } = await killOneOfTwo({ kills: 1, seed: 5, redisAway: true })
    assert.ok(left.length > 0, 'nothing was accepted while Redis was away')
    assert.ok(left.every((value) => value > RANGE), 'the one that lives sends its own by itself')
    assert.deepEqual(lost, [], 'accepted, but never sent')
    assert.ok(ordered, 'the order of what each was fed with stays')
    assert.equal(complaints, '')
  })
})
