/** The help of every node: short before its folds, and complete with them. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { helpOf } from '../../src/nodes/admin/help/help-text'
import { defaultsOf } from '../../src/nodes/admin/help/node-parts'
import { operationsOf } from '../../src/lib/vocabulary/vendor'
import { escapeHtml } from '../../src/nodes/editor/markup/markup'
import { knownVendors, nodeSets, type NodeSet } from '../../src/nodes/runtime/node-types'
import { ROOT } from './installation'

/** Words before a reader finds what to open. */
const MOST_WORDS = 500

/** What every message of an action has in `msg.response`. */
const RESPONSE = 'response vendor operation statusCode cached attempts waited budgets name limit remaining resetsAt apiRequestsRemaining response.body'
const READING = 'vendor device sensor label quantity channel value unit timestamp extra extra.status'
const EVENT = 'vendor device sensor label event timestamp data'

/** Output properties of the contract, by node type. */
const OUTPUTS: Readonly<Record<string, string>> = {
  'sensor-cloud-get-data': `payload topic timestamp reading params parts ${READING} ${RESPONSE}`,
  'sensor-cloud-send-reading': `payload ${RESPONSE}`,
  'sensor-cloud-send-command': `payload response.nextLookAt ${RESPONSE}`,
  'sensor-cloud-set-alarm': `payload response.existing ${RESPONSE}`,
  'sensor-cloud-register-device': `payload index ok result error message code ${RESPONSE}`,
  'sensor-cloud-on-event': `payload topic ${EVENT}`,
}

/** What is said of every form alike, or only holds a choice: the folds show its choices. */
const CHOSEN = /^(name|version|vendor|operation|params|account.+)$/

const FOLD = /<details[\s\S]*?<\/details>/g
const wordsOf = (html: string): string[] => html.replace(/<[^>]*>/g, ' ').trim().split(/\s+/)
const help = (set: NodeSet): string => helpOf(set, knownVendors)

/** Names that stand as an entry of a list, as code, or in the sample. */
function explained(html: string): Set<string> {
  const entries = [...html.matchAll(/<dt[^>]*>(.*?) <span/g)].flatMap(([, names = '']) => names.split(', '))
  const code = [...html.matchAll(/<(?:code|pre)[^>]*>([\s\S]*?)<\/(?:code|pre)>/g)].flatMap(([, text = '']) => text.split(/[^\w.-]+/))
  const last = [...entries, ...code].map((name) => name.replace(/^(?:msg|response|error)\./, ''))
  return new Set([...entries, ...code, ...last])
}

const folded = (html: string, title: string): string =>
  html.match(FOLD)?.find((fold) => fold.includes(`<summary>${escapeHtml(title)}</summary>`)) ?? assert.fail(`no fold ${title}`)

describe('the help', () => {
  for (const set of nodeSets()) {
    const { type } = set

    it(`of ${type} has few words before and between its folds, which are closed`, () => {
      const { length } = wordsOf(help(set).replace(FOLD, ''))
      assert.ok(length <= MOST_WORDS, `${length} words`)
      assert.doesNotMatch(help(set), /<details[^>]* open/)
    })

    it(`of ${type} begins with what it does and a sample, and ends with references`, () => {
      const order = [...help(set).matchAll(/<(?:p|pre|h3|details)\b[^>]*>(?:\w+<\/h3>)?/g)].map(([tag]) => tag.replace(/ class="[^"]*"/, ''))
      const begin = order.indexOf('<pre>')
      assert.ok(begin > 0 && order.slice(0, begin).every((tag) => tag === '<p>'), order.join())
      const places = ['Inputs', 'Outputs', 'Details', 'Operations', 'References'].map((title) => order.indexOf(`<h3>${title}</h3>`)).filter((place) => place >= 0)
      assert.deepEqual(places, places.toSorted((one, other) => one - other))
      assert.equal(places.at(-1), order.length - 1)
    })

    it(`of ${type} explains every property of its form and every output`, () => {
      const names = explained(help(set))
      const credentials = set.kind === 'account' ? Object.keys(set.vendor.credentials) : []
      const wanted = [...Object.keys(defaultsOf(set)).filter((name) => !CHOSEN.test(name)), ...credentials, ...(OUTPUTS[type]?.split(' ') ?? [])]
      assert.deepEqual(wanted.filter((name) => !names.has(name)), [])
    })

    it(`of ${type} names no list of error codes, but links to one`, () => {
      const [, path = ''] = /href="https:[^"]+\/blob\/HEAD\/([^"]+)"/.exec(help(set)) ?? assert.fail('no link')
      assert.ok(existsSync(join(ROOT, path)), path)
      assert.doesNotMatch(help(set), /PROTOCOL|FORBIDDEN/)
    })
  }

  for (const set of nodeSets())
    if (set.kind === 'action')
      it(`of ${set.type} has the operations and params of a vendor in its fold, with what is unverified`, () => {
        for (const vendor of knownVendors)
          for (const [id, { title, fields, unverified }] of Object.entries(operationsOf(vendor, set.verb))) {
            const fold = folded(help(set), vendor.title)
            assert.ok(fold.includes(`<b>${escapeHtml(title)}</b> (<code>${id}</code>)`), id)
            const names = explained(fold)
            assert.deepEqual(Object.keys(fields).filter((name) => !names.has(name)), [], id)
            if (unverified !== undefined) assert.ok(fold.includes(`<em>Unverified: ${escapeHtml(unverified)}`), id)
          }
      })

  it('of the event node has the properties of a vendor in its fold, with what is unverified', () => {
    const html = help(nodeSets().find(({ kind }) => kind === 'event')!)
    for (const { title, events } of knownVendors) {
      if (!events) continue
      const fold = folded(html, title)
      const wanted = events.kind === 'poll' ? [...Object.keys(events.fields), 'interval'] : ['publicUrl', 'path', 'events']
      assert.deepEqual(wanted.filter((name) => !explained(fold).has(name)), [], title)
      if (events.unverified !== undefined) assert.ok(fold.includes(`<em>Unverified: ${escapeHtml(events.unverified)}`), title)
    }
  })

  it('of an account says what is unverified before its sample', () => {
    for (const set of nodeSets())
      if (set.kind === 'account' && set.vendor.unverified !== undefined) assert.match(help(set).split('<pre')[0] ?? '', /<em>Unverified: /)
  })

  it('of get data shows a reading as a flow gives it', () => {
    const { readings } = JSON.parse(readFileSync(join(ROOT, 'test', 'nodes', 'golden', 'sensorist.json'), 'utf8')) as { readings: { extra: unknown }[] }
    const { extra: _extra, ...reading } = readings[0]!
    const [, sample = ''] = /<pre[^>]*>([\s\S]*?)<\/pre>/.exec(help(nodeSets()[0]!)) ?? []
    assert.deepEqual(JSON.parse(sample.replaceAll('&quot;', '"')), reading)
  })
})
