import assert from 'node:assert/strict'
import { WindowRegistry } from '../../../src/lib/limiter/window-registry'
import type { Budget } from '../../../src/lib/vocabulary/budget'

const perMinute: Budget = { name: 'per minute', limit: 1, window: 60_000, scope: 'device' }

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
})
