/** The names of what is chosen, and what an empty input says. */
import { strict as assert } from 'node:assert'
import { pickers as sensorist } from '../../../src/lib/vendors/sensorist/pickers'
import { pickers as thingsee } from '../../../src/lib/vendors/thingsee/pickers'
import { placeholderOf } from '../../../src/nodes/editor/params/params'
import { rememberNames, type Names } from '../../../src/nodes/editor/picker/chosen-names'

describe('names of what is chosen', () => {
  it('are those that people gave, with the place; an id alone is none', () => {
    const names: Names = new Map()
    rememberNames(names, [
      { value: '1', label: 'Temperature', name: 'Cellar, Temperature' },
      { value: '2', label: 'Pump' },
      { value: '3', label: '3', detail: 'Hall' },
    ])
    assert.deepEqual([...names], [['1', 'Cellar, Temperature'], ['2', 'Pump']])
  })

  it('of a data source say its gateway and its sensor', async () => {
    const inventory = { gateways: [{ id: '1', title: 'Cellar', devices: [{ id: '2', title: 'Rack left', devices: [{ id: '220200', title: 'Temperature' }] }] }] }
    const [option] = await sensorist['data-sources'].load(() => Promise.resolve(inventory as never))
    assert.deepEqual(option, { value: '220200', label: 'Rack left: Temperature', detail: 'Cellar · 220200', name: 'Cellar, Rack left: Temperature' })
  })

  it('of messages begin with those that carry measurements', () => {
    const labels = thingsee['message-ids'].options.map(({ label }) => label)
    assert.ok(labels.indexOf('environment') < labels.indexOf('system info'))
    assert.equal(new Set(thingsee['message-ids'].options.map(({ value }) => value)).size, labels.length)
  })
})

describe('an empty input', () => {
  const echo = (key: string, values: Readonly<Record<string, string | number>> = {}): string => `${key} ${Object.values(values).join()}`

  it('says its default, else an example as such', () => {
    assert.equal(placeholderOf({ default: 100, placeholder: '7' }, echo), 'form.defaultIs 100')
    assert.equal(placeholderOf({ placeholder: '-24h' }, echo), 'form.example -24h')
    assert.equal(placeholderOf({}, echo), '')
  })
})
