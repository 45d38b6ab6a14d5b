import { strict as assert } from 'node:assert'
import { transform } from 'esbuild'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { catalogOf, textAt, type Catalog } from '../../../scripts/build/catalog'
import { describeAccount, describeAction } from '../../../scripts/build/descriptors'
import { editorFiles } from '../../../scripts/build/editor'
import { html, templateOf } from '../../../scripts/build/html'
import { readSources, type Source } from '../../../scripts/check/sources'
import { operation, number, type Operation } from '../../../src/lib/vocabulary/operation'
import {
  findVendor,
  labelOf,
  operationProblem,
  paramProblems,
  vendorProblem,
} from '../../../src/nodes/actions/form/action-rules'
import { accountProblem, type AccountState } from '../../../src/nodes/editor/account-problem'
import type { FieldDescriptors } from '../../../src/nodes/editor/descriptor'
import { gatherParams, paramProblem, readStored, sameParams } from '../../../src/nodes/editor/params/params'
import { type Translate, validationResult } from '../../../src/nodes/editor/platform/red'
import { isReference, variableName } from '../../../src/nodes/runtime/shared-with-forms'
import { EVENT_TYPE, knownVendors, nodeSets, STORE_TYPE, type NodeSet } from '../../../src/nodes/runtime/node-types'

/** As Node-RED's i18next does it: the text with its `__name__` filled in, or the key where there is none. */
const translatorOf =
  (catalog: Catalog): Translate =>
  (key, values = {}) =>
    textAt(catalog, key)?.replace(/__(\w+?)__/g, (_place, name: string) => String(values[name])) ?? key

const getData: NodeSet = { kind: 'action', type: 'sensor-cloud-get-data', verb: 'get-data' }
const catalog = catalogOf(getData, knownVendors)
const translate = translatorOf(catalog)
const descriptor = describeAction('get-data', knownVendors)
const sensorist = findVendor(descriptor, 'sensorist')
const example = { vendor: 'sensorist', operation: 'measurements-latest' }
type Defaults = Record<string, { value: unknown; type?: string; required?: boolean } | undefined>

/** The code of all forms, and of more folders. */
const formSources = (...more: readonly string[]): Source[] =>
  readSources().filter(({ path }) => /^src\/nodes\/(editor|\w+\/form)\//.test(path) || more.some((folder) => path.startsWith(folder)))

describe('node sets', () => {
  it('has a node for each verb that a vendor can do, and an account for each vendor', () => {
    const types = nodeSets().map((set) => set.type)
    assert.equal(types[0], 'sensor-cloud-get-data')
    for (const vendor of knownVendors) assert.ok(types.includes(vendor.accountType), vendor.id)
  })

  it('brings a node along once an operation of its verb exists', () => {
    const [vendor] = knownVendors
    const command: Operation = operation({
      verb: 'send-command',
      title: 'Switch on',
      route: 'POST /on',
      fields: {},
      decode: (body) => body,
    })
    const types = nodeSets([{ ...vendor!, operations: { 'switch-on': command } }]).map((set) => set.type)
    assert.deepEqual(types, ['sensor-cloud-send-command', EVENT_TYPE, vendor!.accountType, STORE_TYPE])
  })

  it('is what package.json names', () => {
    const manifest = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as {
      'node-red': { nodes: Record<string, string> }
    }
    const expected = Object.fromEntries(nodeSets().map(({ type }) => [type, `dist/nodes/${type}.js`]))
    assert.deepEqual(manifest['node-red'].nodes, expected)
  })
})

describe('validators of an action node', () => {
  it('tell a vendor that is missing from one that is unknown', () => {
    assert.equal(vendorProblem(descriptor, undefined, translate), 'Choose a vendor')
    assert.match(vendorProblem(descriptor, 'acme', translate) ?? '', /"acme" is not a vendor/)
    assert.equal(vendorProblem(descriptor, 'sensorist', translate), undefined)
  })

  it('refuse a vendor that has nothing for this node', () => {
    const idle = descriptor.vendors.find((vendor) => vendor.operations.length === 0)
    assert.ok(idle)
    assert.ok(vendorProblem(descriptor, idle.id, translate))
  })

  it('want the account of the chosen vendor only', () => {
    const states: Readonly<Record<string, AccountState>> = { ac1: 'ready', off: 'disabledAccount', half: 'incompleteAccount' }
    const stateOf = (id: string, type: string): AccountState => (type === 'sensorist-account' ? states[id] : undefined) ?? 'unknownAccount'
    const problem = (property: string, value: unknown) => accountProblem(sensorist, property, value, stateOf, translate)
    assert.equal(problem('accountThingsee', ''), undefined)
    assert.equal(problem('accountSensorist', undefined), 'Choose an account')
    assert.equal(problem('accountSensorist', '_ADD_'), 'Choose an account')
    assert.match(problem('accountSensorist', 'gone') ?? '', /no longer exists/)
    assert.equal(problem('accountSensorist', 'ac1'), undefined)
    assert.match(problem('accountSensorist', 'off') ?? '', /disabled/)
    assert.match(problem('accountSensorist', 'half') ?? '', /not complete/)
    assert.equal(problem('accountSensorist', '${ACCOUNT}'), undefined)
  })

  it('want an operation of the vendor', () => {
    assert.equal(operationProblem(sensorist, undefined, translate), 'Choose an operation')
    assert.match(operationProblem(sensorist, 'fly', translate) ?? '', /"fly"/)
    assert.equal(operationProblem(sensorist, 'alarms', translate), undefined)
    assert.equal(operationProblem(undefined, '', translate), undefined)
  })

  it('name each param that is wrong', () => {
    const problems = (params: unknown) => paramProblems(descriptor, { ...example, params }, translate)
    assert.match(problems({}).join(), /^Data sources is required/)
    assert.match(problems(undefined).join(), /^Data sources is required/)
    assert.match(problems({ dataSources: { type: 'str', value: 'abc' } }).join(), /^Data sources has "abc", but each item must be/)
    assert.deepEqual(problems({ dataSources: { type: 'str', value: '220200,220201' } }), [])
    assert.deepEqual(problems({ dataSources: { type: 'json', value: ['220200'] } }), [])
    assert.deepEqual(problems({ dataSources: { type: 'msg', value: 'payload' } }), [])
    assert.deepEqual(problems({ dataSources: { type: 'str', value: '${SOURCES}' } }), [])
    assert.match(problems({ dataSources: { type: 'msg', value: '' } }).join(), /^Data sources is required/)
  })

  it('name a path or an expression that cannot be evaluated', () => {
    const problems = (type: string, value: string) =>
      paramProblems(descriptor, { ...example, params: { dataSources: { type, value } } }, translate, (param) => param.value !== 'payload[')
    assert.deepEqual(problems('msg', 'payload'), [])
    assert.deepEqual(problems('str', '1'), [])
    assert.match(problems('jsonata', 'payload[').join(), /^Data sources cannot be evaluated/)
  })
})

describe('validation results', () => {
  it('are sentences without html, whatever value they quote', () => {
    assert.equal(validationResult(undefined, undefined), true)
    assert.equal(validationResult(undefined, 'one', 'two'), 'one; two')
    const [sentence] = paramProblems(
      descriptor,
      { ...example, params: { dataSources: { type: 'str', value: '<img src=x onerror=alert(1)>' } } },
      translate,
    )
    assert.match(sentence ?? '', /<img/)
    assert.doesNotMatch(String(validationResult(sentence)), /[<>]/)
  })
})

describe('references to variables', () => {
  it('are what Node-RED replaces, and nothing else', () => {
    for (const replaced of ['${A}', '$(A)', '${a-b.c}']) assert.equal(isReference(replaced), true, replaced)
    for (const kept of [' ${A}', '${A} ', '${}', '${A B}', 'x${A}', '$A', '', 5, undefined]) assert.equal(isReference(kept), false, String(kept))
    assert.deepEqual(['${NAME}', '$(NAME)'].map(variableName), ['NAME', 'NAME'])
  })
})

describe('params', () => {
  const field = { ...number({ in: 'query', label: 'Limit', required: false, min: 1 }) }

  it('are checked by the rules of the field', () => {
    assert.match(paramProblem(field, { type: 'num', value: '0' }, translate) ?? '', /at least 1/)
    assert.match(paramProblem(field, { type: 'num', value: 'x' }, translate) ?? '', /must be a number/)
    assert.equal(paramProblem(field, { type: 'num', value: '1' }, translate), undefined)
    assert.equal(paramProblem(field, { type: 'num', value: '' }, translate), undefined)
    assert.equal(paramProblem(field, undefined, translate), undefined)
  })

  it('are saved only where they belong to the operation and are given', () => {
    const fields: FieldDescriptors = {
      limit: { kind: 'number', required: false },
      from: { kind: 'time', required: false },
      tuid: { kind: 'text', required: true },
    }
    const drafts = {
      tuid: { type: 'str', value: '' },
      other: { type: 'str', value: 'x' },
      from: { type: 'date', value: '' },
      limit: { type: 'num', value: '5' },
    }
    assert.deepEqual(gatherParams(fields, drafts), { limit: { type: 'num', value: '5' }, from: { type: 'date', value: '' } })
  })

  it('are read from flows written by hand', () => {
    assert.deepEqual(readStored({ a: { value: 5 }, b: { type: 'json', value: ['x'] }, c: null, d: { type: 'bool', value: true } }), {
      a: { type: 'str', value: '5' },
      b: { type: 'json', value: '["x"]' },
      d: { type: 'bool', value: 'true' },
    })
    assert.deepEqual(readStored({ from: { type: 'date', value: '2026-01-01T00:00:00Z' } }), {
      from: { type: 'str', value: '2026-01-01T00:00:00Z' },
    })
    assert.deepEqual(readStored('nonsense'), {})
  })

  it('count as unchanged in whatever order they stand', () => {
    const a = { type: 'str', value: '1' }
    const b = { type: 'msg', value: 'x' }
    assert.equal(sameParams({ b, a }, { a, b }), true)
    assert.equal(sameParams({ b, a }, { a }), false)
    assert.equal(sameParams({ a }, { a: { type: 'num', value: '1' } }), false)
    assert.equal(sameParams(undefined, {}), true)
  })
})

describe('label', () => {
  it('is the name, else vendor and operation, else the type', () => {
    assert.equal(labelOf(descriptor, { name: 'Cellar', ...example }, translate), 'Cellar')
    assert.equal(labelOf(descriptor, example, translate), 'Sensorist: Latest measurements')
    assert.equal(labelOf(descriptor, {}, translate), 'get data')
    assert.equal(labelOf(descriptor, { vendor: 'sensorist', operation: 'fly' }, translate), 'get data')
  })
})

describe('descriptors', () => {
  it('list any request last', () => {
    for (const vendor of descriptor.vendors) {
      const ids = vendor.operations.map((entry) => entry.id)
      if (ids.includes('request')) assert.equal(ids.at(-1), 'request', vendor.id)
    }
  })

  it('hold the account property of every vendor', () => {
    const properties = descriptor.vendors.map((vendor) => vendor.accountProperty).sort()
    assert.deepEqual(properties, ['accountSenquip', 'accountSenquipV1', 'accountSensocan', 'accountSensorist', 'accountThingsee'])
  })

  it('say which operations give readings', () => {
    const readings = (id: string) => sensorist?.operations.find((entry) => entry.id === id)?.traits.includes('readings')
    assert.equal(readings('measurements-latest'), true)
    assert.equal(readings('alarms'), false)
  })

  it('survive as JSON: they hold data only', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(descriptor)), descriptor)
    for (const vendor of knownVendors)
      assert.deepEqual(JSON.parse(JSON.stringify(describeAccount(vendor))), describeAccount(vendor))
  })
})

describe('generated html and catalogs', () => {
  const KEY = /^(?:form|palette|vendor|setting|credential|route|operation|status)\.[\w.-]+$/

  for (const set of nodeSets())
    it(`${set.type}: every key that the template names has a text`, () => {
      const texts = catalogOf(set, knownVendors)
      const page = templateOf(set, knownVendors)
      const keys = [...page.matchAll(/data-i18n="([^"]+)"/g)].flatMap(([, names = '']) => names.split(';').map((name) => name.replace(/^\[[\w-]+\]/, '')))
      assert.ok(keys.length > 5)
      for (const key of keys) assert.ok(textAt(texts, key), key)
    })

  it('every literal key of the form code has a text in the catalog of its form', () => {
    const [account] = knownVendors
    const accountTexts = catalogOf({ kind: 'account', type: account!.accountType, vendor: account! }, knownVendors)
    const storeTexts = catalogOf({ kind: 'store', type: STORE_TYPE }, knownVendors)
    const eventTexts = catalogOf({ kind: 'event', type: EVENT_TYPE }, knownVendors)
    for (const { path: file, text: source } of formSources()) {
      for (const [, key = ''] of source.matchAll(/'([a-z]+\.[\w.]+)'/g)) {
        if (!KEY.test(key)) continue
        const found = textAt(catalog, key) ?? textAt(accountTexts, key) ?? textAt(storeTexts, key) ?? textAt(eventTexts, key)
        assert.ok(found, `${file}: ${key}`)
      }
    }
  })

  it('every text of the form is used', () => {
    const all = formSources('scripts/build/').map(({ text }) => text).join('\n')
    const form = catalog.form as Catalog
    for (const key of Object.keys(form)) if (typeof form[key] === 'string') assert.ok(all.includes(`form.${key}`), key)
  })

  it('every operation and field has its texts', () => {
    for (const vendor of descriptor.vendors)
      for (const { id, fields } of vendor.operations) {
        assert.ok(textAt(catalog, `operation.${vendor.id}.${id}.title`), id)
        for (const name of Object.keys(fields)) assert.ok(textAt(catalog, `operation.${vendor.id}.${id}.field.${name}.label`), name)
      }
  })

  it('registers with literals that a static reader understands', () => {
    const page = html(getData, knownVendors)
    const [, script = ''] = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(page) ?? []
    const types: Record<string, { defaults: Defaults }> = {}
    const RED = { nodes: { registerType: (type: string, definition: (typeof types)[string]) => (types[type] = definition) } }
    // Nothing of the bundle is called while it registers.
    runInNewContext(script, { RED, window: { sensorClouds: {} } })
    const { defaults } = types['sensor-cloud-get-data']!
    assert.equal(defaults.accountSensorist?.type, 'sensorist-account')
    assert.equal(defaults.accountSenquipV1?.type, 'senquip-v1-account')
    assert.deepEqual([defaults.output?.value, defaults.emit?.value, defaults.sinceLast?.value], ['readings', 'array', false])
    // Node-RED does not ask the validator of an empty property that is marked as not required.
    assert.notEqual(defaults.accountSensorist.required, false)
    assert.doesNotMatch(script, /\.\.\.|\bfor\b|\bvar\b|\bconst\b/)
  })

  it('keeps every credential a password, except what only names the user', () => {
    for (const vendor of knownVendors) {
      const account: NodeSet = { kind: 'account', type: vendor.accountType, vendor }
      for (const name of Object.keys(vendor.credentials)) {
        const type = ['email', 'clientId'].includes(name) ? 'text' : 'password'
        assert.match(html(account, knownVendors), new RegExp(`${name}: \\{ type: '${type}'`))
        assert.match(templateOf(account, knownVendors), new RegExp(`<input type="${type}" id="node-config-input-${name}"`))
      }
    }
  })

  it('has a style sheet whose rules are all closed', async () => {
    const style = readFileSync(join(__dirname, '../../../src/nodes/editor/style.css'), 'utf8')
    const { warnings } = await transform(style, { loader: 'css' })
    assert.deepEqual(warnings.map((warning) => warning.text), [])
    assert.doesNotMatch(style, /\{[^}]*\{/, 'a rule within a rule')
  })

  it('bundles what a browser runs: nothing of Node.js and no second registration', async () => {
    const { palette, dialogs } = await editorFiles(nodeSets())
    const [, script = ''] = /^<script type="text\/javascript">(.*)<\/script>\n<style>/s.exec(palette) ?? []
    for (const code of [script, dialogs]) {
      assert.ok(code.length > 1000)
      assert.doesNotMatch(code, /require\(|registerType|<\/script/i)
    }
  })
})
