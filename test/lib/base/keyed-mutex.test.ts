import assert from 'node:assert/strict'
import { Line } from '../../../src/lib/base/keyed-mutex'
import { settle } from '../fake-clock'

const { signal } = new AbortController()

describe('a line', () => {
  it('lets one in at a time, commands first', async () => {
    const line = new Line()
    const done: string[] = []
    let inside = 0
    const pass = (name: string, priority: 'command' | 'read'): Promise<void> =>
      line.pass({ priority, signal }, async () => {
        inside += 1
        assert.equal(inside, 1)
        await settle()
        inside -= 1
        done.push(name)
      })
    assert.ok(line.empty)
    const all = [pass('r1', 'read'), pass('r2', 'read'), pass('c1', 'command'), pass('c2', 'command')]
    assert.ok(!line.empty)
    await Promise.all(all)
    assert.deepEqual(done, ['r1', 'c1', 'c2', 'r2'])
    assert.ok(line.empty)
  })

  it('goes on after a failure', async () => {
    const line = new Line()
    const failing = line.pass({ priority: 'read', signal }, () => Promise.reject(new Error('it failed')))
    const next = line.pass({ priority: 'read', signal }, () => Promise.resolve('done'))
    await assert.rejects(failing, /it failed/)
    assert.equal(await next, 'done')
  })

  // The turn and the abort may come in any order.
  for (let turns = 0; turns < 8; turns += 1)
    it(`goes on when one leaves ${turns} steps after its turn has come`, async () => {
      const line = new Line()
      const leaving = new AbortController()
      let end: () => void = () => undefined
      const first = line.pass({ priority: 'read', signal }, () => new Promise<void>((resolve) => (end = resolve)))
      const second = line.pass({ priority: 'read', signal: leaving.signal }, () => Promise.resolve('second')).catch(() => 'left')
      const third = line.pass({ priority: 'read', signal }, () => Promise.resolve('third'))
      end()
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
      leaving.abort(new Error('I left'))
      await settle()
      assert.ok(line.empty, 'it is stuck')
      await Promise.all([first, second])
      assert.equal(await third, 'third')
    })
})
