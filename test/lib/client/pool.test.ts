/** Which accounts share a client, and for how long a client outlives them. */
import assert from 'node:assert/strict'
import { ClientPool } from '../../../src/lib/client/pool'
import { FakeClock, settle } from '../fake-clock'
import { KeptStore } from './kept-store'
import { answer, BASE, rigOf, vendorWith } from './rig'

const HOUR = 3_600_000
const vendor = vendorWith()
const perDay = { name: 'per day', limit: 10, window: 'day', scope: 'account' } as const

describe('the clients of accounts', () => {
  let clock: FakeClock
  let pool: ClientPool
  beforeEach(() => {
    clock = new FakeClock()
    pool = new ClientPool(clock)
  })
  const acquire = (token: string, store?: KeptStore): ReturnType<ClientPool['acquire']> => pool.acquire(vendor, BASE, { token }, store)

  it('are the same for equal credentials at one address, in whatever order they stand', () => {
    const { client } = pool.acquire(vendor, BASE, { user: 'a', password: 'b' })
    assert.equal(pool.acquire(vendor, BASE, { password: 'b', user: 'a' }).client, client)
    assert.notEqual(pool.acquire(vendor, BASE, { user: 'b', password: 'a' }).client, client)
    assert.notEqual(pool.acquire(vendor, new URL('other/', BASE), { user: 'a', password: 'b' }).client, client)
    assert.notEqual(pool.acquire({ ...vendor, id: 'other' }, BASE, { user: 'a', password: 'b' }).client, client)
  })

  it('outlive their last account by an hour', async () => {
    const { client, release } = acquire('one')
    const second = acquire('one')
    await release()
    await clock.advance(2 * HOUR)
    assert.equal(acquire('one').client, client, 'another account has it')
    await second.release()
    await second.release()
    await clock.advance(2 * HOUR)
    acquire('other')
    assert.equal(acquire('one').client, client, 'who releases twice has released once')
  })

  it('are closed after that hour, with what waits in them', async () => {
    await clock.advance(2 * HOUR)
    const first = acquire('one')
    await first.release()
    await clock.advance(HOUR - 1)
    const again = acquire('one')
    assert.equal(again.client, first.client)
    await again.release()
    await clock.advance(HOUR)
    const other = acquire('other')
    assert.notEqual(acquire('one').client, first.client)
    await assert.rejects(first.client.limiter.take({ budgets: [] }), { code: 'CLOSED' })
    const permit = await other.client.limiter.take({ budgets: [] })
    permit.done()
  })

  it('are at most 32 without an account; the one that nobody has used for longest is closed', async () => {
    const clients = []
    for (let index = 0; index < 33; index += 1) {
      const { client, release } = acquire(`token-${index}`)
      clients.push(client)
      await release()
    }
    assert.equal(acquire('token-32').client, clients[32])
    assert.equal(acquire('token-1').client, clients[1])
    assert.notEqual(acquire('token-0').client, clients[0])
  })

  it('keep what they count in the store of the first account that has one, then in that of the next', async () => {
    const [one, other] = [new KeptStore(clock), new KeptStore(clock)]
    const use = async (): Promise<void> => {
      const { client } = acquire('one')
      const asked = rigOf(() => answer(200), { client, clock, budgets: [perDay] }).ask('x', { request: { method: 'POST', url: `${BASE.href}x` } })
      const state = { ended: false }
      void asked.finally(() => (state.ended = true))
      while (!state.ended) await settle()
    }
    const [without, ...leases] = [acquire('one'), acquire('one', one), acquire('one', other), acquire('one')]
    await without.release()
    await use()
    assert.deepEqual([one.kept('counts').length, other.kept('counts').length], [1, 0])
    await leases[0].release()
    const before = one.sets
    await use()
    assert.deepEqual([one.sets, other.kept('counts').length], [before, 1])
    await leases[1].release()
    const sets = other.sets
    await use()
    assert.equal(other.sets, sets, 'without a store nothing is kept')
  })
})
