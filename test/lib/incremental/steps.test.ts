import assert from 'node:assert/strict'
import { afterAnswer, beforeRequest, OVERLAP, periodOf, stepsOf, type Abilities, type State, type Step } from '../../../src/lib/incremental/steps'
import type { SinceItem } from '../../../src/lib/vocabulary/operation'
import { WireError } from '../../../src/lib/vocabulary/validation'

const NOW = 1_770_000_000_000
const abilities: Abilities = { hasTo: true, hasLimit: true, userFrom: undefined, wantsWholePeriod: false, now: NOW }
const state: State = { begin: undefined, watermark: undefined, seen: new Map(), gap: undefined, limit: undefined }
const items = (...times: (number | undefined)[]): SinceItem[] => times.map((at, index) => ({ key: `${index} ${at ?? ''}`, at }))
const first: Step = { kind: 'first' }
const older = (watermark: number | undefined, to: number): Step => ({ kind: 'older', gap: { watermark, to } })

describe('the steps of an incremental read', () => {
  it('read the whole period of the user first, where the vendor gives it in pages', () => {
    const whole = { ...abilities, wantsWholePeriod: true, userFrom: NOW - 9000 }
    const full = afterAnswer({ ...state, limit: 2 }, first, items(NOW - 1000, NOW - 2500), whole)
    const gap = { watermark: undefined, to: NOW - 2000 }
    assert.deepEqual([full.state.begin, full.state.gap, full.next], [NOW - 9000, gap, [{ kind: 'older', gap }]])
    assert.deepEqual(periodOf(full.state, full.next[0]!), { from: undefined, to: NOW - 2000 })
    const complete = afterAnswer({ ...state, limit: 3 }, first, items(NOW - 1000, NOW - 2500), whole)
    assert.deepEqual([complete.state.begin, complete.state.gap, complete.next], [NOW - 9000, undefined, []])
    const undated = afterAnswer({ ...state, limit: 1 }, first, items(undefined), whole)
    assert.deepEqual([undated.state.gap, undated.next], [undefined, []])
    const withoutBegin = afterAnswer({ ...state, limit: 2 }, first, items(NOW - 1000, NOW - 2500), { ...whole, userFrom: undefined })
    assert.deepEqual([withoutBegin.state.begin, withoutBegin.next], [NOW - 2500, []])
  })

  it('begin later at the oldest item of a first answer that may be cut, else at the begin of the user', () => {
    const userFrom = NOW - 9000
    const begin = (limit: number | undefined, changed: Partial<Abilities>, ...times: number[]): number | undefined =>
      afterAnswer({ ...state, limit }, first, items(...times), { ...abilities, userFrom, ...changed }).state.begin
    assert.equal(begin(2, {}, NOW - 1000, NOW - 2000), NOW - 2000)
    assert.equal(begin(undefined, {}, NOW - 1000), NOW - 1000, 'the vendor decides how many it gives')
    assert.equal(begin(3, {}, NOW - 1000, NOW - 2000), userFrom)
    assert.equal(begin(2, { hasLimit: false }, NOW - 1000, NOW - 2000), userFrom)
    assert.equal(begin(undefined, {}), userFrom)
    assert.equal(begin(1, {}, NOW + 5000), NOW, 'the clock of a device is ahead')
  })

  it('end a gap first, and then read from the overlap on, never before the begin', () => {
    const gap = { watermark: NOW - 500, to: NOW }
    assert.deepEqual(stepsOf({ ...state, gap }, false), [{ kind: 'older', gap }, { kind: 'newer' }])
    assert.deepEqual(stepsOf(state, false), [{ kind: 'newer' }])
    assert.deepEqual(stepsOf({ ...state, gap }, true), [{ kind: 'first' }])
    assert.deepEqual(periodOf({ ...state, watermark: NOW }, { kind: 'newer' }), { from: NOW - OVERLAP })
    assert.deepEqual(periodOf({ ...state, watermark: NOW, begin: NOW - 5 }, { kind: 'newer' }), { from: NOW - 5 })
    assert.deepEqual(periodOf(state, { kind: 'onward', from: 7, raise: false }), { from: 7 })
    assert.deepEqual(periodOf(state, first), {})
  })

  it('ask for as many items as are known in the overlap, and more', () => {
    const seen = new Map([['old', NOW - OVERLAP - 1], ['edge', NOW - OVERLAP], ['new', NOW], ['undated', null]])
    const limitOf = (limit: number | undefined, step: Step): number | undefined => beforeRequest({ ...state, watermark: NOW, seen, limit }, step).limit
    assert.deepEqual([limitOf(5, { kind: 'newer' }), limitOf(50, { kind: 'newer' }), limitOf(undefined, { kind: 'newer' }), limitOf(5, older(NOW, NOW))], [12, 52, undefined, 5])
    assert.deepEqual([limitOf(9999, { kind: 'newer' }), limitOf(20_000, { kind: 'newer' })], [10_000, 20_000])
    assert.deepEqual([limitOf(5, { kind: 'onward', from: 0, raise: true }), limitOf(5, { kind: 'onward', from: 0, raise: false })], [1000, 5])
    assert.deepEqual([limitOf(300, { kind: 'onward', from: 0, raise: true }), limitOf(5000, { kind: 'onward', from: 0, raise: true })], [1200, 10_000])
    assert.throws(() => limitOf(10_000, { kind: 'onward', from: 0, raise: true }), WireError)
  })

  it('ask for more items where a page got no further back, as far as that is possible', () => {
    const stuck = (limit: number | undefined, count: number, changed: Partial<Abilities> = {}) =>
      afterAnswer({ ...state, limit }, older(0, NOW), items(...Array.from({ length: count }, () => NOW - 1)), { ...abilities, ...changed })
    const raised = stuck(2, 2)
    assert.deepEqual([raised.state.limit, raised.next], [1000, [older(0, NOW)]])
    assert.deepEqual([stuck(undefined, 300).state.limit, stuck(undefined, 3).state.limit], [1200, 1000])
    for (const [limit, count, changed] of [[3, 2, {}], [2, 2, { hasLimit: false }], [undefined, 10_000, {}]] as const) {
      const ended = stuck(limit, count, changed)
      assert.deepEqual([ended.state.gap, ended.next], [undefined, []], `limit ${limit ?? 'none'}`)
    }
    assert.throws(() => stuck(10_000, 10_000), WireError)
  })

  it('take an answer for complete where the vendor knows no end of a period, and where it has no times', () => {
    for (const [given, changed] of [[items(NOW), { hasTo: false }], [items(undefined), {}], [items(), {}]] as const)
      assert.deepEqual(afterAnswer({ ...state, watermark: 0, limit: 1 }, { kind: 'newer' }, given, { ...abilities, ...changed }).next, [])
    assert.equal(afterAnswer({ ...state, watermark: NOW - 5 }, { kind: 'newer' }, items(NOW), abilities).next.length, 1, 'what lies between is missing')
    assert.deepEqual(afterAnswer({ ...state, watermark: NOW - 5 }, { kind: 'newer' }, items(NOW, NOW - 5), abilities).next, [])
  })
})
