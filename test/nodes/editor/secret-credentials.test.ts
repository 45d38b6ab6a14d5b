/** Secret params that are credentials, by the rules of the form. */
import { strict as assert } from 'node:assert'
import { catalogOf, textAt } from '../../../scripts/build/catalog'
import { describeAction } from '../../../scripts/build/descriptors'
import { html } from '../../../scripts/build/html'
import { operation, text } from '../../../src/lib/vocabulary/operation'
import type { Vendor } from '../../../src/lib/vocabulary/vendor'
import { actionForm } from '../../../src/nodes/actions/form/action-form'
import { hasCredential } from '../../../src/nodes/editor/params/credential-drafts'
import { isTypedText, paramProblem } from '../../../src/nodes/editor/params/params'
import { defaultType, typesOf } from '../../../src/nodes/editor/params/typed-input'
import type { EditorNode, Translate } from '../../../src/nodes/editor/platform/red'
import { knownVendors, nodeSets, secretParams } from '../../../src/nodes/runtime/node-types'

const set = nodeSets().find(({ type }) => type === 'sensor-cloud-register-device')!
const catalog = catalogOf(set, knownVendors)
const words: Translate = (key, values = {}) => textAt(catalog, key)?.replace(/__(\w+?)__/g, (_place, name: string) => String(values[name])) ?? key

const secret = text({ in: 'body', label: 'Password', secret: true })
const optional = text({ in: 'body', label: 'Password', required: false, secret: true })
const plain = text({ in: 'body', label: 'Name' })

describe('a secret param in the form', () => {
  const typeNames = (keepsCredential: boolean): string[] =>
    typesOf(secret, undefined, words, () => true, undefined, keepsCredential).map((type) => (typeof type === 'string' ? type : type.value))

  it('is a credential first, where the node can keep one', () => {
    assert.deepEqual(typeNames(true), ['cred', 'str', 'msg', 'flow', 'global', 'env', 'jsonata'])
    assert.deepEqual(typeNames(false), ['str', 'msg', 'flow', 'global', 'env', 'jsonata'])
    assert.deepEqual([defaultType(secret, true), defaultType(secret), defaultType(plain)], ['cred', 'str', 'str'])
  })

  it('is wrong when its credential is required and empty, or has no value', () => {
    const credential = (value: string) => ({ type: 'cred', value })
    assert.match(paramProblem(secret, credential(''), words) ?? '', /is required/)
    assert.equal(paramProblem(optional, credential(''), words), undefined)
    assert.equal(paramProblem(secret, credential('password'), words), undefined)
    assert.match(paramProblem(optional, credential('password'), words, () => false) ?? '', /has no value.*enter it again/)
  })

  it('is moved into the credential only where the flow holds it as it was typed', () => {
    for (const type of ['str', 'num']) assert.equal(isTypedText({ type, value: '12345678' }), true)
    for (const [type, value] of [['str', ''], ['str', '${PASSWORD}'], ['msg', 'payload'], ['jsonata', '"x"'], ['cred', 'password']] as const)
      assert.equal(isTypedText({ type, value }), false, `${type} ${value}`)
    assert.equal(isTypedText(undefined), false)
  })

  it('counts as present until the editor has asked for the credentials of the node', () => {
    assert.equal(hasCredential(undefined, 'password'), true)
    assert.equal(hasCredential({}, 'password'), false)
    assert.equal(hasCredential({ has_password: false }, 'password'), false)
    assert.equal(hasCredential({ has_password: true }, 'password'), true)
    assert.equal(hasCredential({ password: 'typed' }, 'password'), true)
  })

  it('marks a node that was imported without its credentials', () => {
    const form = actionForm(describeAction('register-device', knownVendors))
    const params = { ...Object.fromEntries(['firstName', 'lastName'].map((name) => [name, { type: 'str', value: 'A' }])), email: { type: 'str', value: 'a@b.example' }, password: { type: 'cred', value: 'password' } }
    const node: EditorNode = { id: 'n', type: set.type, vendor: 'sensorist', operation: 'create-user', params, _: words }
    assert.equal(form.validateParams(node, params), true)
    assert.equal(form.validateParams({ ...node, credentials: { has_password: true } }, params), true)
    assert.match(String(form.validateParams({ ...node, credentials: {} }, params)), /^Password has no value/)
  })
})

describe('the credentials in the registration of a node', () => {
  const [vendor] = knownVendors
  const withSecret: Vendor = { ...vendor!, operations: { add: operation({ verb: 'get-data', title: 'Add', route: 'GET /add', fields: { pin: secret, name: plain }, decode: (body) => body }) } }

  it('are the secret params of its operations', () => {
    assert.deepEqual(secretParams('get-data', [withSecret]), ['pin'])
    const written = html({ kind: 'action', type: 'sensor-cloud-get-data', verb: 'get-data' }, [withSecret])
    assert.match(written, /credentials: \{\n\s+pin: \{ type: 'password' \}\n\s+\}/)
  })

  it('are left out where there are none', () => {
    assert.doesNotMatch(html({ kind: 'action', type: 'sensor-cloud-get-data', verb: 'get-data' }, knownVendors), /credentials:/)
  })
})
