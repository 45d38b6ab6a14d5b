import { strict as assert } from 'node:assert'
import { catalogOf, textAt } from '../../../scripts/build/catalog'
import { describeAction } from '../../../scripts/build/descriptors'
import type { Diagnostics } from '../../../src/lib/client/diagnostics'
import type { JournalEntry } from '../../../src/lib/client/request-journal'
import { actionForm } from '../../../src/nodes/actions/form/action-form'
import { labelOf, paramProblems } from '../../../src/nodes/actions/form/action-rules'
import { chosenOf, detailOf, withChoice } from '../../../src/nodes/editor/picker/choices'
import type { Translate } from '../../../src/nodes/editor/platform/red'
import { savedInEditor } from '../../../src/nodes/editor/platform/dialog-account'
import { typedCredentials, matchingOptions } from '../../../src/nodes/runtime/shared-with-forms'
import { requestLines, usageLines, usageRows } from '../../../src/nodes/accounts/form/usage'
import { knownVendors, nodeSets } from '../../../src/nodes/runtime/node-types'

const translatorOf = (type: string): Translate => {
  const catalog = catalogOf(nodeSets().find((set) => set.type === type)!, knownVendors)
  // As i18next chooses the English form of a count.
  const template = (key: string, count: unknown) => (count === 1 ? textAt(catalog, `${key}_one`) : undefined) ?? textAt(catalog, key)
  return (key, values = {}) => template(key, values.count)?.replace(/__(\w+?)__/g, (_place, name: string) => String(values[name])) ?? key
}

const options = [
  { value: '220200', label: 'Rack left: Temperature', detail: 'Cellar · 220200' },
  { value: '220201', label: 'Rack left: Humidity', detail: 'Cellar · 220201' },
  { value: '7', label: '7' },
]

describe('choices of a picker', () => {
  it('are found by words of name, place or id, in any order', () => {
    const found = (search: string): string[] => matchingOptions(options, search).map(({ value }) => value)
    assert.deepEqual(found(''), ['220200', '220201', '7'])
    assert.deepEqual(found('cellar TEMP'), ['220200'])
    assert.deepEqual(found('220201'), ['220201'])
    assert.deepEqual(found('left attic'), [])
  })

  it('show what tells them apart', () => {
    assert.deepEqual(options.map(detailOf), ['Cellar · 220200', 'Cellar · 220201', ''])
    assert.equal(detailOf({ value: '5', label: 'Pump' }), '5')
  })

  it('are read from what is typed, with or without blanks, and from JSON', () => {
    assert.deepEqual(chosenOf({ type: 'str', value: '1,2 , 3' }, true), ['1', '2', '3'])
    assert.deepEqual(chosenOf({ type: 'json', value: '[1,"2"]' }, true), ['1', '2'])
    assert.deepEqual(chosenOf({ type: 'json', value: '[1' }, true), [])
    assert.deepEqual(chosenOf({ type: 'msg', value: 'payload' }, true), [])
    assert.deepEqual(chosenOf({ type: 'str', value: 'a, b' }, false), ['a, b'])
  })

  it('are added to a list and taken out again, and replace a single value', () => {
    const list = withChoice({ type: 'str', value: '1' }, '2', true)
    assert.deepEqual(list, { type: 'str', value: '1, 2' })
    assert.deepEqual(withChoice(list, '1', true), { type: 'str', value: '2' })
    assert.deepEqual(withChoice({ type: 'json', value: '[1]' }, '2', true), { type: 'str', value: '1, 2' })
    assert.deepEqual(withChoice({ type: 'msg', value: 'payload' }, '2', false), { type: 'str', value: '2' })
  })
})

describe('an account as the editor has it', () => {
  const definition = { defaults: { name: {}, baseUrl: {}, routes: {} }, credentials: { email: {}, password: {} } }
  const node = { id: 'a', type: 'acme-account', name: 'Cellar', baseUrl: 'https://example.com', routes: {}, x: 5, users: ['n'], _def: definition }

  it('has its settings, and of its credentials only what was typed', () => {
    const credentials = { email: 'a@b.c', password: '__PWRD__', has_password: true }
    assert.deepEqual(savedInEditor({ ...node, credentials }), {
      id: 'a',
      type: 'acme-account',
      settings: { name: 'Cellar', baseUrl: 'https://example.com', routes: {} },
      credentials: { email: 'a@b.c' },
    })
    assert.deepEqual(savedInEditor(node).credentials, {})
  })

  it('keeps a credential that was emptied, so that the stored one is not taken for it', () => {
    assert.deepEqual(typedCredentials({ password: '' }), { password: '' })
  })
})

describe('usage of an account', () => {
  const now = Date.UTC(2026, 0, 1, 12)
  const words = translatorOf('senquip-account')
  const diagnostics: Diagnostics = {
    vendor: 'acme', since: 0, requests: 0, failures: 0, retries: 0, rateLimited: 0, cacheHits: 0, waits: 0, waited: 0, queued: 0, running: 0, journal: [], latencies: [],
    budgets: [
      { name: 'per second', limit: 5, remaining: 5, used: 0, resetsAt: now },
      { name: 'per day', limit: 1000, remaining: 100, used: 900, resetsAt: now + 43_200_000, emptyAt: now + 3_600_000 },
    ],
  }

  it('says of each limit how much is used, when it is there again, and when it will be spent', () => {
    const [second, day] = usageRows(diagnostics, words, now)
    assert.deepEqual(second, ['per second', '0 of 5', '', 'enough until reset'])
    assert.deepEqual(day?.slice(0, 2), ['per day', '900 of 1000'])
    assert.match(day[3] ?? '', /^used up at .*\d/)
  })

  it('shows the latest five requests, the newest first, below a title with the last error', () => {
    assert.equal(requestLines(diagnostics, words, now), undefined)
    const entry = (second: number, more: Partial<JournalEntry>): JournalEntry => ({
      time: now + second * 1000, operation: 'thing', route: 'GET /things/{tuid}', attempts: 1, status: 200, error: undefined, retried: undefined,
      waited: 0, latency: 35, retryAfter: undefined, requestId: undefined, joined: undefined, _msgid: undefined, ...more,
    })
    const fine = requestLines({ ...diagnostics, journal: [entry(0, {})] }, words, now)
    assert.equal(fine?.title, 'Latest requests (1)')
    const journal = [0, 1, 2, 3, 4].map((second) => entry(second, {})).concat(entry(5, { status: 401, error: 'AUTH' }), entry(6, { status: undefined, error: 'QUOTA', latency: undefined, attempts: 0 }))
    const shown = requestLines({ ...diagnostics, journal }, words, now)
    assert.match(shown?.title ?? '', /^Latest requests \(7\), last error: QUOTA, .*\d/)
    assert.deepEqual(shown?.lines.map((line) => line.split(' · ').slice(1).join(' · ')), ['thing · QUOTA', 'thing · 401 AUTH · 35 ms', 'thing · 200 · 35 ms', 'thing · 200 · 35 ms', 'thing · 200 · 35 ms'])
  })

  it('has a sentence for what is out of the ordinary only', () => {
    assert.deepEqual(usageLines(diagnostics, words, now), [])
    const lines = usageLines({ ...diagnostics, queued: 3, running: 1, paused: { reason: 'the vendor answered 429', remaining: 1500 }, outage: { since: now, cause: 'ECONNREFUSED' }, outbox: { depth: 12, oldest: now, quarantined: 1, failure: { code: 'VENDOR', message: 'SensoCAN auto: the cloud has a fault' } } }, words, now)
    assert.equal(lines.length, 6)
    assert.match(lines[0] ?? '', /^3 requests wait, 1 in flight/)
    assert.match(lines[1] ?? '', /another 2 s: the vendor answered 429/)
    assert.match(lines[2] ?? '', /unreachable since .*ECONNREFUSED/)
    assert.match(lines[3] ?? '', /12 readings wait, the oldest since/)
    assert.deepEqual(lines.slice(4), ['Not sent: SensoCAN auto: the cloud has a fault', '1 reading is quarantined: the server fails on it (5xx).'])
    assert.deepEqual(usageLines({ ...diagnostics, outbox: { depth: 0, quarantined: 0 } }, words, now), [])
  })
})

describe('the form of an action', () => {
  const descriptor = describeAction('get-data', knownVendors)
  const words = translatorOf('sensor-cloud-get-data')

  it('labels a node with the name of its account', () => {
    const node = { vendor: 'sensorist', accountSensorist: 'a', operation: 'measurements-latest' }
    assert.equal(labelOf(descriptor, node, words, (id) => (id === 'a' ? 'Cellar' : '')), 'Cellar: Latest measurements')
    assert.equal(labelOf(descriptor, { ...node, accountSensorist: 'b' }, words, () => ''), 'Sensorist: Latest measurements')
  })

  it('says that a param is required without repeating its help', () => {
    const problems = paramProblems(descriptor, { vendor: 'sensorist', operation: 'measurements-latest', params: {} }, words)
    assert.deepEqual(problems, ['Data sources is required'])
  })

  it('does not blame a wrong time in a row that is not shown', () => {
    const form = actionForm(describeAction('send-command', knownVendors))
    const blamed = (operation: string): boolean =>
      form.validateProperty({ id: 'n', type: 'sensor-cloud-send-command', vendor: 'sensorist', operation }, 'awaitTimeout', 'soon') !== true
    assert.equal(blamed('gateway-command'), true)
    assert.equal(blamed('update-gateway'), false)
  })

  it('does not blame what an outbox would hold where there is none', () => {
    const form = actionForm(describeAction('send-reading', knownVendors))
    const blamed = (outbox?: boolean): boolean => form.validateProperty({ id: 'n', type: 'sensor-cloud-send-reading', vendor: 'sensocan', outbox }, 'outboxLimit', 'many') !== true
    assert.deepEqual([blamed(true), blamed(), blamed(false)], [true, true, false])
  })

  it('knows which picks need an account, and which params are secret', () => {
    const thingsee = descriptor.vendors.find(({ id }) => id === 'thingsee')
    assert.deepEqual([...(thingsee?.asked ?? [])].sort(), ['groups', 'things'])
    const create = describeAction('register-device', knownVendors).vendors.flatMap(({ operations }) => operations).find(({ id }) => id === 'create-user')
    assert.deepEqual([create?.fields.password?.secret, create?.fields.email?.secret], [true, undefined])
  })
})
