import assert from 'node:assert/strict'
import { basic, call } from './exchanges/call'
import type { Answer } from './exchanges/call'
import type { Simulator, SimulatorOptions } from '.'
import { startSimulator } from '.'
import { hash } from './signal'

const START = Date.UTC(2026, 8, 13, 17)
const DAY = 86_400_000

describe('simulator: limits and expiry', () => {
  let now = START
  let simulator: Simulator

  async function start(options: SimulatorOptions = {}): Promise<void> {
    now = START
    simulator = await startSimulator({ now: () => now, ...options })
  }

  afterEach(() => simulator.close())

  const senquip = (path: string, method = 'GET', json?: unknown): Promise<Answer> => call(simulator.urls.senquip + path, {
    method, headers: { 'X-API-Key': simulator.credentials.senquip.apiKey }, ...(json === undefined ? {} : { json }),
  })

  it('accepts at most 9 in any sliding second for 9 Hosted devices, and uses the window fully', async () => {
    await start()
    const accepted: number[] = []
    let rejected = 0
    for (let index = 0; index < 300; index += 1) {
      now += hash(`step ${index}`) % 160
      const { status } = await senquip('/devices')
      if (status === 200) accepted.push(now)
      else rejected += 1
    }
    const counts = accepted.map((at) => accepted.filter((other) => other > at - 1000 && other <= at).length)
    assert.equal(Math.max(...counts), 9)
    assert.ok(rejected > 0)
    assert.deepEqual(simulator.peak.senquipPerSecond, { limit: 9, most: simulator.peak.senquipPerSecond.most, mostAccepted: 9, arrivals: 300, rejections: rejected })
    assert.ok(simulator.peak.senquipPerSecond.most > 9)
  })

  it('frees a place one second after it was taken, not a millisecond earlier', async () => {
    await start({ limits: { senquipHostedDevices: 1 } })
    assert.equal((await senquip('/devices')).status, 200)
    now += 999
    const refused = await senquip('/devices')
    assert.equal(refused.status, 429)
    assert.deepEqual(refused.json(), { message: 'Too Many Requests' })
    assert.equal(refused.headers['retry-after'], undefined)
    now += 1
    assert.equal((await senquip('/devices')).status, 200)
  })

  it('sends Retry-After only where a test chooses so', async () => {
    await start({ limits: { senquipHostedDevices: 1 }, senquip: { retryAfter: true } })
    await senquip('/devices')
    assert.equal((await senquip('/devices')).headers['retry-after'], '1')
  })

  it('counts the UTC day and begins again at midnight', async () => {
    await start({ limits: { senquipHostedDevices: 1, senquipPerDay: 3 } })
    const statuses: number[] = []
    for (let index = 0; index < 4; index += 1) {
      statuses.push((await senquip('/devices')).status)
      now += 1000
    }
    assert.deepEqual(statuses, [200, 200, 200, 429])
    now = Date.UTC(2026, 8, 13, 23, 59, 59, 999)
    assert.equal((await senquip('/devices')).status, 429)
    now += 1
    assert.equal((await senquip('/devices')).status, 200)
  })

  it('gives each non-Hosted device 50 a calendar month and names what is left', async () => {
    await start({ limits: { senquipPerSecond: false } })
    const update = (device: string): Promise<Answer> => senquip(`/devices/${device}/config`, 'POST', { config: {} })
    const left: unknown[] = []
    for (let index = 0; index < 50; index += 1) left.push((await update('SIMPLAIN1')).json())
    assert.deepEqual(left[0], { message: 'Accepted', apiRequestsRemaining: 49 })
    assert.deepEqual(left[49], { message: 'Accepted', apiRequestsRemaining: 0 })
    const refused = await update('SIMPLAIN1')
    assert.equal(refused.status, 429)
    assert.deepEqual(refused.json(), { message: 'Too Many Requests', apiRequestsRemaining: 0 })
    assert.equal((await update('SIMPLAIN2')).status, 202)
    assert.deepEqual((await update('JDA54E19F')).json(), { message: 'Accepted' })
    now = Date.UTC(2026, 9, 1)
    assert.equal((await update('SIMPLAIN1')).status, 202)
  })

  it('recounts the Hosted devices every 12 hours', async () => {
    await start()
    for (const device of simulator.state.senquip.devices.values()) device.plan = 'none'
    await senquip('/devices')
    assert.equal(simulator.peak.senquipPerSecond.limit, 9)
    now += DAY / 2
    await senquip('/devices')
    assert.equal(simulator.peak.senquipPerSecond.limit, 1)
  })

  it('keeps a verdict on a Senquip key for 60 seconds', async () => {
    await start()
    assert.equal((await senquip('/devices')).status, 200)
    simulator.state.senquip.apiKeys.clear()
    now += 59_999
    assert.equal((await senquip('/devices')).status, 200)
    now += 1
    assert.equal((await senquip('/devices')).status, 403)
  })

  it('allows 1000 a minute for each SensoCAN device and counts down', async () => {
    await start({ limits: { sensocanPerMinute: 2 } })
    const { deviceUuid, accessToken } = simulator.credentials.sensocan
    const post = (uuid: string, token: string): Promise<Answer> => call(`${simulator.urls.sensocan}/devices/${uuid}/readings`, {
      method: 'POST', headers: { authorization: `Bearer ${token}` }, json: { data: [{ sensor_slug: 'temp_01', value: 1 }] },
    })
    const first = await post(deviceUuid, accessToken)
    const second = await post(deviceUuid, accessToken)
    const third = await post(deviceUuid, accessToken)
    assert.deepEqual([first, second, third].map(({ status }) => status), [201, 201, 429])
    assert.deepEqual([first, second, third].map(({ headers }) => headers['x-ratelimit-remaining']), ['1', '0', '0'])
    assert.equal((await post('b2c3d4e5-f607-8901-bcde-f12345678901', 'simulated-second-device-token')).status, 201)
    assert.equal(simulator.state.sensocan.readings.length, 3)
    now += 60_000
    assert.equal((await post(deviceUuid, accessToken)).status, 201)
  })

  it('lets Thingsee tokens live 15 minutes, several at once', async () => {
    await start()
    const { clientId, clientSecret } = simulator.credentials.thingsee
    const token = async (): Promise<string> => {
      const answer = await call(`${simulator.urls.thingsee}auth/client-token`, { method: 'POST', json: { client_id: clientId, client_secret: clientSecret } })
      return (answer.json() as { data: { token: string } }).data.token
    }
    const read = async (bearer: string): Promise<number> => (await call(`${simulator.urls.thingsee}groups/`, { headers: { authorization: `Bearer ${bearer}` } })).status
    const first = await token()
    now += 600_000
    const second = await token()
    assert.notEqual(first, second)
    assert.deepEqual([await read(first), await read(second)], [200, 200])
    now += 300_000
    assert.deepEqual([await read(first), await read(second)], [401, 200])
  })

  it('takes a v1 token bare or as Bearer until it ends, or in one form only if chosen', async () => {
    await start({ tokenLifetime: 60 })
    const { clientId, clientSecret } = simulator.credentials.senquipV1
    const answer = await call(simulator.urls.senquipV1.token, { method: 'POST', form: { grant_type: 'client_credentials' }, headers: basic(clientId, clientSecret) })
    const { access_token: token, expires_in: lifetime } = answer.json() as { access_token: string; expires_in: number }
    assert.equal(lifetime, 60)
    const read = async (authorization: string): Promise<number> => (
      (await call(`${simulator.urls.senquipV1.endpoint}/get-device-summary`, { headers: { authorization } })).status)
    assert.deepEqual([await read(token), await read(`Bearer ${token}`), await read('Bearer other')], [200, 200, 401])
    simulator.state.senquipV1.choices.authorization = 'raw'
    assert.deepEqual([await read(token), await read(`Bearer ${token}`)], [200, 401])
    simulator.state.senquipV1.choices.authorization = 'bearer'
    assert.deepEqual([await read(token), await read(`Bearer ${token}`)], [401, 200])
    now += 60_000
    assert.equal(await read(`Bearer ${token}`), 401)
  })

  it('measures vendors without a documented limit, and enforces one when a test sets it', async () => {
    await start()
    const read = async (): Promise<number> => {
      const { email, password } = simulator.credentials.sensorist
      return (await call(`${simulator.urls.sensorist}/users`, { headers: basic(email, password) })).status
    }
    await Promise.all(Array.from({ length: 20 }, read))
    assert.deepEqual(simulator.peak.sensoristPerSecond, { limit: null, most: 20, mostAccepted: 20, arrivals: 20, rejections: 0 })
    simulator.limits.sensoristPerSecond = 20
    assert.equal(await read(), 429)
    assert.equal(simulator.peak.sensoristPerSecond.rejections, 1)
  })
})
