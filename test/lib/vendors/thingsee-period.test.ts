/** Reads of a period against a cloud that gives a limited number of rows an answer. */
import assert from 'node:assert/strict'
import { Call } from '../../../src/lib/client/call'
import type { Account } from '../../../src/lib/client/account'
import type { ThingseeChoices } from '../../simulator/thingsee'
import { operationsOf } from '../../../src/lib/vocabulary/vendor'
import { readPeriod } from '../../../src/lib/vendors/thingsee/read-period'
import { Rig } from './writes/rig'

const TUID = 'TSPD04SIM00000001'
const HOUR = 3_600_000

interface Row {
  tsmId: number
  tsmTs: number
}

describe('thingsee: whole periods', () => {
  let rig: Rig
  let account: Account
  let choices: ThingseeChoices
  let usual: ThingseeChoices

  before(async () => {
    rig = await Rig.start('thingsee', { interval: 300, limits: { thingseePerSecond: false } })
    choices = rig.simulator.state.thingsee.choices
    usual = { ...choices }
  })
  beforeEach(() => {
    Object.assign(choices, usual)
    account = rig.account({})
  })
  after(() => rig.stop())

  /** All rows, and the queries of the requests. */
  async function read(id: string, params: Record<string, unknown>): Promise<{ rows: Row[]; pages: number; queries: Record<string, string>[] }> {
    const before = rig.simulator.requests.length
    const operation = operationsOf(account.vendor, 'get-data')[id]
    assert.ok(operation)
    const rows: Row[] = []
    let pages = 0
    for await (const { data } of new Call(account, id, operation, { signal: new AbortController().signal }).pages({ tuid: TUID, ...params })) {
      for (const row of data as Row[]) rows.push(row)
      pages += 1
    }
    const queries = rig.simulator.requests.slice(before).filter(({ method, path }) => method === 'GET' && path.endsWith(id)).map(({ query }) => query)
    return { rows, pages, queries }
  }

  const distinct = (rows: readonly Row[]): number => new Set(rows.map((row) => JSON.stringify(row))).size
  const from = Date.now() - 24 * HOUR
  const to = Date.now() - HOUR

  it('reads all messages of a period, page by page, and no more without one', async () => {
    const { rows: all } = await read('messages', { from, to, limit: 10_000 })
    assert.ok(all.length > 300, `${all.length} messages`)
    const { rows, pages, queries } = await read('messages', { from, to })
    assert.deepEqual([rows.length, distinct(rows)], [all.length, all.length])
    assert.ok(pages > 3 && queries.every(({ limit }) => limit === '100'), `${pages} pages`)
    assert.deepEqual(new Set(rows.map(({ tsmTs }) => tsmTs)), new Set(all.map(({ tsmTs }) => tsmTs)))
    const newest = await read('messages', {})
    assert.deepEqual([newest.rows.length, newest.queries.length, newest.queries[0]?.limit], [100, 1, '100'])
  })

  it('reads all of the period when it reads only what is new for the first time, and then only what is new', async () => {
    const operation = operationsOf(account.vendor, 'get-data').messages
    assert.ok(operation)
    const { rows: all } = await read('messages', { from, to, limit: 10_000 })
    const readNew = async (cursor: unknown): Promise<{ count: number; cursor: unknown }> => {
      let count = 0
      let next = cursor
      for await (const page of new Call(account, 'messages', operation, { signal: new AbortController().signal }).since({ tuid: TUID, from, to }, cursor)) {
        count += page.fresh
        next = page.cursor
      }
      return { count, cursor: next }
    }
    const first = await readNew(undefined)
    assert.equal(first.count, all.length)
    assert.equal((await readNew(first.cursor)).count, 0)
  })

  it('gives no more than the limit that the user gives, though a period holds more', async () => {
    const { rows, queries } = await read('messages', { from, to, limit: 5 })
    assert.deepEqual([rows.length, queries.map(({ limit }) => limit)], [5, ['5']])
  })

  it('reads all whichever end of a period the cloud leaves out, and however few it gives', async () => {
    const { rows: all } = await read('messages', { from, to, limit: 10_000 })
    const others: Partial<ThingseeChoices>[] = [
      { leavesOut: 'newest' }, { order: 'oldest-first' }, { leavesOut: 'newest', order: 'oldest-first' }, { messagesMaximum: 100 },
    ]
    for (const other of others) {
      Object.assign(choices, usual, other)
      for (const params of [{}, { limit: 5000 }]) {
        account = rig.account({})
        const { rows } = await read('messages', { from, to, ...params })
        assert.deepEqual([rows.length, distinct(rows)], [all.length, all.length], JSON.stringify({ ...other, ...params }))
      }
    }
  })

  it('goes past a second that holds more than a page, and says so where it cannot', async () => {
    const rows = (count: number): { id: number; at: number }[] => [...Array(count).keys()].map((id) => ({ id, at: Math.floor((count - id) / 300) * 1000 }))
    const reading = (all: readonly { id: number; at: number }[]) => readPeriod<{ id: number; at: number }>({
      limit: Infinity,
      pageSize: 100,
      timeOf: ({ at }) => at,
      send: ({ from: begin = 0, to: end = Infinity, limit = 100 }) => Promise.resolve(all.filter(({ at }) => at >= begin && at <= end).slice(0, limit)),
    })
    const found: number[] = []
    for await (const page of reading(rows(1000))) for (const { id } of page) found.push(id)
    assert.deepEqual(found, [...Array(1000).keys()])
    const crowded = [...Array(20_000).keys()].map((id) => ({ id, at: 0 }))
    await assert.rejects(async () => { for await (const page of reading(crowded)) assert.ok(page) }, /more than 10000 items with the same second/)
  })

  it('keeps what a cloud sends twice in one answer, and takes rows without a time', async () => {
    const all = [{ id: 1, at: undefined }, { id: 2, at: 5 }, { id: 2, at: 5 }]
    const pages: unknown[] = []
    for await (const page of readPeriod({ limit: Infinity, pageSize: 3, timeOf: ({ at }) => at, send: () => Promise.resolve(all) })) pages.push(page)
    assert.deepEqual(pages, [all])
  })

  it('reads all commands of a period, the oldest first', async () => {
    const { things } = rig.simulator.state.thingsee
    const second = Math.floor(Date.now() / 1000)
    const commands = [...Array(250).keys()].map((index) => ({
      tuid: TUID, timestamp: second - 250 + index, responsible: 'x', command: { tsmId: 1500, tsmEv: 30, transactionId: index },
    }))
    things.get(TUID)?.commands.push(...commands)
    choices.commandsMaximum = 100
    for (const params of [{ from }, {}, { limit: 0 }, { from, limit: 500 }]) {
      account = rig.account({})
      assert.deepEqual((await read('commands', params)).rows, commands, JSON.stringify(params))
    }
    account = rig.account({})
    assert.deepEqual((await read('commands', { from, limit: 20 })).rows, commands.slice(-20))
  })
})
