import assert from 'node:assert/strict'
import type { Instant } from '../../../src/lib/base/clock'
import { WindowRegistry } from '../../../src/lib/limiter/window-registry'
import type { Budget } from '../../../src/lib/vocabulary/budget'

const perMinute: Budget = { name: 'per minute', limit: 1, window: 60_000, scope: 'device' }

const START: Instant = { monotonic: 0, epoch: 0 }

describe('window registry', () => {
  it('forgets a device when its windows are empty, and not before', () => {
    const registry = new WindowRegistry()
    const at = (ms: number): { monotonic: number; epoch: number } => ({ monotonic: ms, epoch: ms })
    const addDevices = (prefix: string, now: number): void => {
      for (let device = 0; device < 1000; device += 1) registry.scope(`${prefix} ${device}`, at(now))
    }
    const used = registry.scope('used', at(0))
    for (const window of registry.windows([perMinute], used)) window.charge(at(0), 0)
    addDevices('soon', 59_999)
    assert.equal(registry.scope('used', at(59_999)), used)
    addDevices('late', 60_000)
    assert.notEqual(registry.scope('used', at(60_000)), used)
  })

  it('keeps a device of which one window is empty and another is not', () => {
    const registry = new WindowRegistry()
    const used = registry.scope('used', START)
    const [, perMinuteWindow] = registry.windows([{ ...perMinute, name: 'unused' }, perMinute], used)
    perMinuteWindow!.charge(START, 0)
    for (let device = 0; device < 1000; device += 1) registry.scope(`${device}`, START)
    assert.equal(registry.scope('used', START), used)
  })

  it('gives requests with the same windows one list, and others another', () => {
    const registry = new WindowRegistry()
    const scope = registry.scope('a', START)
    const account: Budget = { ...perMinute, name: 'of the account', scope: 'account' }
    const other: Budget = { ...perMinute, name: 'other' }
    const first = registry.windows([account, perMinute], scope)
    assert.equal(registry.windows([account, perMinute], scope), first)
    for (const budgets of [[account, other], [other, perMinute], [account], [account, perMinute, other]])
      assert.deepEqual(registry.windows(budgets, scope).map(({ budget }) => budget.name), budgets.map(({ name }) => name))
  })

  it('counts anew for a budget that has become another kind of window, and from then on', () => {
    const registry = new WindowRegistry()
    const scope = registry.scope('a', START)
    const used = (budget: Budget): number => {
      const [window] = registry.windows([budget], scope)
      window!.charge(START, 0)
      return window!.usage(START).used
    }
    const perDay: Budget = { ...perMinute, limit: 9, window: 'day' }
    assert.deepEqual([perMinute, perMinute, perDay, perDay, perMinute].map(used), [1, 2, 1, 2, 1])
  })

  it('keeps the account and its devices apart, also where their budgets have one name', () => {
    const registry = new WindowRegistry()
    const ofAccount: Budget = { ...perMinute, limit: 50, window: 'day', scope: 'account' }
    const ofDevice: Budget = { ...perMinute, limit: 7, window: 'day' }
    registry.restore(ofAccount, 'a', [{ start: 0, used: 20 }], START)
    registry.restore(ofDevice, 'a', [{ start: 0, used: 3 }], START)
    assert.deepEqual(registry.windows([ofDevice], registry.scope(undefined, START)), [])
    assert.equal(registry.find(ofDevice, undefined, START), undefined)
    assert.deepEqual(registry.states([ofAccount, ofDevice], 'a', START).map(({ remaining }) => remaining), [30, 4])
    assert.deepEqual(registry.states([ofAccount, ofDevice], 'b', START).map(({ remaining }) => remaining), [30, 7])
    assert.deepEqual(registry.states([ofAccount, ofDevice], undefined, START).map(({ remaining }) => remaining), [30])
  })
})
