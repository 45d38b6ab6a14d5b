/** What a failure means for the readings of a request, and which operation sends them. */
import assert from 'node:assert/strict'
import { ApiError, type ErrorCode } from '../../../src/lib/base/api-error'
import { sentence } from '../../../src/lib/base/sentence'
import { isFinal, meaningOf, resetOf, Undelivered } from '../../../src/lib/outbox/delivery'
import type { CallResponse } from '../../../src/lib/client/call'
import type { BudgetState } from '../../../src/lib/vocabulary/budget'
import { OutboxRig, reading } from './rig'

const errorOf = (code: ErrorCode, statusCode?: number): ApiError => new ApiError(code, sentence`the server failed`, { statusCode })

describe('the failure of a delivery', () => {
  for (const [code, status, meaning, final] of [
    ['INVALID', 422, 'refused', true],
    ['NOT_FOUND', 404, 'refused', true],
    ['CONFLICT', 409, 'refused', true],
    ['INVALID', 413, 'too many', true],
    ['TIMEOUT', undefined, 'too many', false],
    ['TIMEOUT', 408, 'too many', false],
    ['AUTH', 401, 'later', false],
    ['FORBIDDEN', 403, 'later', false],
    ['VENDOR', 500, 'later', false],
    ['NETWORK', undefined, 'later', false],
    ['QUOTA', undefined, 'later', false],
  ] as const)
    it(`with ${code} ${status ?? 'without a status'} means "${meaning}", and ends a single reading: ${final ? 'yes' : 'no'}`, () => {
      assert.deepEqual([meaningOf(errorOf(code, status)), isFinal(errorOf(code, status))], [meaning, final])
    })

  it('for a spent limit lasts until the last spent budget resets', () => {
    const budget = (remaining: number, resetsAt: number): BudgetState => ({ name: 'per day', limit: 10, remaining, resetsAt })
    const resetAfter = (budgets: BudgetState[], code: ErrorCode = 'QUOTA'): number | undefined => {
      const response: CallResponse = { vendor: 'v', operation: 'o', cached: false, attempts: 0, waited: 0, budgets }
      return resetOf(new Undelivered(errorOf(code), response))
    }
    assert.equal(resetAfter([budget(-1, 5), budget(0, 9), budget(1, 20), budget(0, 7)]), 9)
    assert.deepEqual([resetAfter([budget(1, 20)]), resetAfter([]), resetAfter([budget(0, 5)], 'RATE_LIMITED')], [undefined, undefined, undefined])
    assert.deepEqual([resetOf(new Undelivered(errorOf('QUOTA'), undefined)), resetOf(errorOf('QUOTA'))], [undefined, undefined])
  })
})

describe('the operation of a delivery', () => {
  for (const [chosen, used] of [[['batch', 'batch'], 'batch'], [['batch', 'auto'], 'auto'], [['auto', 'batch'], 'auto']] as const)
    it(`is ${used} for readings of ${chosen.join(' and ')}`, async () => {
      const rig = await OutboxRig.start()
      try {
        const outbox = rig.outbox()
        const acknowledgements = await Promise.all(
          chosen.map((operation, index) => outbox.accept({ node: 'node', operation, readings: [reading(index)], limit: 10, window: 250 })),
        )
        await rig.until(() => rig.stored.length === 2)
        for (const { settled } of acknowledgements) {
          const settlement = await settled
          assert.equal(typeof settlement === 'object' && settlement.operation, used)
        }
        assert.deepEqual(rig.sizes, [2])
      } finally {
        await rig.stop()
      }
    })
})
