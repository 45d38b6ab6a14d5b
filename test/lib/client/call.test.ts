import assert from 'node:assert/strict'
import { Account } from '../../../src/lib/client/account'
import { Call } from '../../../src/lib/client/call'
import { ApiError } from '../../../src/lib/base/api-error'
import { ClientPool } from '../../../src/lib/client/pool'
import { sequence, text } from '../../../src/lib/vocabulary/operation'
import { vendorWith } from './rig'

describe('a call', () => {
  it('explains whatever its operation trips over', async () => {
    const rows = sequence({
      verb: 'get-data', title: 'Rows', route: 'GET /rows', fields: {}, measurements: false,
      async *run() {
        yield await Promise.resolve({ data: 1 })
        const row = JSON.parse('null') as { id: string }
        yield { data: row.id }
      },
    })
    const vendor = { ...vendorWith(), settings: { baseUrl: text({ in: 'none', label: 'Base URL' }) }, operations: { rows } }
    const account = new Account({ vendor, settings: { baseUrl: 'https://cloud.example/' }, credentials: { token: 'the-token' } }, new ClientPool())
    const pages = new Call(account, 'rows', rows, { signal: new AbortController().signal }).pages({})
    assert.deepEqual((await pages.next()).value, { data: 1 })
    await assert.rejects(pages.next(), (error) => {
      assert.ok(error instanceof ApiError)
      assert.equal(error.code, 'PROTOCOL')
      assert.match(error.message, /^Example, Rows: unexpected response format: Cannot read properties of null .*; try again, and report it as a bug of node-red-contrib-sensor-clouds if it happens again$/)
      return true
    })
    await account.close()
  })
})
