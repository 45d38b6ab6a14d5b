/** What all stores have in common: their failures as users see them, and the records that are kept in them. */
import assert from 'node:assert/strict'
import * as v from 'valibot'
import { sentence } from '../../../src/lib/base/sentence'
import { StoreError, storedRecord, storeFailure, type StoreErrorCode } from '../../../src/lib/store/store'

describe('a failure of a store', () => {
  const codes: readonly (readonly [StoreErrorCode, string, string])[] = [
    ['FULL', 'OUTBOX_FULL', 'outbox full'],
    ['UNAVAILABLE', 'NETWORK', 'store cannot be used'],
    ['UNUSABLE', 'CONFIG', 'store cannot be used'],
    ['CLOSED', 'CLOSED', 'store cannot be used'],
  ]
  for (const [of, code, summary] of codes)
    it(`is ${code} for a flow when it is ${of}, and says why`, () => {
      const error = storeFailure(sentence`the outbox cannot be used`, new StoreError(of, sentence`the disk is full; make room`))
      assert.deepEqual([error.code, error.message, String(error.summary)], [code, 'the outbox cannot be used: the disk is full; make room', summary])
    })

  it('has a name of its own, for logs', () => assert.equal(new StoreError('FULL', sentence`full`).name, 'StoreError'))
})

describe('a stored record', () => {
  const read = storedRecord(v.object({ at: v.number() }))

  it('is read in its form', () => assert.deepEqual(read('{"at":5}'), { at: 5 }))

  for (const text of ['', 'no JSON', '{"at":', '{}', '{"at":"5"}', 'null', '7']) it(`is nothing when the text is "${text}"`, () => assert.equal(read(text), undefined))
})
