import assert from 'node:assert/strict'
import type { Vendor } from '../../../src/lib/vocabulary/vendor'
import { vendors } from '../../../src/lib/vendors'

const known = Object.values<Vendor>(vendors)

describe('pickers', () => {
  for (const vendor of known)
    it(`of ${vendor.id} are there for every field that names one, and for no other`, () => {
      const picked = new Set(Object.values(vendor.operations).flatMap(({ fields }) => Object.values(fields).flatMap(({ pick }) => pick ?? [])))
      assert.deepEqual(Object.keys(vendor.pickers ?? {}).sort(), [...picked].sort())
    })

  it('that are known beforehand have distinct values with labels', () => {
    for (const { id, pickers = {} } of known)
      for (const [name, picker] of Object.entries(pickers))
        if ('options' in picker) {
          assert.equal(new Set(picker.options.map(({ value }) => value)).size, picker.options.length, `${id} ${name}`)
          assert.ok(picker.options.every(({ label }) => label !== ''))
        }
  })

  it('and a probe are what every vendor has', () => {
    for (const { id, probe } of known) assert.ok(probe, id)
  })
})
