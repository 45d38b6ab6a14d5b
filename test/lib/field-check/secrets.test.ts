/** No report holds anything of the account: 10,000 generated bodies with secrets in every place, also as keys. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { keyNames } from '../../../src/lib/field-check/key-names'
import { reportOf } from '../../../src/lib/field-check/report'
import { vendors } from '../../../src/lib/vendors'
import type { Operation } from '../../../src/lib/vocabulary/operation'
import type { Vendor } from '../../../src/lib/vocabulary/vendor'

const BODIES = 10_000
/** Shorter texts stand in a report by chance. */
const SHORTEST = 5

const letters = fc.string({ unit: fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')), minLength: 8, maxLength: 24 })
const secret = fc.oneof(
  fc.uuid(),
  fc.base64String({ minLength: 12, maxLength: 40 }),
  letters,
  fc.stringMatching(/^[A-Z]{2}[0-9A-F]{7,15}$/),
  fc.stringMatching(/^[1-9][0-9]{5,15}$/),
  fc.tuple(letters, letters).map(([name, host]) => `${name}@${host}.example`),
  fc.tuple(letters, letters).map(([street, town]) => `${street} 12, ${town}`),
  fc.tuple(fc.integer({ min: -89, max: 89 }), fc.integer({ min: 10_000, max: 99_999 })).map(([whole, part]) => `${whole}.${part}1`),
  fc.stringMatching(/^[a-z]{3,8}\d{3,8}$/),
  fc.string({ minLength: 6, maxLength: 30 }),
  fc.ipV4(),
)

const ids = fc.integer({ min: 123_457, max: 2 ** 50 }).filter((id) => !/^10+$/.test(String(id)))
const coordinates = fc.tuple(fc.integer({ min: -180, max: 180 }), fc.integer({ min: 10_001, max: 99_999 })).map(([whole, part]) => Number(`${whole}.${part}`))

/** Keys that reports do show, so that generated bodies look like a vendor's. */
const documented = fc.constantFrom('data', 'gateways', 'devices', 'title', 'id', 'tsmTs', 'ts', 'tc1', 'measurements', 'date', 'name')

const body = fc.letrec((tie) => ({
  leaf: fc.oneof(secret, ids, coordinates, fc.boolean(), fc.constant(null)),
  list: fc.array(tie('any'), { maxLength: 4 }),
  object: fc.dictionary(fc.oneof({ weight: 2, arbitrary: secret }, { weight: 1, arbitrary: documented }), tie('any'), { maxKeys: 5 }),
  any: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie('leaf'), tie('list'), tie('object')),
})).any

/** All texts, numbers and keys in a value, as texts. */
function* wordsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'number') yield String(value)
  else if (Array.isArray(value)) for (const item of value) yield* wordsIn(item)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield key
      yield* wordsIn(item)
    }
  }
}

/** Documented keys, and a word that generated texts like and each report has: "lengths". */
const KNOWN = new Set(['measurements', 'gateways', 'devices', 'title', 'tsmTs', 'length'])

describe('field check: what a report holds', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

  it(`nothing of ${BODIES} generated bodies, headers and routes (SEED=${seed})`, function () {
    this.timeout(120_000)
    const operations = Object.values<Vendor>(vendors).flatMap((vendor) => {
      const nameKey = keyNames(vendor)
      return Object.values<Operation>(vendor.operations).filter(({ verb }) => verb === 'get-data').map((operation) => ({ operation, vendor, nameKey }))
    })
    const chosen = fc.nat({ max: operations.length - 1 })
    const deviation = fc.record({ path: fc.array(fc.oneof(secret, documented), { maxLength: 4 }), found: fc.oneof(secret, ids, coordinates), expected: fc.constant('string') })
    fc.assert(
      fc.property(chosen, body, deviation, fc.array(secret, { minLength: 5, maxLength: 5 }), (place, given, differs, words) => {
        const { operation, vendor, nameKey } = operations[place] ?? assert.fail()
        const [type = '', limit = '', segment = '', cache = '', remaining = ''] = words
        const report = JSON.stringify(reportOf({
          operation,
          vendor,
          nameKey,
          judgement: { outcome: 'differs', deviation: differs },
          route: `GET /devices/${encodeURIComponent(segment)}/{deviceId}`,
          answer: {
            status: 200,
            headers: { 'content-type': type, 'x-ratelimit-limit': limit, 'cache-control': cache, 'x-ratelimit-remaining': remaining, 'x-account': type },
            text: JSON.stringify(given),
            body: given,
          },
        }))
        const all = [...wordsIn(given), ...differs.path, String(differs.found), ...words, encodeURIComponent(segment)]
        const hits = all.filter((word) => word.length >= SHORTEST && !KNOWN.has(word) && report.includes(word))
        assert.deepEqual(hits, [], report)
      }),
      { numRuns: BODIES, seed },
    )
  })

  it('shows documented keys, units, time formats, lengths and magnitudes', () => {
    const operation: Operation = vendors.sensorist.operations.gateways as Operation
    const { body: shape, headers } = reportOf({
      operation,
      vendor: vendors.sensorist,
      nameKey: keyNames(vendors.sensorist),
      judgement: { outcome: 'works' },
      route: 'GET /gateways',
      answer: {
        status: 200,
        headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'max-age=900, private' },
        text: '',
        body: { code: 200, gateways: [{ id: 7325, 'Cellar of Ann': 1, unit: '°C', date: '2026-09-13T16:59:04+0000' }, { id: 12, unit: '%' }] },
      },
    })
    assert.deepEqual(headers, { 'content-type': 'application/json', 'max-age': 900 })
    assert.deepEqual(shape, {
      type: 'object',
      keys: {
        code: { type: 'number', whole: true, from: 100, to: 1000 },
        gateways: {
          type: 'list',
          lengths: ['many'],
          items: {
            type: 'object',
            keys: {
              id: { type: 'number', whole: true, from: 10, to: 10_000 },
              '<text>': { type: 'number', whole: true, from: 1, to: 10 },
              unit: { type: 'text', forms: ['unit %', 'unit °C'] },
              date: { type: 'text', forms: ['time YYYY-MM-DDThh:mm:ss+HHMM'] },
            },
            optional: ['<text>', 'date'],
          },
        },
      },
    })
  })
})
