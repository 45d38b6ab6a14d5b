/** The admin routes where Node-RED asks who one is, and has its editor at another place. */
import assert from 'node:assert/strict'
import { startSimulator, type Simulator } from '../simulator'
import { accountsOn } from '../nodes/harness'
import { whyNoBrowser } from './chromium'
import { Editor } from './editor'
import { startInstalled, type InstalledNodeRed } from './installed'
import { closePages, sharedBrowser } from './shared-browser'

const bcrypt = require('bcryptjs') as { hashSync(password: string, rounds: number): string }

const ROOT = '/editor'
const USERS = { writer: '*', reader: 'read' } as const
type User = keyof typeof USERS
const passwordOf = (user: User): string => `password of ${user}`

describe('admin routes behind adminAuth', function () {
  this.timeout(240_000)
  let simulator: Simulator
  let nodeRed: InstalledNodeRed
  const tokens: Partial<Record<User, string>> = {}

  before(async function () {
    simulator = await startSimulator()
    const users = (Object.keys(USERS) as User[]).map((username) => ({ username, password: bcrypt.hashSync(passwordOf(username), 4), permissions: USERS[username] }))
    nodeRed = await startInstalled({ httpAdminRoot: ROOT, adminAuth: { type: 'credentials', users }, sensorClouds: { metrics: true } })
    for (const user of Object.keys(USERS) as User[]) tokens[user] = await signIn(user)
  })
  after(async () => {
    await closePages()
    await nodeRed.remove()
    await simulator.close()
  })

  const request = (path: string, options: RequestInit = {}, user?: User): Promise<Response> =>
    fetch(`${nodeRed.origin}${path}`, {
      ...options,
      headers: { 'Content-Type': 'application/json', Connection: 'close', ...(user ? { Authorization: `Bearer ${tokens[user]}` } : {}) },
      signal: AbortSignal.timeout(60_000),
    })

  async function signIn(username: User): Promise<string> {
    const body = JSON.stringify({ client_id: 'node-red-admin', grant_type: 'password', scope: USERS[username], username, password: passwordOf(username) })
    const response = await request(`${ROOT}/auth/token`, { method: 'POST', body })
    assert.equal(response.status, 200)
    return ((await response.json()) as { access_token: string }).access_token
  }

  for (const path of ['test', 'options'])
    it(`POST ${path} is for those who may deploy`, async () => {
      const { settings, credentials } = accountsOn(simulator).sensorist
      const body = JSON.stringify({ account: { id: 'new', type: 'sensorist-account', settings, credentials }, pick: 'gateways' })
      const post = (user?: User): Promise<Response> => request(`${ROOT}/sensor-clouds/${path}`, { method: 'POST', body }, user)
      assert.equal((await post()).status, 401)
      assert.equal((await post('reader')).status, 401)
      assert.equal(simulator.requests.length, 0)
      assert.equal((await post('writer')).status, 200)
      assert.equal(simulator.requests.length, 1)
      simulator.requests.length = 0
    })

  it('GET diagnostics is for those who may read the flows', async () => {
    const get = (user?: User): Promise<Response> => request(`${ROOT}/sensor-clouds/diagnostics/none`, {}, user)
    assert.equal((await get()).status, 401)
    assert.equal((await get('reader')).status, 204)
  })

  it('metrics are served beside the flows, and not in the editor', async () => {
    const response = await request('/sensor-clouds/metrics')
    assert.equal(response.status, 200)
    const type = response.headers.get('content-type') ?? ''
    assert.ok(type.startsWith('text/plain;') && type.includes('version=0.0.4'), type)
    assert.equal((await request(`${ROOT}/sensor-clouds/metrics`)).status, 404)
  })

  it('the dialog sends who is signed in, to where the editor is', async function () {
    if (whyNoBrowser() !== undefined) this.skip()
    const browser = await sharedBrowser()
    const editor = await Editor.open(browser, `${nodeRed.origin}${ROOT}/`, { user: { name: 'writer', password: passwordOf('writer') } })
    const { page } = editor
    await editor.importFlow([{ id: 'tab', type: 'tab', label: 'Guarded' }, { id: 'n', z: 'tab', type: 'sensor-cloud-get-data', name: 'read', vendor: 'senquip', x: 200, y: 100, wires: [[]] }])
    await editor.showTab('Guarded')
    await editor.openNode('read')
    await page.locator('#node-input-btn-accountSenquip-add').click()
    await page.locator('#node-config-dialog-ok').waitFor()
    await page.locator('#node-config-input-baseUrl').fill(simulator.urls.senquip)
    await page.locator('#node-config-input-apiKey').fill(simulator.credentials.senquip.apiKey)
    await page.getByRole('button', { name: 'Test connection' }).click()
    await page.getByText(/Connected – devices: 15/).waitFor()
    // Before one signs in, the editor asks for its settings in vain.
    assert.deepEqual(editor.errors.filter((error) => !/401 .*\/settings/.test(error)), [])
  })
})
