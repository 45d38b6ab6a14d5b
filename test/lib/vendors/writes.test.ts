/** What the writes of Thingsee, Senquip and Sensorist have in common. */
import assert from 'node:assert/strict'
import { isSequence, type Field, type Verb } from '../../../src/lib/vocabulary/operation'
import { operationsOf } from '../../../src/lib/vocabulary/vendor'
import { vendors } from '../../../src/lib/vendors'
import type { VendorId } from './writes/rig'

describe('writes of all three', () => {
  it('have the ids of the contract, a title and a help that can follow "is required:"', () => {
    const ids = (vendor: VendorId, verb: Verb) => Object.keys(operationsOf(vendors[vendor], verb)).sort()
    assert.deepEqual(ids('thingsee', 'send-command'), ['command', 'request'])
    assert.deepEqual(ids('thingsee', 'register-device'), ['create-group', 'delete-group', 'rename-group', 'set-group', 'set-installation-status'])
    assert.deepEqual(ids('senquip', 'send-command'), ['load-file', 'request', 'update-config'])
    assert.deepEqual(ids('senquip', 'set-alarm'), ['set-threshold'])
    assert.deepEqual(ids('senquip', 'register-device'), ['add-user-to-device'])
    assert.deepEqual(ids('sensorist', 'send-command'), ['gateway-command', 'request', 'update-gateway', 'update-sensor'])
    assert.deepEqual(ids('sensorist', 'set-alarm'), ['create-alarm', 'create-callback', 'delete-alarm', 'delete-all-alarms', 'delete-all-callbacks', 'delete-callback'])
    assert.deepEqual(ids('sensorist', 'register-device'), ['add-gateway', 'create-user'])
    for (const vendor of ['thingsee', 'senquip', 'sensorist'] as const)
      for (const [id, operation] of Object.entries(vendors[vendor].operations)) {
        if (operation.verb === 'get-data') continue
        assert.ok(!isSequence(operation) && operation.help !== undefined, id)
        for (const [name, field] of Object.entries<Field>(operation.fields)) assert.match(field.help ?? '', /^(Give|Choose) /, `${id} ${name}`)
      }
  })
})
