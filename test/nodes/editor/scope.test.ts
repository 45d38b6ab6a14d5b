/** The names by which Node-RED serves what the package has, also when the package has a scope. */
import assert from 'node:assert/strict'
import { moduleOf } from '../../../src/nodes/editor/loading/shared-texts'
import { PACKAGE, PLUGIN } from '../../../src/nodes/runtime/language'

describe('the module of a plugin', () => {
  it('is what stands before the name of the plugin', () => {
    assert.equal(moduleOf(PLUGIN), PACKAGE)
    assert.equal(moduleOf('@scope/module/editor'), '@scope/module')
  })
})
