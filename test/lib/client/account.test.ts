/** An account as it is configured: what is checked before it opens, and what it knows while it is open. */
import assert from 'node:assert/strict'
import { ApiError } from '../../../src/lib/base/api-error'
import { sentence } from '../../../src/lib/base/sentence'
import { Account, accountProblem, checkAccount, inspectAccount, missingCredentials, type AccountConfig } from '../../../src/lib/client/account'
import { ClientPool } from '../../../src/lib/client/pool'
import type { AccountEvent } from '../../../src/lib/quota/account-event'
import { vendors } from '../../../src/lib/vendors'
import { text } from '../../../src/lib/vocabulary/operation'
import { FakeClock } from '../fake-clock'
import { answer, BASE, rigOf, vendorWith } from './rig'

const { sensocan, sensorist } = vendors
const command = { request: { method: 'POST', url: `${BASE.href}x` }, priority: 'command' } as const
const settings = { baseUrl: 'https://cloud.example/', deviceUuid: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890' }

const configOf = (more: Partial<AccountConfig> = {}): AccountConfig => ({ vendor: sensocan, settings, credentials: { accessToken: 'secret' }, ...more })
const withUuid = (deviceUuid: unknown): Partial<AccountConfig> => ({ settings: { ...settings, deviceUuid } })
/** A vendor with a second address, and a setting of its own that only looks like one. */
const twoAddresses = { ...vendorWith(), settings: { baseUrl: text({ in: 'none', label: 'Base URL', required: false }), tokenUrl: text({ in: 'none', label: 'Token URL', required: false }), note: text({ in: 'none', label: 'Note', required: false }) } }

describe('an account that is not open', () => {
  for (const [what, more, message, summary] of [
    ['lacks a credential', { credentials: {} }, 'SensoCAN account: Access token is missing; enter it in the account', 'account: Access token is missing'],
    ['has a credential of blanks', { credentials: { accessToken: ' \n' } }, 'SensoCAN account: Access token is missing; enter it in the account', 'account: Access token is missing'],
    ['lacks a setting', withUuid(''), 'SensoCAN account: Device UUID is missing; enter it in the account', 'account: Device UUID is missing'],
    ['has a wrong setting', withUuid('7'), /^SensoCAN account: Device UUID must be .+; correct it in the account$/, /^account: Device UUID (must be|is wrong)/],
    ['would send its secret in clear text', { settings: { ...settings, baseUrl: 'http://cloud.example' } }, 'SensoCAN account: Base URL "http://cloud.example" must start with https://, so that no secret is sent unencrypted; correct it in the account', 'account: Base URL is wrong'],
    ['has an address that is none', { settings: { ...settings, baseUrl: 'here' } }, 'SensoCAN account: Base URL "here" is not a URL; correct it in the account', 'account: Base URL "here" is not a URL'],
    ['has a second address that is none', { vendor: twoAddresses, settings: { baseUrl: BASE.href, tokenUrl: 'here', note: 'here' } }, 'Example account: Token URL "here" is not a URL; correct it in the account', 'account: Token URL "here" is not a URL'],
    ['has no address', { vendor: twoAddresses, settings: { tokenUrl: BASE.href } }, 'Example account: Base URL is missing; enter it in the account', 'account: Base URL is missing'],
    ['has no time for an attempt', { timeout: 0 }, 'SensoCAN account: Timeout must be a number of milliseconds above 0; correct it in the account', /^account: Timeout must be /],
    ['has a time-out that is no number', { timeout: NaN }, /Timeout must be a number/, /^account: Timeout must be /],
    ['has a route without a slash', { routes: { reading: 'POST readings' } }, /^SensoCAN account: the route of ".+" must be a method and a path that begins with \/; correct it in the account$/, /^account: the route of /],
    ['has a route with another method', { routes: { unknown: { method: 'GIVE', path: '/readings' } } }, /the route of "unknown" must be a method/, /^account: the route of /],
  ] as const)
    it(`says in one sentence that it ${what}`, () => {
      const config = configOf(more)
      const { error } = inspectAccount(config)
      assert.ok(error)
      assert.equal(error.code, 'CONFIG')
      for (const [said, expected] of [[error.message, message], [String(error.summary), summary]] as const)
        if (typeof expected === 'string') assert.equal(said, expected)
        else assert.match(said, expected)
      assert.equal(String(accountProblem(config)), String(error.summary))
      for (const open of [() => new Account(config, new ClientPool()), () => checkAccount(config)]) assert.throws(open, { name: 'ApiError', code: 'CONFIG' })
    })

  it('names what its proxy lacks when it is opened', () => {
    assert.throws(() => new Account(configOf({ transport: { proxy: { url: 'proxy' } } }), new ClientPool()), (error) => {
      assert.ok(error instanceof ApiError)
      assert.equal(error.message, 'SensoCAN account: the address of the proxy is not a URL; give one such as http://proxy.example:3128')
      assert.deepEqual([error.code, String(error.summary)], ['CONFIG', 'account: the address of the proxy is wrong'])
      return true
    })
  })

  it('lacks the credentials of its vendor that are empty, as after an import', () => {
    assert.deepEqual(missingCredentials(sensorist, { email: 'me@example.com', password: '' }), ['password'])
    assert.deepEqual(missingCredentials(sensorist, { email: ' ', password: ' ' }), ['email'], 'a password may consist of blanks')
    assert.deepEqual(missingCredentials(sensorist, { email: 'me@example.com', password: 'secret' }), [])
  })

  it('lacks nothing when it is complete', () => {
    checkAccount(configOf())
    assert.equal(accountProblem(configOf()), undefined)
  })

  it('shares a client with accounts of the same credentials, whatever blanks were copied with them', () => {
    const keyOf = (more: Partial<AccountConfig>): unknown => {
      const inspection = inspectAccount(configOf(more))
      return 'clientKey' in inspection ? inspection.clientKey : undefined
    }
    const key = keyOf({})
    assert.match(String(key), /^[0-9a-f]{64}$/)
    assert.equal(keyOf({ credentials: { accessToken: ' secret\n' } }), key)
    assert.notEqual(keyOf({ credentials: { accessToken: 'another' } }), key)
    assert.notEqual(keyOf({ settings: { ...settings, baseUrl: 'https://other.example/' } }), key)
  })
})

describe('an open account', () => {
  const open: Account[] = []
  afterEach(() => Promise.all(open.splice(0).map((account) => account.close())))
  function accountOf(more: Partial<AccountConfig> = {}, pool = new ClientPool()): Account {
    const account = new Account(configOf(more), pool)
    open.push(account)
    return account
  }

  it('has the routes that the user corrected; an empty row means the default', () => {
    const account = accountOf({ routes: { reading: 'PUT /data', batch: { method: 'POST', path: '/files', body: 'multipart' }, other: '', last: { method: 'GET', path: '' } } })
    assert.deepEqual(['reading', 'batch', 'other', 'last'].map((operation) => account.route(operation)), [
      { method: 'PUT', path: '/data' }, { method: 'POST', path: '/files', body: 'multipart' }, undefined, undefined,
    ])
  })

  it('gives an attempt thirty seconds, unless it is told otherwise', () => {
    assert.deepEqual([accountOf().timeout, accountOf({ timeout: 1 }).timeout], [30_000, 1])
  })

  it('names a device as people call it, once it knows', () => {
    const account = accountOf()
    const { names } = account.client
    assert.deepEqual([account.labelOf('A'), account.nameOf('A'), account.nameOf('A', '1')], [null, 'A', '1'])
    const list = { ...vendors.senquip.operations['list-devices'], names: () => [{ device: 'A', name: 'Cellar' }, { device: 'A', sensor: '1', name: 'Rack' }, { device: 'B', name: 'Room B' }] }
    names.learn(list, [])
    assert.deepEqual([account.labelOf('A'), account.nameOf('A'), account.nameOf('A', '1')], ['Cellar', 'Cellar (A)', 'Cellar, Rack (1)'])
    assert.equal(account.nameOf('B'), 'Room B', 'a name that ends in the id is enough')
  })

  it('shows what its client does: its requests, its limits and its health', () => {
    const { budgets: [budget], health, requests, vendor } = accountOf().activity()
    assert.deepEqual([vendor, requests, budget?.name, budget?.limit], ['sensocan', 0, 'per minute', 1000])
    assert.deepEqual(health, { isRejected: false })
    assert.deepEqual(accountOf().diagnostics().journal, [])
  })

  it('keeps the password of its proxy out of all texts', () => {
    const { redactor } = accountOf({ transport: { proxy: { url: 'http://proxy.example:3128', username: 'me', password: 'hunter2!' } } }).client
    assert.equal(redactor.text('password hunter2! refused'), 'password ••• refused')
    assert.equal(redactor.text(Buffer.from('me:hunter2!').toString('base64')), '•••')
    const anonymous = accountOf({ credentials: { accessToken: 'other' }, transport: { proxy: { url: 'http://proxy.example:3128', password: 'hunter2!' } } }).client
    assert.equal(anonymous.redactor.text(Buffer.from(':hunter2!').toString('base64')), '•••')
    assert.equal(accountOf({ transport: { proxy: { url: 'http://proxy.example:3128', username: 'me' } } }).client.redactor.text('me: a text'), 'me: a text')
  })

  it('hears events and requests until it is closed, and then nothing waits for it', async () => {
    const [events, rows]: [AccountEvent[], unknown[]] = [[], []]
    const pool = new ClientPool(new FakeClock())
    const account = accountOf({ notify: (event) => events.push(event), trace: (entry) => rows.push(entry) }, pool)
    const { client, signal } = account
    const event = (): void => client.emit({ level: 'log', text: sentence`secret happened` })
    event()
    assert.deepEqual(events.map(({ text: said }) => String(said)), ['••• happened'])
    await rigOf(() => answer(200), { client }).ask('x', command)
    assert.equal(rows.length, 1)
    assert.equal(signal.aborted, false)
    await account.close()
    const reason: unknown = signal.reason
    assert.ok(reason instanceof ApiError)
    assert.deepEqual([reason.code, reason.message], ['CLOSED', 'the account was closed by a deploy; send the message again'])
    event()
    assert.equal(events.length, 1)
    assert.equal(accountOf({}, pool).client, client, 'the next account goes on with the same client')
  })
})
