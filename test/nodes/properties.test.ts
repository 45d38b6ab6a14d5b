/** A property of a node is declared once: everything else follows from that. */
import { strict as assert } from 'node:assert'
import { catalogOf, textAt } from '../../scripts/build/catalog'
import { describeAction } from '../../scripts/build/descriptors'
import { helpOf } from '../../src/nodes/admin/help/help-text'
import { templateOf } from '../../scripts/build/html'
import { defaultsOf, propertiesOf } from '../../src/nodes/admin/help/node-parts'
import { actionRegistration, actionTemplate } from '../../src/nodes/actions/form/action-template'
import { actionProperties } from '../../src/nodes/actions/properties'
import { propertyDefaults, propertyFields, propertyValues, type NodeProperties } from '../../src/nodes/runtime/node-property'
import { knownVendors, nodeSets } from '../../src/nodes/runtime/node-types'

describe('a declared property', () => {
  for (const set of nodeSets())
    it(`of ${set.type} has its default, its row, its texts and its help`, () => {
      const page = templateOf(set, knownVendors)
      const catalog = catalogOf(set, knownVendors)
      const help = helpOf(set, knownVendors)
      const key = set.kind === 'account' ? 'setting' : 'property'
      const prefix = set.kind === 'account' || set.kind === 'store' ? 'node-config-input-' : 'node-input-'
      for (const [name, property] of Object.entries(propertiesOf(set))) {
        assert.ok(name in defaultsOf(set), name)
        const id = property.columns ? `sensor-clouds-table-${name}` : `${prefix}${name}`
        assert.ok(page.includes(`id="${id}"`), `${name} has a row`)
        for (const [column, label] of Object.entries(property.columns ?? {})) assert.equal(textAt(catalog, `${key}.${name}.column.${column}`), label)
        assert.equal(textAt(catalog, `${key}.${name}.label`), property.label)
        assert.equal(textAt(catalog, `${key}.${name}.help`), property.help)
        // The help of an event's interval is that of its vendor.
        if (name !== 'interval') assert.ok(help.includes(`<dt class="optional">${name} `) || help.includes(`<dt>${name} `), `${name} stands in the help`)
      }
    })

  it('is shown for traits that operations have, and needs a property that there is', () => {
    const traits = new Set(Object.keys(actionProperties).flatMap((verb) => describeAction(verb as keyof typeof actionProperties, knownVendors).vendors.flatMap(({ operations }) => operations.flatMap((operation) => [...operation.traits]))))
    for (const properties of Object.values<NodeProperties>(actionProperties))
      for (const { needs, onlyFor } of Object.values(properties)) {
        if (onlyFor !== undefined) assert.ok((traits as Set<string>).has(onlyFor), onlyFor)
        if (needs !== undefined) assert.equal(properties[needs]?.kind, 'boolean')
      }
  })

  it('needs nothing else to be in the form and in the registration', () => {
    const declared = {
      decimals: { kind: 'number', label: 'Decimals', help: 'Number of decimals.', default: 2, min: 0, max: 10, integer: true },
      quantities: { kind: 'list', label: 'Quantities', help: 'Empty: all.' },
    } as const satisfies NodeProperties
    const parts = { verb: 'get-data', vendors: knownVendors, defaults: propertyDefaults(declared), properties: propertyFields(declared) } as const
    assert.match(actionRegistration(parts), /decimals: \{ value: '2', validate: .*validateProperty\(this, 'decimals', value\)/)
    assert.match(actionTemplate(parts), /id="node-input-quantities"/)
  })

  it('has its default at run time where the flow has nothing or something wrong', () => {
    const { batchWindow, outbox, outboxLimit } = propertyValues(actionProperties['send-reading'], { outbox: 'perhaps', outboxLimit: '0', batchWindow: '5' })
    assert.deepEqual([outbox, outboxLimit, batchWindow], [true, 100_000, 5])
    assert.deepEqual(propertyValues(actionProperties['send-command'], { ttl: '', awaitTimeout: 'soon' }), { ttl: undefined, awaitResult: false, awaitTimeout: 300 })
    assert.equal(propertyValues(actionProperties['get-data'], { emit: 'sideways' }).emit, 'array')
  })
})
