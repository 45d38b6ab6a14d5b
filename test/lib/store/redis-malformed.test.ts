/** A Redis whose replies are malformed: the process lives on, and the store says what is wrong. */
import assert from 'node:assert/strict'
import { ReplyScanner } from '../../../src/lib/store/redis/reply-guard'
import { until } from '../../until'
import { failsWith, LIMIT, RedisRig } from './redis-rig'
import { Relay } from './relay'

const NULLS = ['$-1\r\n', '*-1\r\n', '_\r\n']
const PUSHES = ['>1\r\n_\r\n', '>3\r\n+subscribe\r\n_\r\n_\r\n']
const show = (reply: string): string => reply.replaceAll('\r\n', ' ')

describe('a store on a broken Redis', () => {
  const rig = new RedisRig()

  for (const reply of [...NULLS, ...PUSHES, ':1\r\n', 'rubbish\r\n'])
    it(`that sends ${show(reply)}although nobody asked is left, and used again`, async () => {
      const relay = await Relay.to(rig.server.port)
      const store = await rig.open({ url: relay.url })
      await store.set('key', 'value')
      relay.send(reply)
      await until(() => rig.reports.length === 2, 'the outage and its end are reported')
      assert.match(rig.reports[0]!, /cannot be reached \(its replies are malformed\); check that it runs/)
      assert.equal(await store.get('key'), 'value')
      await relay.cut()
    })

  for (const reply of [...NULLS, ...PUSHES, '$-1\r\n'.repeat(3), ':1\r\n:1\r\n', 'rubbish\r\n'])
    it(`that answers ${show(reply)}is unavailable, and readings wait on the disk`, async () => {
      const relay = await Relay.to(rig.server.port)
      const store = await rig.open({ url: relay.url })
      const queue = await store.queue(rig.newName())
      relay.answerAlways(reply)
      await assert.rejects(store.delete('key').then(() => store.delete('key')), failsWith('UNAVAILABLE', /its replies are malformed/))
      await queue.append(['kept'], LIMIT)
      assert.equal((await queue.state()).depth, 1)
      await relay.mend()
      await rig.recovers(store)
      assert.deepEqual((await queue.take(5)).map(({ text }) => text), ['kept'])
      await relay.cut()
    })
})

describe('the scanner of replies', () => {
  const WELL_FORMED = ['+OK\r\n', ':-5\r\n', '-ERR no\r\n', '$5\r\na\r\n-c\r\n', '$0\r\n\r\n', '*0\r\n', '*2\r\n$-1\r\n*1\r\n_\r\n', '%1\r\n+a\r\n*2\r\n:1\r\n$1\r\nx\r\n', '#t\r\n', '=7\r\ntxt:abc\r\n']

  it('accepts well-formed replies, however they are cut', () => {
    const bytes = Buffer.from(WELL_FORMED.join('').repeat(2))
    for (let size = 1; size <= bytes.length; size += 1) {
      const scanner = new ReplyScanner()
      for (let at = 0; at < bytes.length; at += size) assert.ok(scanner.accept(bytes.subarray(at, at + size)), `pieces of ${size} bytes`)
    }
  })

  it('finds a malformed one after any well-formed one', () => {
    for (const before of WELL_FORMED)
      for (const reply of [...NULLS, ...PUSHES, 'rubbish\r\n', '$x\r\n', '$\r\n', '*-2\r\n', '|1\r\n'])
        assert.equal(new ReplyScanner().accept(Buffer.from(before + reply)), false, show(before + reply))
  })
})
