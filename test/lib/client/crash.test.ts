/** What is counted when processes crash. Apart from the other tests of a restart, because each process derives its keys slowly. */
import assert from 'node:assert/strict'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { Client } from '../../../src/lib/client/client'
import { FakeClock, settle } from '../fake-clock'
import { KeptStore } from './kept-store'
import { answer, rigOf, vendorWith, type Rig } from './rig'

const perDay: Budget = { name: 'per day', limit: 1000, window: 'day', scope: 'account' }

describe('over crashes', () => {
  let clock: FakeClock
  let store: KeptStore
  beforeEach(() => {
    clock = new FakeClock()
    store = new KeptStore(clock)
  })

  /** A process with a client of its own on the same store. */
  async function start(): Promise<Rig> {
    const client = new Client(vendorWith(), { token: 'the-token' }, clock)
    await client.attach(store)
    return rigOf(() => answer(200), { clock, budgets: [perDay], client })
  }

  async function run(rig: Rig, count: number): Promise<string[]> {
    const outcomes: string[] = []
    for (let index = 0; index < count; index += 1) {
      let outcome: string | undefined
      void rig.ask(`things/${rig.sent.length}`).then((said) => (outcome = said))
      while (outcome === undefined) await settle()
      outcomes.push(outcome)
    }
    return outcomes
  }

  it('counts are never too small after a crash, and too great by one in a hundred at most', async () => {
    for (const count of [1, 9, 10, 11, 137]) {
      store = new KeptStore(clock)
      const first = await start()
      await run(first, count)
      const second = await start()
      await run(second, 1)
      const used = perDay.limit - (second.client.budgets([perDay])[0]?.remaining ?? NaN)
      assert.ok(used >= count + 1 && used <= count + 1 + 10, `${count + 1} were sent, ${used} are counted`)
    }
  })

  it('a thousand a day is a thousand a day, however often the process crashes', async () => {
    let sent = 0
    for (let crash = 0; crash < 30; crash += 1) {
      const rig = await start()
      await run(rig, 40)
      sent += rig.sent.length
    }
    assert.ok(sent <= 1000, `${sent} were sent`)
    assert.ok(sent >= 1000 - 30 * 10, `only ${sent} were sent`)
    const last = await start()
    assert.match((await run(last, 1))[0] ?? '', /^QUOTA the daily limit of 1000 requests is used up until 2026-03-1\d /)
  })
})
