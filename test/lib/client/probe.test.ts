/** The connection test of an account, and the check of its credentials at deploy. */
import assert from 'node:assert/strict'
import { sentence } from '../../../src/lib/base/sentence'
import { checkCredentials, probeAccount } from '../../../src/lib/client/probe'
import type { HttpAnswer, TransportError } from '../../../src/lib/http/transport'
import { operation } from '../../../src/lib/vocabulary/operation'
import { probe, type Auth, type Vendor } from '../../../src/lib/vocabulary/vendor'
import { accountRigOf, type AccountRig } from './account-rig'
import { answer, unreachable } from './rig'

const { signal } = new AbortController()
const options = { signal, title: sentence`connection test` }
const decode = (body: unknown): unknown => body
const list = operation({ verb: 'get-data', title: 'List', route: 'GET /things', fields: {}, decode })
const empty = operation({ verb: 'send-reading', title: 'No reading', route: 'POST /readings', fields: {}, decode })
const reads = probe({ operation: list, params: {}, says: (data) => sentence`user ${(data as { name: string }).name}` })
const writes = probe({ operation: empty, params: {}, says: () => sentence`stored`, refusal: { status: 422, says: sentence`accepted` } })
const auth: Auth = { kind: 'token', request: () => ({ url: 'https://cloud.example/v1/token', headers: {}, body: '' }), decode: (body) => ({ value: String(body), lifetime: 900 }), header: (token) => token }

describe('the connection test of an account', () => {
  let rig: AccountRig
  afterEach(() => rig.account.close())
  const start = (said: HttpAnswer | TransportError, vendor: Partial<Vendor> = {}, routes = {}): void => void (rig = accountRigOf(() => said, { vendor: { probe: reads, ...vendor }, config: { routes } }))
  const test = async (): Promise<string> => String(await probeAccount(rig.account, options))

  it('says who or what answered, without secrets, and asks once', async () => {
    start(answer(200, { name: 'the-token' }))
    assert.equal(await test(), 'user •••')
    assert.deepEqual(rig.paths(), ['things'])
  })

  it('fails with the first failure, because somebody waits', async () => {
    start(answer(500))
    await assert.rejects(test(), { code: 'VENDOR', message: /^Example, connection test: / })
    assert.equal(rig.sent.length, 1)
  })

  it('takes the refusal that shows that the account was accepted', async () => {
    start(answer(422), { probe: writes })
    assert.equal(await test(), 'accepted')
  })

  for (const [what, said] of [['another refusal', answer(401)], ['no answer', unreachable()]] as const)
    it(`does not take ${what}`, async () => {
      start(said, { probe: writes })
      await assert.rejects(test(), /^Example, connection test: /)
    })

  it('does not take the refusal of a vendor that has no such one', async () => {
    start(answer(422))
    await assert.rejects(test(), { statusCode: 422 })
  })

  it('sends nothing but reads where the probe is one, whatever its route was corrected to', async () => {
    list.file = 'list'
    start(answer(200), {}, { list: 'DELETE /things' })
    await assert.rejects(test(), { code: 'CONFIG', message: /only GET requests are sent for tests and lists/ })
    assert.deepEqual(rig.sent, [])
    delete list.file
  })

  it('needs a request that the vendor has for it', async () => {
    rig = accountRigOf()
    await assert.rejects(test(), { code: 'CONFIG', message: 'Example has no request that can test the connection' })
    await checkCredentials(rig.account, options)
    assert.deepEqual(rig.sent, [])
  })

  it('is made to check the credentials, unless a token shows that they are right', async () => {
    start(answer(401))
    await assert.rejects(checkCredentials(rig.account, options), { code: 'AUTH' })
    assert.deepEqual(rig.paths(), ['things'])
    await rig.account.close()
    start(answer(200, 'a-token'), { auth })
    await checkCredentials(rig.account, options)
    await checkCredentials(rig.account, options)
    assert.deepEqual(rig.paths(), ['token'])
    await rig.account.close()
    start(answer(401), { auth })
    await assert.rejects(checkCredentials(rig.account, options), { code: 'AUTH', message: /^Example, connection test: / })
  })
})
