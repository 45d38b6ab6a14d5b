/** What makes an account complete. */
import { strict as assert } from 'node:assert'
import { catalogOf, textAt } from '../../../scripts/build/catalog'
import { describeAccount } from '../../../scripts/build/descriptors'
import { baseAddress } from '../../../src/lib/http/base-url'
import { text } from '../../../src/lib/vocabulary/operation'
import { editableRoutes } from '../../../src/lib/http/route'
import { changedRoutes, credentialProblems, needsAdvanced, routePathProblem, routeProblems, settingSentence } from '../../../src/nodes/accounts/form/account-rules'
import { settingProblem } from '../../../src/nodes/editor/params/params'
import type { Translate } from '../../../src/nodes/editor/platform/red'
import { knownVendors } from '../../../src/nodes/runtime/node-types'

describe('account rules', () => {
  const senquip = knownVendors.find((vendor) => vendor.accountType === 'senquip-account')!
  const account = describeAccount(senquip)
  const catalog = catalogOf({ kind: 'account', type: senquip.accountType, vendor: senquip }, knownVendors)
  const words: Translate = (key, values = {}) => textAt(catalog, key)?.replace(/__(\w+?)__/g, (_place, name: string) => String(values[name])) ?? key

  it('want https, except on this machine', () => {
    const sentence = (value: unknown) => settingSentence(account, 'baseUrl', value, words)
    assert.match(sentence('http://example.com/') ?? '', /^Base URL .*https/)
    assert.match(sentence(undefined) ?? '', /^Base URL is required/)
    assert.equal(sentence('http://localhost:8080/'), undefined)
    assert.equal(sentence('https://example.com/v2'), undefined)
    assert.equal(sentence('${SENQUIP_URL}'), undefined)
  })

  it('check the default of an address that was left empty', () => {
    const field = text({ in: 'none', label: 'Base URL', default: 'http://example.com' })
    assert.match(settingProblem(field, '', words, baseAddress) ?? '', /https/)
  })

  it('take a timeout above 0, an empty one or a variable', () => {
    for (const good of ['', undefined, '30000', 5, '${TIMEOUT}']) assert.equal(settingSentence(account, 'timeout', good, words), undefined)
    for (const bad of ['0', 'soon', -1]) assert.match(settingSentence(account, 'timeout', bad, words) ?? '', /Timeout/)
  })

  it('miss a credential that is known to be missing only', () => {
    const problems = (given?: Record<string, unknown>) => credentialProblems(account, given, words)
    assert.deepEqual(problems(), [])
    assert.deepEqual(problems({ has_apiKey: true }), [])
    assert.deepEqual(problems({ apiKey: 'typed', has_apiKey: true }), [])
    assert.deepEqual(problems({ has_apiKey: false }), ['API key is required'])
    assert.deepEqual(problems({ apiKey: '', has_apiKey: false }), ['API key is required'])
  })

  it('open the fold of advanced settings where one of them is wrong or is not its default', () => {
    const isOpen = (config: Record<string, unknown>) => needsAdvanced(account, config, words)
    for (const usual of [{}, { timeout: '30000', hostedDevices: '', store: '', routes: {} }, { timeout: 30_000 }, { baseUrl: '' }]) assert.equal(isOpen(usual), false, JSON.stringify(usual))
    for (const own of [{ timeout: '5000' }, { timeout: 'soon' }, { hostedDevices: '3' }, { proxy: 'node' }, { routes: { 'device-data': { method: 'GET', path: '/x' } } }]) assert.equal(isOpen(own), true, JSON.stringify(own))
  })

  it('keep an imported route also where it equals its default', () => {
    const [route] = account.routes
    assert.ok(route)
    const { method, path, operation } = route
    assert.deepEqual(changedRoutes(account.routes, { [operation]: { method, path, imported: true } }), { [operation]: { method, path, imported: true } })
  })

  it('keep only routes that differ from their default', () => {
    const [first, second] = account.routes
    assert.ok(first && second)
    const rows = {
      [first.operation]: { method: first.method, path: ` ${first.path} ` },
      [second.operation]: { method: 'POST', path: '/other' },
      unknown: { method: 'GET', path: '/x' },
    }
    assert.deepEqual(changedRoutes(account.routes, rows), { [second.operation]: { method: 'POST', path: '/other' } })
  })

  it('refuse a path without slash and one with a variable that is not the operation’s', () => {
    const route = { operation: 'device-data', method: 'GET', path: '/devices/{deviceId}/data', file: false }
    assert.equal(routePathProblem(route, '/d/{deviceId}', words), undefined)
    assert.match(routePathProblem(route, 'd', words) ?? '', /begin with/)
    assert.match(routePathProblem(route, '/d/{thing}', words) ?? '', /\{thing\}/)
    assert.equal(routeProblems(account, { 'device-data': { method: 'GET', path: 'd' } }, words).length, 1)
    assert.deepEqual(routeProblems(account, undefined, words), [])
  })

  it('offer routes only of operations that are unverified', () => {
    assert.ok(editableRoutes(senquip).length > 0)
    assert.deepEqual(editableRoutes(knownVendors.find((vendor) => vendor.accountType === 'sensorist-account')!), [])
  })
})
