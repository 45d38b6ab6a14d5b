/** Requests beside what a server reads from them: every value arrives, under its name and at its place. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { baseAddress } from '../../src/lib/http/base-url'
import { buildRequest, RequestError, type HttpRequest } from '../../src/lib/http/request'
import { boolean, json, list, number, operation, text, time, type Operation } from '../../src/lib/vocabulary/operation'
import { anything } from '../../src/lib/vocabulary/validation'
import { vendors } from '../../src/lib/vendors'
import { checkHistories } from './histories'

const BASE = 'https://cloud.example/prod/v1/'

const fields = (place: 'query' | 'body') => ({
  id: text({ in: 'path', label: 'Id' }),
  part: text({ in: 'path', label: 'Part' }),
  name: text({ in: place, wire: 'wire_name', label: 'Name', required: false }),
  count: number({ in: place, label: 'Count', required: false }),
  ids: list({ in: place, label: 'Ids', required: false }),
  from: time({ in: place, label: 'From', required: false }),
  flag: boolean({ in: place, label: 'Flag', required: false }),
  more: json({ in: place, label: 'More', shape: 'any', required: false }),
})

const shared = { title: 'T', decode: anything } as const
const OPERATIONS: Readonly<Record<'query' | 'body', Operation>> = {
  query: operation({ ...shared, verb: 'get-data', route: 'GET /things/{id}/parts/{part}', query: { fixed: 'a b&c' }, fields: fields('query') }),
  body: operation({ ...shared, verb: 'send-command', route: 'POST /things/{id}/parts/{part}', query: { fixed: 'a b&c' }, fields: fields('body') }),
}

/** Any text, and the characters that mean something in an address. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('/', '\\', '.', '%', '?', '#', '&', '=', '+', ' ', ',', ';', ':', '@', '2e', 'é', '😀', '\n', '\t', '\0', '"', 'a'), minLength: 1, maxLength: 8 }),
)

interface Params {
  id: string
  part: string
  name?: string | undefined
  count?: number | undefined
  ids?: string[] | undefined
  from?: number | undefined
  flag?: boolean | undefined
  more?: unknown
}

const params: fc.Arbitrary<Params> = fc.record(
  {
    id: anyText,
    part: anyText,
    name: anyText,
    count: fc.double({ noNaN: true, noDefaultInfinity: true }),
    ids: fc.array(fc.stringMatching(/^[^,\ud800-\udfff]{1,6}$/), { minLength: 1, maxLength: 3 }),
    from: fc.integer({ min: 0, max: 4e12 }),
    flag: fc.boolean(),
    more: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ['id', 'part'] },
)

interface Setting {
  place: 'query' | 'body'
  bodyAs: 'json' | 'form'
}

const build = ({ bodyAs, place }: Setting, given: Params): HttpRequest => {
  const vendor = { ...vendors.sensocan, bodyAs }
  return buildRequest(OPERATIONS[place], { ...given }, { vendor, base: baseAddress(BASE), settings: {} })
}

/** Whether a server that decodes the value once could take it for several parts of a path with dots. */
const mayLeave = (value: string): boolean => value.split(/[/\\]/).some((part) => /^(\.|%2e){1,2}$/i.test(part))

/** A value as a query or a form carries it; undefined where it carries none. */
function asText(value: unknown, name: string, place: Setting['place']): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (name === 'from') return String(Math.floor(Number(value) / 1000))
  if (name === 'flag' && place === 'query') return value === true ? '1' : undefined
  if (Array.isArray(value)) return value.map((item: unknown) => asItem(item)).join(',')
  return asItem(value)
}

const asItem = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(asItem).join(',')
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

const wireName = (name: string): string => (name === 'name' ? 'wire_name' : name)

const optional = ({ id: _id, part: _part, ...rest }: Params): [string, unknown][] => Object.entries(rest)

function checkRequest(setting: Setting, given: Params): void {
  const { bodyAs, place } = setting
  let request: HttpRequest
  try {
    request = build(setting, given)
  } catch (error) {
    assert.ok(error instanceof RequestError && [given.id, given.part].some(mayLeave), String(error))
    return
  }
  assert.ok(![given.id, given.part].some(mayLeave), 'a value that leads elsewhere is refused')
  const url = new URL(request.url)
  assert.ok(url.href.startsWith(BASE), 'the address stays in its base')
  assert.equal(url.hash, '')
  assert.deepEqual(url.pathname.slice('/prod/v1/'.length).split('/').map(decodeURIComponent), ['things', given.id, 'parts', given.part])
  const values = optional(given).flatMap(([name, value]): [string, string][] => {
    const wire = asText(value, name, place)
    return wire === undefined ? [] : [[wireName(name), wire]]
  })
  const inQuery = place === 'query' ? values : []
  assert.deepEqual(Object.fromEntries(url.searchParams), Object.fromEntries([['fixed', 'a b&c'], ...inQuery]))
  if (place === 'query') assert.equal(request.body, undefined)
  else checkBody(request, given, bodyAs)
}

function checkBody({ body }: HttpRequest, given: Params, bodyAs: Setting['bodyAs']): void {
  const named = optional(given).filter(([, value]) => value !== undefined).map(([name, value]): [string, unknown] => [wireName(name), name === 'from' ? Math.floor(Number(value) / 1000) : value])
  if (named.length === 0) assert.equal(body, undefined)
  else if (bodyAs === 'json') assert.deepEqual(JSON.parse(String(body)), JSON.parse(JSON.stringify(Object.fromEntries(named))))
  else assert.deepEqual(Object.fromEntries(new URLSearchParams(String(body))), Object.fromEntries(named.map(([name, value]) => [name, asItem(value)])))
}

describe('requests and their model', () => {
  it('agree on what a server reads', () =>
    checkHistories(fc.record({ place: fc.constantFrom('query' as const, 'body' as const), bodyAs: fc.constantFrom('json' as const, 'form' as const) }), params, (setting, all) => {
      for (const given of all) checkRequest(setting, given)
    }))
})
