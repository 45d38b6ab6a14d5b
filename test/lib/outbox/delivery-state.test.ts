import assert from 'node:assert/strict'
import { ApiError } from '../../../src/lib/base/api-error'
import { sentence } from '../../../src/lib/base/sentence'
import { INITIAL, nextState, wakeUpAt, type DeliveryEvent, type DeliveryState } from '../../../src/lib/outbox/delivery-state'

const failure = new ApiError('VENDOR', sentence`the server failed`)
const arrived = (count: number, window = 250): DeliveryEvent => ({ name: 'arrived', count, size: 10, window })
const failed = (wait: number, ofStore = false): DeliveryEvent => ({ name: 'failed', failure, ofStore, wait })
const ended = (checkAt = Infinity): DeliveryEvent => ({ name: 'ended', checkAt })

/** The state after events, each at its time. */
const after = (...events: readonly (readonly [now: number, event: DeliveryEvent])[]): DeliveryState =>
  events.reduce((state, [now, event]) => nextState(state, event, now), INITIAL)
const nameAfter = (...events: readonly (readonly [now: number, event: DeliveryEvent])[]): string => after(...events).name

describe('states of the delivery', () => {
  it('idle until readings arrive, then gathering until the window ends', () => {
    assert.equal(INITIAL.name, 'idle')
    const gathering = after([0, arrived(1)], [100, arrived(2)])
    assert.deepEqual([gathering.name, wakeUpAt(gathering)], ['gathering', 250])
    assert.equal(nextState(gathering, { name: 'time passed' }, 249).name, 'gathering')
    assert.equal(nextState(gathering, { name: 'time passed' }, 250).name, 'sending')
  })

  it('sending at once when a request is full, or an earlier run may have left readings', () => {
    assert.equal(nameAfter([0, arrived(4)], [10, arrived(6)]), 'sending')
    assert.equal(nameAfter([0, { name: 'started' }]), 'sending')
  })

  it('sending again when the queue has more, and idle when it has not', () => {
    const sending = [0, { name: 'started' }] as const
    assert.equal(nameAfter(sending, [1, { name: 'taking' }], [2, { name: 'more waits' }], [3, ended()]), 'sending')
    assert.equal(nameAfter(sending, [1, { name: 'taking' }], [2, ended()]), 'idle')
    assert.equal(wakeUpAt(after(sending, [1, { name: 'taking' }], [2, ended(5_000)])), 5_000)
  })

  it('gathers what arrives while readings are sent, but for what was taken', () => {
    const sending = [0, { name: 'started' }] as const
    const gathering = after(sending, [1, { name: 'taking' }], [2, arrived(1)], [3, ended()])
    assert.deepEqual([gathering.name, wakeUpAt(gathering)], ['gathering', 252])
    assert.equal(nameAfter(sending, [1, { name: 'taking' }], [2, arrived(4)], [3, arrived(6)], [3, ended()]), 'sending', 'a request is full')
    assert.equal(nameAfter(sending, [1, arrived(1)], [2, { name: 'taking' }], [3, ended()]), 'idle')
  })

  it('backing off after a failure of the cloud, waiting for the store after one of the store', () => {
    const backingOff = after([0, { name: 'started' }], [10, failed(1_000)])
    assert.deepEqual([backingOff.name, wakeUpAt(backingOff), backingOff.failures, backingOff.failure], ['backing off', 1_010, 1, failure])
    for (const event of [arrived(100), { name: 'started' }, { name: 'time passed' }] as const) assert.equal(nextState(backingOff, event, 500), backingOff, event.name)
    assert.equal(nextState(backingOff, { name: 'retry now' }, 500).name, 'sending')
    assert.equal(nextState(backingOff, { name: 'time passed' }, 1_010).name, 'sending')
    assert.equal(nameAfter([0, { name: 'started' }], [10, failed(1_000, true)]), 'waiting for the store')
    assert.equal(nameAfter([0, { name: 'started' }], [10, failed(0)]), 'sending')
  })

  it('counts failures until a success', () => {
    const twice = after([0, { name: 'started' }], [1, failed(10)], [11, { name: 'time passed' }], [12, failed(10)], [22, { name: 'time passed' }])
    assert.deepEqual([twice.name, twice.failures], ['sending', 2])
    const ending = nextState(twice, ended(), 23)
    assert.deepEqual([ending.failures, ending.failure], [2, failure])
    const success = nextState(twice, { name: 'succeeded' }, 23)
    assert.deepEqual([success.name, success.failures, success.failure], ['sending', 0, undefined])
  })

  it('closed for good', () => {
    for (const events of [[], [[0, { name: 'started' }]], [[0, { name: 'started' }], [1, failed(5)]]] as const) {
      const closed = nextState(after(...events), { name: 'closed' }, 2)
      for (const event of [{ name: 'started' }, arrived(100), { name: 'retry now' }, ended(0), failed(0)] as const) assert.equal(nextState(closed, event, 3).name, 'closed')
    }
  })
})
