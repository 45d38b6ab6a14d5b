import assert from 'node:assert/strict'
import { Account } from '../../src/lib/client/account'
import { ApiError } from '../../src/lib/base/api-error'
import { ClientPool } from '../../src/lib/client/pool'
import { vendors } from '../../src/lib/vendors'
import { LazyAccount } from '../../src/nodes/accounts/account-node'
import { SimpleStore } from '../lib/store/simple-store'

describe('the account of a node', () => {
  const { sensocan } = vendors
  const settings = { baseUrl: 'https://cloud.example/', deviceUuid: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890' }
  const make = (store: SimpleStore, opened: Account[], warned: string[]): LazyAccount => new LazyAccount({
    open: (found) => {
      const account = new Account({ vendor: sensocan, settings, credentials: { accessToken: 'secret' }, store: found }, new ClientPool())
      opened.push(account)
      return account
    },
    lease: store.lease(),
    named: false,
    warn: (said) => warned.push(String(said)),
  })

  it('is opened by nobody who comes after its end', async () => {
    const store = new SimpleStore()
    const opened: Account[] = []
    const warned: string[] = []
    const kept = make(store, opened, warned)
    await kept.close()
    await assert.rejects(kept.account(), (error) => error instanceof ApiError && error.code === 'CLOSED')
    assert.deepEqual([opened.length, store.leases, warned], [0, 0, []])
  })

  it('is closed when it is still being opened at its end', async () => {
    const store = new SimpleStore()
    const opened: Account[] = []
    const kept = make(store, opened, [])
    const opening = kept.account()
    await kept.close()
    await opening
    assert.deepEqual([opened.length, store.leases], [1, 0])
    assert.equal(await kept.account(), opened[0], 'those that are late get the closed one')
  })
})
