/** What a call reports: how it was answered, what is left of the limits, and why it failed. */
import assert from 'node:assert/strict'
import { ApiError } from '../../../src/lib/base/api-error'
import { sentence } from '../../../src/lib/base/sentence'
import type { Call, CallOptions } from '../../../src/lib/client/call'
import { RequestError } from '../../../src/lib/http/request'
import { CursorError } from '../../../src/lib/incremental/cursor'
import { StoreError } from '../../../src/lib/store/store'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { number, operation, sequence, text } from '../../../src/lib/vocabulary/operation'
import { FieldError, WireError } from '../../../src/lib/vocabulary/validation'
import { accountRigOf } from './account-rig'
import { answer, unreachable } from './rig'

const decode = (body: unknown): unknown => body
const things = operation({ verb: 'get-data', title: 'Things', route: 'GET /things/{id}', fields: { id: text({ in: 'path', label: 'Thing', help: 'Give its id. It is on the device' }) }, decode })
const rename = operation({
  verb: 'send-command', title: 'Rename', route: 'POST /things', decode,
  fields: {
    name: text({ in: 'body', label: 'Name' }),
    key: text({ in: 'body', label: 'Key', secret: true, required: false }), pin: number({ in: 'body', label: 'PIN', secret: true, required: false }),
  },
})

async function read(call: Call, params: object = { id: 'a' }): Promise<unknown> {
  let data: unknown
  for await (const page of call.pages({ ...params })) data = page.data
  return data
}

/** The error of a call. */
const failureOf = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(() => assert.fail('it did not fail'), (error: unknown) => (error instanceof ApiError ? error : assert.fail(String(error))))

describe('the report of a call', () => {
  it('says how it was answered', async () => {
    const { account, call, clock } = accountRigOf(() => answer(200, { left: 3 }, { 'cache-control': 'max-age=60' }), { vendor: { apiRequestsRemaining: (body) => (body as { left?: number } | undefined)?.left } })
    const first = call(things)
    assert.deepEqual([first.freshFor, first.answerAge], [0, 0])
    await read(first)
    const { budgets, ...response } = first.response
    assert.deepEqual(response, { vendor: 'example', operation: 'things', statusCode: 200, cached: false, attempts: 1, waited: 0, apiRequestsRemaining: 3 })
    assert.deepEqual(budgets, [])
    await clock.advance(10_000)
    assert.deepEqual([first.freshFor, first.answerAge], [50_000, 10_000])
    const second = call(things)
    await read(second)
    assert.deepEqual([second.response.cached, second.response.attempts, second.freshFor, second.answerAge], [true, 0, 50_000, 10_000])
    await clock.advance(51_000)
    assert.equal(second.freshFor, 0)
    await account.close()
  })

  it('does not say that it was cached when a part was asked for, or when there is no answer', async () => {
    const both = sequence({
      verb: 'get-data', title: 'Both', route: 'GET /things', fields: {}, measurements: false,
      async *run(caller) {
        for (const id of ['a', 'b']) yield { data: await caller.call(things, { id }) }
      },
    })
    const { account, call } = accountRigOf(() => answer(200, {}, { 'cache-control': 'max-age=60' }))
    await read(call(things))
    const mixed = call(both)
    await read(mixed, {})
    assert.deepEqual([mixed.response.cached, mixed.response.attempts], [false, 1])
    const refused = call(things)
    await failureOf(read(refused, {}))
    const { budgets: _budgets, ...response } = refused.response
    assert.deepEqual(response, { vendor: 'example', operation: 'things', cached: false, attempts: 0, waited: 0 })
    await account.close()
  })

  it('says how much of a day or month is used, of the limit that is used most', async () => {
    const budgets: Budget[] = [
      { name: 'per day', limit: 100, window: 'day', scope: 'account' },
      { name: 'per month', limit: 10, window: 'month', scope: 'account' },
      { name: 'per minute', limit: 8, window: 60_000, scope: 'account' },
    ]
    const { account, call } = accountRigOf(() => answer(200), { vendor: { budgets: () => budgets } })
    const used: string[] = []
    for (let index = 0; index < 8; index += 1) {
      const one = call(things)
      await read(one, { id: `${index}` })
      used.push(String(one.nearlySpent))
    }
    assert.deepEqual(used, [...Array.from({ length: 7 }, () => 'undefined'), 'monthly limit 80 % used'])
    await account.close()
    const unlimited = accountRigOf(() => answer(200), { vendor: { budgets: () => budgets.slice(2) } })
    assert.equal(unlimited.call(things).nearlySpent, undefined)
    await unlimited.account.close()
  })
})

describe('the error of a call', () => {
  it('names vendor, operation and input, and has the answer of the vendor without secrets', async () => {
    const { account, call } = accountRigOf(() => answer(400, { message: 'the-token and hunter2 and 4711 are wrong' }), { vendor: { reason: (body) => (body as { message: string }).message } })
    const write = call(rename, { title: sentence`New name` })
    const error = await failureOf(write.write({ name: 'a', key: 'hunter2', pin: 4711 }, false))
    assert.match(error.message, /^Example, New name: .+ \(400\): ••• and ••• and ••• are wrong; /)
    assert.deepEqual(error.body, { message: '••• and ••• and ••• are wrong' })
    assert.deepEqual([error.statusCode, error.attempts, write.response.statusCode, write.response.body], [400, 1, 400, error.body])
    const open = await failureOf(call(rename).write({ name: 'a' }, false))
    assert.deepEqual(open.body, { message: '••• and hunter2 and 4711 are wrong' })
    await account.close()
  })

  it('says what an input lacks, in the words of the node where it knows them', async () => {
    const { account, call } = accountRigOf()
    const absence: CallOptions['absence'] = (name) => (name === 'id' ? new FieldError(sentence`is missing: msg.id has no value`) : undefined)
    const said = async (params: object, options: Partial<CallOptions> = {}): Promise<string> => (await failureOf(read(call(things, options), params))).message
    assert.equal(await said({}), 'Example, Things: "Thing" is required: Give its id')
    assert.equal(await said({}, { absence }), 'Example, Things: "Thing" is missing: msg.id has no value')
    assert.equal(await said({}, { absence: () => undefined }), 'Example, Things: "Thing" is required: Give its id')
    assert.match(await said({ id: {} }, { absence }), /^Example, Things: "Thing" must /, 'a value that is there is wrong by itself')
    await account.close()
  })

  const brief = sentence`not that one`
  for (const [what, thrown, code, message, summary] of [
    ['a request that cannot be made', new RequestError(sentence`the path is empty`), 'INVALID', 'Example, Things: the path is empty', 'request cannot be built'],
    ['an input with a brief reason', new FieldError(sentence`is not what it should be`, brief), 'INVALID', 'Example, Things: is not what it should be', 'not that one'],
    ['an input with a long reason', new FieldError(sentence`is not what it should be, which takes more words than a status has room for`), 'INVALID', /^Example, Things: is not what/, 'check the inputs of the node'],
    ['a store that is full', new StoreError('FULL', sentence`the disk is full`), 'OUTBOX_FULL', 'Example, Things: the disk is full', 'store cannot be used'],
    ['a position that cannot be read', new CursorError(sentence`the position is damaged`), 'CONFIG', 'Example, Things: the position is damaged', 'reading position cannot be read'],
    ['an answer of another shape', new WireError(sentence`"rows" is missing`), 'PROTOCOL', /^Example, Things: unexpected response format: "rows" is missing; try again, and report it/, undefined],
    ['what is no error at all', 'odd', 'PROTOCOL', /^Example, Things: unexpected response format: it cannot be read; try again/, undefined],
  ] as const)
    it(`has a code and a short form for ${what}`, async () => {
      const { account, call } = accountRigOf()
      const error = call(things).explained(thrown)
      assert.equal(error.code, code)
      if (typeof message === 'string') assert.equal(error.message, message)
      else assert.match(error.message, message)
      if (summary !== undefined) assert.equal(String(error.summary), summary)
      assert.equal(error.deviation, thrown instanceof WireError ? thrown.deviation : undefined)
      await account.close()
    })

  it('is that of the deploy when the node was closed, unless it has a code', async () => {
    const { account, call } = accountRigOf(() => unreachable())
    const closed = call(things, { signal: AbortSignal.abort() })
    assert.deepEqual([closed.explained(new Error('aborted')).code, closed.explained(new Error('aborted')).message], ['CLOSED', 'Example, Things: the request was stopped because the flow was deployed or stopped; send it again'])
    assert.equal(closed.explained(new ApiError('QUOTA', sentence`spent`)).code, 'QUOTA')
    await account.close()
  })
})
