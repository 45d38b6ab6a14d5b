import { strict as assert } from 'node:assert'
import { catalogOf, textAt } from '../../../scripts/build/catalog'
import { describeAction } from '../../../scripts/build/descriptors'
import { type Builder, type Operation, type Verb, isSequence, json, number, operation } from '../../../src/lib/vocabulary/operation'
import { buildItem, withItem } from '../../../src/nodes/editor/params/item-builder'
import { confirmationProblem, findOperation, findVendor, paramProblems } from '../../../src/nodes/actions/form/action-rules'
import { propertyProblem } from '../../../src/nodes/editor/params/property-rows'
import type { Translate } from '../../../src/nodes/editor/platform/red'
import { knownVendors, nodeSets } from '../../../src/nodes/runtime/node-types'

const commands = catalogOf(nodeSets().find((set) => set.type === 'sensor-cloud-send-command')!, knownVendors)
const words: Translate = (key, values = {}) =>
  textAt(commands, key)?.replace(/__(\w+?)__/g, (_place, name: string) => String(values[name])) ?? key

const builder: Builder = {
  id: 'rhythm',
  label: 'Rhythm',
  constants: { kind: 7 },
  fields: { every: number({ in: 'none', label: 'Every', min: 1, max: 60 }), offset: number({ in: 'none', label: 'Offset', required: false }) },
}

const built = (values: Record<string, string>) => {
  const problems: Record<string, string> = {}
  const item = buildItem(builder, values, words, (name, problem) => (problems[name] = problem))
  return { item, problems }
}

const commandField = json({ in: 'none', label: 'Commands', builders: { title: 'Build', kinds: [builder] } })
const withBuilders: Operation = operation({ verb: 'send-command', title: 'Send', route: 'POST /send', fields: { commands: commandField }, decode: (body) => body })

describe('builders of JSON items', () => {
  it('make an item of the constants and what is given', () => {
    assert.deepEqual(built({ every: '5', offset: '' }), { item: { kind: 7, every: 5 }, problems: {} })
    assert.deepEqual(built({ every: '5', offset: '2' }).item, { kind: 7, every: 5, offset: 2 })
  })

  it('tell each input that is wrong', () => {
    const { item, problems } = built({ every: '61', offset: 'x' })
    assert.equal(item, undefined)
    assert.match(problems.every ?? '', /^Every must be from 1 to 60/)
    assert.match(problems.offset ?? '', /^Offset must be a number/)
    assert.match(built({}).problems.every ?? '', /is required/)
  })

  it('add to what is there, and never throw it away', () => {
    const add = (type: string, value: string) => withItem({ type, value }, 1)?.value
    assert.equal(add('json', ''), '[1]')
    assert.equal(add('json', '{"a":0}'), '[{"a":0},1]')
    assert.equal(add('json', '[0]'), '[0,1]')
    assert.equal(add('msg', 'payload'), '[1]')
    assert.equal(add('json', '[0'), undefined)
  })

  it('reach the form as data, with their texts in the catalog', () => {
    const [vendor] = knownVendors
    const known = [{ ...vendor!, operations: { send: withBuilders } }]
    const descriptor = describeAction('send-command', known)
    assert.deepEqual(JSON.parse(JSON.stringify(descriptor)), descriptor)
    const field = findOperation(findVendor(descriptor, vendor!.id), 'send')?.fields.commands
    assert.deepEqual(field?.builders?.map(({ id, constants }) => ({ id, constants })), [{ id: 'rhythm', constants: { kind: 7 } }])
    const [set] = nodeSets(known)
    const key = `operation.${vendor!.id}.send.field.commands`
    assert.equal(textAt(catalogOf(set!, known), `${key}.builders`), 'Build')
    assert.equal(textAt(catalogOf(set!, known), `${key}.builder.rhythm.field.every.label`), 'Every')
  })

  it('refuse what the operation refuses, and nothing else', () => {
    let tried = 0
    for (const [name, entry] of knownVendors.flatMap((vendor) => Object.entries(vendor.operations)))
      for (const [param, field] of Object.entries(entry.fields))
        for (const { id, constants, fields } of field.builders?.kinds ?? [])
          for (const [input, { min, max }] of Object.entries(fields))
            for (const bound of [min, max, min === undefined ? undefined : min - 1, max === undefined ? undefined : max + 1]) {
              if (bound === undefined || isSequence(entry)) continue
              const right = buildItem({ id, label: id, constants, fields: { [input]: fields[input]! } }, { [input]: String(bound) }, words, () => undefined) !== undefined
              const send = () => entry.prepare?.({ [param]: [{ ...constants, [input]: bound }] })
              if (right) assert.doesNotThrow(send, `${name} ${id} ${input} ${bound}`)
              else assert.throws(send, `${name} ${id} ${input} ${bound}`)
              tried += 1
            }
    assert.ok(tried > 10)
  })
})

describe('properties of writes', () => {
  const echo: Translate = (key, values) => (values ? `${key} ${JSON.stringify(values)}` : key)

  it('take seconds above 0, none or a variable', () => {
    const { properties } = describeAction('send-command', knownVendors)
    const problem = (value: unknown) => propertyProblem(properties, 'ttl', value, echo)
    for (const good of ['', undefined, '300', 5, '0.5', '${TTL}']) assert.equal(problem(good), undefined)
    for (const bad of ['0', 'soon', -1, 'Infinity']) assert.match(problem(bad) ?? '', /^form\.error\.setting /)
  })

  it('need no param that is the payload unless said otherwise', () => {
    const descriptor = describeAction('send-reading', knownVendors)
    const problems = (params: unknown) => paramProblems(descriptor, { vendor: 'sensocan', operation: 'auto', params }, echo)
    assert.deepEqual(problems({}), [])
    assert.equal(problems({ readings: { type: 'json', value: '' } }).length, 1)
  })

  it('are known of each operation', () => {
    const operations = describeAction('set-alarm', knownVendors).vendors.flatMap((vendor) => vendor.operations)
    const of = (id: string) => operations.find((entry) => entry.id === id)
    assert.deepEqual([of('create-alarm')?.traits, of('create-alarm')?.destructive], [['findsExisting'], false])
    assert.deepEqual([of('delete-all-alarms')?.traits, of('delete-all-alarms')?.destructive], [['deletesMany'], true])
    const commands = describeAction('send-command', knownVendors).vendors.flatMap((vendor) => vendor.operations)
    assert.deepEqual(commands.find(({ id }) => id === 'gateway-command')?.traits, ['follows'])
  })

  it('want a confirmation where more than one thing is deleted, unless the flow is older than that', () => {
    const { vendors } = describeAction('set-alarm', knownVendors)
    const problem = (id: string, value: unknown) => confirmationProblem(vendors.flatMap(({ operations }) => operations).find((entry) => entry.id === id), value, echo)
    assert.match(problem('delete-all-alarms', false) ?? '', /^form\.error\.confirmed/)
    assert.equal(problem('delete-all-alarms', true), undefined)
    assert.equal(problem('delete-all-alarms', undefined), undefined)
    assert.equal(problem('delete-alarm', false), undefined)
  })
})

describe('the operations of a form', () => {
  const idsOf = (verb: Verb, vendor: string) => findVendor(describeAction(verb, knownVendors), vendor)?.operations.map(({ id }) => id)

  it('stand in the order of use: the newest values first, what deletes all last', () => {
    assert.equal(idsOf('get-data', 'sensorist')?.[0], 'measurements-latest')
    assert.equal(idsOf('get-data', 'thingsee')?.[0], 'thing')
    assert.deepEqual(idsOf('set-alarm', 'sensorist'), ['create-callback', 'create-alarm', 'delete-callback', 'delete-alarm', 'delete-all-alarms', 'delete-all-callbacks'])
    assert.equal(idsOf('register-device', 'thingsee')?.at(-1), 'delete-group')
  })
})

describe('order of operations', () => {
  const ids = (verb: 'get-data' | 'set-alarm' | 'send-command', vendor: string): string[] =>
    describeAction(verb, knownVendors).vendors.find(({ id }) => id === vendor)!.operations.map(({ id }) => id)

  it('has measurements first, what cannot be undone late, and any request last', () => {
    const reads = ids('get-data', 'sensorist')
    assert.ok(reads.slice(0, 4).every((id) => id.startsWith('measurements')))
    assert.equal(reads.at(-1), 'request')
    const alarms = ids('set-alarm', 'sensorist')
    assert.ok(alarms.slice(0, 2).every((id) => id.startsWith('create')) && alarms.slice(2).every((id) => id.startsWith('delete')))
  })

  it('names operations as flows do, not by their files', () => {
    assert.equal(ids('send-command', 'senquip').at(-1), 'request')
  })
})
