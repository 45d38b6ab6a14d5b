/** What the event node's form is given, and what it says is wrong. */
import { strict as assert } from 'node:assert'
import { runInNewContext } from 'node:vm'
import { catalogOf, textAt } from '../../../scripts/build/catalog'
import { describeEvents } from '../../../scripts/build/descriptors'
import { html, templateOf } from '../../../scripts/build/html'
import { formName } from '../../../src/nodes/editor/markup/markup'
import {
  chosenSource,
  costOf,
  eventNodeLabel,
  eventParamProblems,
  eventPropertyProblem,
  findSource,
  intervalProblem,
  ownPathProblem,
  publicUrlProblem,
  sourceProblem,
} from '../../../src/nodes/events/form/event-rules'
import type { Translate } from '../../../src/nodes/editor/platform/red'
import { EVENT_TYPE, knownVendors, nodeSets, type NodeSet } from '../../../src/nodes/runtime/node-types'

const set: NodeSet = { kind: 'event', type: EVENT_TYPE }
const catalog = catalogOf(set, knownVendors)
const translate: Translate = (key, values = {}) =>
  textAt(catalog, key)?.replace(/__(\w+?)__/g, (_place, name: string) => String(values[name])) ?? key
const descriptor = describeEvents(knownVendors)
const posting = findSource(descriptor, 'sensorist')
const polled = findSource(descriptor, 'thingsee')
const STORED = '${' + 'PUBLIC_URL}'

describe('the form of the event node', () => {
  it('offers the vendors that tell of events, and no other', () => {
    assert.deepEqual(descriptor.vendors.filter(({ events }) => events).map(({ id }) => id).sort(), ['senquip', 'senquip-v1', 'sensorist', 'thingsee'])
    assert.equal(sourceProblem(descriptor, 'sensorist', translate), undefined)
    assert.match(sourceProblem(descriptor, 'sensocan', translate) ?? '', /not a vendor of this node/)
    assert.match(sourceProblem(descriptor, '', translate) ?? '', /Choose a vendor/)
  })

  it('is there only where a vendor tells of events', () => {
    const silent = knownVendors.map(({ events: _events, ...vendor }) => vendor)
    assert.ok(nodeSets().some(({ type }) => type === EVENT_TYPE))
    assert.ok(!nodeSets(silent).some(({ type }) => type === EVENT_TYPE))
  })

  it('wants an address that is safe, where the vendor posts', () => {
    assert.match(publicUrlProblem(posting, '', translate) ?? '', /^Public URL is missing/)
    assert.match(publicUrlProblem(posting, 'http://example.com', translate) ?? '', /must start with https/)
    for (const right of ['https://example.com', STORED, 'http://127.0.0.1:1880']) assert.equal(publicUrlProblem(posting, right, translate), undefined, right)
    assert.equal(publicUrlProblem(polled, '', translate), undefined)
  })

  it('wants a path that nobody can guess, or none', () => {
    assert.match(ownPathProblem(posting, '/hook', translate) ?? '', /^Path must begin with \//)
    for (const right of ['', '/sensor-clouds/events/0123456789abcdef', STORED]) assert.equal(ownPathProblem(posting, right, translate), undefined, right)
  })

  it('wants a path that no other node has', () => {
    const problem = (path: string) => ownPathProblem(posting, path, translate, (one) => one === '/sensor-clouds/events/0123456789abcdef')
    assert.equal(problem('/sensor-clouds/events/0123456789abcdef'), 'Path is used by another node: make a new one')
    assert.equal(problem('/sensor-clouds/events/fedcba9876543210'), undefined)
  })

  it('wants an interval that the vendor allows', () => {
    assert.match(intervalProblem(polled, '9', translate) ?? '', /^Interval \(s\) must be at least 10/)
    assert.match(intervalProblem(polled, 'often', translate) ?? '', /^Interval \(s\) must be a number/)
    for (const right of ['', undefined, '10', 600]) assert.equal(intervalProblem(polled, right, translate), undefined)
    assert.equal(intervalProblem(posting, '1', translate), undefined)
  })

  it('wants the params of the vendor', () => {
    const senquip = findSource(descriptor, 'senquip')
    assert.match(eventParamProblems(chosenSource(senquip, 'vendor'), {}, translate).join(), /^Device is required/)
    assert.deepEqual(eventParamProblems(chosenSource(senquip, 'vendor'), { deviceId: { type: 'str', value: 'JDA54E19F' } }, translate), [])
    assert.deepEqual(eventParamProblems(chosenSource(polled, undefined), undefined, translate), [])
    assert.deepEqual(eventParamProblems(chosenSource(senquip, 'silence'), {}, translate), [])
  })

  it('checks only what belongs to the source', () => {
    const problem = (source: string, name: string, value: string, vendor = posting) => eventPropertyProblem(descriptor, chosenSource(vendor, source), name, value, translate)
    assert.match(problem('vendor', 'publicUrl', '') ?? '', /^Public URL is missing/)
    assert.equal(problem('silence', 'publicUrl', ''), undefined)
    assert.match(problem('silence', 'interval', '9') ?? '', /^Interval \(s\) must be at least 10/)
    assert.equal(problem('vendor', 'interval', '9'), undefined)
    assert.match(problem('silence', 'intervals', '1') ?? '', /^Missed intervals must be at least 1.5/)
    assert.match(problem('silence', 'silentAfter', 'long') ?? '', /^Silent after \(s\) must be a number/)
    assert.match(problem('battery', 'batteryBelow', '101') ?? '', /^Battery below \(%\) must be from 0 to 100/)
    for (const source of ['vendor', 'devices']) assert.equal(problem(source, 'intervals', '1'), undefined)
  })

  it('says what a watch costs', () => {
    assert.equal(costOf('silence', '', '', translate), 'Costs about 288 requests a day for each device that no other node reads.')
    assert.equal(costOf('silence', '600', 'one, two', translate), 'Costs about 288 requests a day if no other node reads these devices.')
    assert.equal(costOf('devices', '', 'one, two', translate), 'The list of devices is read about 24 times a day.')
    for (const wrong of ['often', '0', '-5']) assert.equal(costOf('silence', wrong, '', translate), '')
  })

  it('calls a node by its name, else by what it listens to', () => {
    assert.equal(eventNodeLabel(descriptor, { vendor: 'thingsee' }, translate), 'Haltian Thingsee: events')
    assert.equal(eventNodeLabel(descriptor, { vendor: 'thingsee', source: 'silence' }, translate), 'Haltian Thingsee: sensors that fall silent')
    assert.equal(eventNodeLabel(descriptor, { name: 'Mine', vendor: 'thingsee' }, translate), 'Mine')
    assert.equal(eventNodeLabel(descriptor, {}, translate), 'on event')
  })

  it('registers a node without an input, with literals', () => {
    const page = html(set, knownVendors)
    const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? ''
    const registered: { type: string; definition: Record<string, unknown> }[] = []
    const RED = { nodes: { registerType: (type: string, definition: Record<string, unknown>) => registered.push({ type, definition }) } }
    runInNewContext(script, { RED, window: { sensorClouds: {} } })
    const [{ type, definition } = { type: '', definition: {} }] = registered
    assert.equal(type, EVENT_TYPE)
    assert.deepEqual([definition.inputs, definition.outputs, definition.icon], [0, 1, 'on-event.svg'])
    const defaults = definition.defaults as Record<string, { value: unknown }>
    for (const name of ['publicUrl', 'path', 'events', 'params', 'interval', 'accountThingsee']) assert.ok(name in defaults, name)
    assert.ok(page.includes(`${formName(EVENT_TYPE)}.prepare(this)`))
  })

  it('has a text for every key that its template names', () => {
    const page = templateOf(set, knownVendors)
    const keys = [...page.matchAll(/data-i18n="([^"]+)"/g)].flatMap(([, value = '']) => value.split(';').map((part) => part.replace(/^\[[\w-]+\]/, '')))
    assert.ok(keys.length > 8)
    for (const key of keys) assert.notEqual(textAt(catalog, key), undefined, key)
  })
})
