import assert from 'node:assert/strict'
import * as http from 'node:http'
import { createConnection } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { authorization, call } from './exchanges/call'
import type { Answer } from './exchanges/call'
import type { Simulator } from '.'
import { pause, until } from '../until'
import { selfSignedPair, startSimulator } from '.'

/** What would keep the process from ending, how many of each; mocha's own timer is always among it. */
function heldResources(): Record<string, number> {
  const held: Record<string, number> = {}
  for (const name of process.getActiveResourcesInfo()) if (/^(TCPServerWrap|TCPSocketWrap|TLSWrap|Timeout)$/.test(name)) held[name] = (held[name] ?? 0) + 1
  return held
}

describe('simulator: faults and sockets', () => {
  let simulator: Simulator
  let headers: Record<string, string>

  beforeEach(async () => {
    simulator = await startSimulator()
    headers = await authorization(simulator, 'sensorist')
  })

  afterEach(() => simulator.close())

  const users = (extra: Record<string, string> = {}): Promise<Answer> => call(`${simulator.urls.sensorist}/users`, { headers: { ...headers, ...extra } })
  const createUser = (): Promise<Answer> => call(`${simulator.urls.sensorist}/users`, {
    method: 'POST', headers, form: { email: 'new@example.com', password: 'x', fname: 'x', lname: 'y' },
  })
  const userCount = (): number => simulator.state.sensorist.users.length

  it('answers with a status, headers and body of the test\'s choice, without reaching the vendor', async () => {
    simulator.faults.next({ status: 503, headers: { 'Retry-After': '7' }, body: { message: 'busy' } })
    const before = userCount()
    const answer = await createUser()
    assert.equal(answer.status, 503)
    assert.equal(answer.headers['retry-after'], '7')
    assert.deepEqual(answer.json(), { message: 'busy' })
    assert.equal(userCount(), before)
    assert.equal((await users()).status, 200)
  })

  it('reaches the vendor first when the fault says so', async () => {
    simulator.faults.next({ status: 500, processed: true })
    const before = userCount()
    assert.equal((await createUser()).status, 500)
    assert.equal(userCount(), before + 1)
  })

  it('resets before or after the vendor has processed the request', async () => {
    const before = userCount()
    simulator.faults.next({ reset: 'before' })
    await assert.rejects(createUser(), { code: 'ECONNRESET' })
    assert.equal(userCount(), before)
    simulator.faults.next({ reset: 'after' })
    await assert.rejects(createUser(), { code: 'ECONNRESET' })
    assert.equal(userCount(), before + 1)
    assert.equal(simulator.requests.at(-1)?.status, 0)
  })

  it('cuts the connection half way, or the text with its true length', async () => {
    const whole = await users()
    simulator.faults.next({ truncate: true })
    await assert.rejects(users(), { code: 'ECONNRESET' })
    simulator.faults.next({ truncate: 'json' })
    const cut = await users()
    assert.equal(cut.status, 200)
    assert.ok(whole.text.startsWith(cut.text.slice(0, 20)))
    assert.throws(() => cut.json(), SyntaxError)
  })

  it('sends an HTML page with 200', async () => {
    simulator.faults.next({ html: true })
    const answer = await users()
    assert.equal(answer.status, 200)
    assert.match(answer.headers['content-type'] ?? '', /^text\/html/)
    assert.match(answer.text, /^<!doctype html>/)
  })

  it('sends any text as 200 JSON', async () => {
    simulator.faults.next({ body: 'not JSON' })
    const answer = await users()
    assert.deepEqual([answer.status, answer.headers['content-type'], answer.text], [200, 'application/json', 'not JSON'])
  })

  it('delays the answer', async () => {
    simulator.faults.next({ delay: 120 })
    const startedAt = performance.now()
    assert.equal((await users()).status, 200)
    assert.ok(performance.now() - startedAt >= 119)
  })

  it('trickles the body byte by byte', async () => {
    simulator.faults.next({ body: '0123456789', trickle: 10 })
    const startedAt = performance.now()
    assert.equal((await users()).text, '0123456789')
    assert.ok(performance.now() - startedAt >= 90)
  })

  it('swaps the type of the container or of the values', async () => {
    simulator.faults.next({ wrongType: true })
    assert.ok(Array.isArray((await users()).json()))
    simulator.faults.next({ wrongType: 'values' })
    const { code } = (await users()).json() as { code: unknown }
    assert.equal(code, '200 units')
  })

  it('hits only what matches, as often as it says, in the order given', async () => {
    simulator.faults.next({ match: { vendor: 'thingsee' }, status: 599 })
    simulator.faults.next({ match: { method: 'post' }, status: 598 })
    simulator.faults.next({ match: { path: '/users', method: 'GET', vendor: 'sensorist' }, times: 2, status: 500 })
    simulator.faults.next({ match: { path: /users$/g }, status: 501 })
    const statuses: number[] = []
    for (let index = 0; index < 4; index += 1) statuses.push((await users()).status)
    assert.deepEqual(statuses, [500, 500, 501, 200])
    assert.equal((await createUser()).status, 598)
  })

  it('goes on with always until it is taken back, and clear takes back all', async () => {
    const stop = simulator.faults.always({ match: { path: '/sensorist/v1/users' }, status: 502 })
    assert.deepEqual([(await users()).status, (await users()).status], [502, 502])
    stop()
    assert.equal((await users()).status, 200)
    simulator.faults.always({ status: 502 })
    simulator.faults.clear()
    assert.equal((await users()).status, 200)
  })

  it('logs what came and what was answered, up to a bound', async () => {
    await call(`${simulator.urls.sensorist}/gateways?with_slaves=1`, { headers })
    await createUser()
    const [read, write] = simulator.requests
    assert.ok(read && write)
    assert.deepEqual([read.vendor, read.method, read.path, read.url, read.query, read.status], [
      'sensorist', 'GET', '/gateways', '/sensorist/v1/gateways?with_slaves=1', { with_slaves: '1' }, 200])
    assert.equal(write.body, 'email=new%40example.com&password=x&fname=x&lname=y')
    const small = await startSimulator({ logSize: 10 })
    for (let index = 0; index < 25; index += 1) await call(`${small.origin}/elsewhere/${index}`)
    await small.close()
    assert.ok(small.requests.length <= 10)
    assert.deepEqual([small.requests.at(-1)?.path, small.requests.at(-1)?.vendor, small.requests.at(-1)?.status], ['/elsewhere/24', null, 404])
  })

  it('compresses Sensorist answers when the client accepts gzip, and only then', async () => {
    const plain = await users()
    assert.equal(plain.headers['content-encoding'], undefined)
    const packed = await users({ 'accept-encoding': 'gzip, deflate' })
    assert.equal(packed.headers['content-encoding'], 'gzip')
    assert.equal((JSON.parse(gunzipSync(packed.bytes).toString()) as { code: number }).code, 200)
  })

  it('serves HTTPS with a certificate for the loopback address', async () => {
    const tls = selfSignedPair()
    const secure = await startSimulator({ tls })
    try {
      assert.match(secure.origin, /^https:\/\/127\.0\.0\.1:\d+$/)
      assert.equal((await call(`${secure.urls.sensorist}/users`, { headers, ca: tls.cert })).status, 200)
      await assert.rejects(call(`${secure.urls.sensorist}/users`, { headers }), /self-signed certificate/)
      secure.faults.next({ reset: 'before' })
      await assert.rejects(call(`${secure.urls.sensorist}/users`, { headers, ca: tls.cert }), { code: 'ECONNRESET' })
    } finally {
      await secure.close()
    }
  })

  it('redirects http to https when chosen, as Senquip documents', async () => {
    simulator.state.senquip.choices.redirectHttp = true
    const answer = await call(`${simulator.urls.senquip}/devices`, { headers: await authorization(simulator, 'senquip') })
    assert.equal(answer.status, 301)
    assert.equal(answer.headers.location, `https://127.0.0.1:${simulator.port}/senquip/v2/devices`)
  })

  it('close ends kept sockets, delayed and trickling answers, and leaves nothing', async () => {
    await simulator.close()
    await pause(100)
    const before = heldResources()
    simulator = await startSimulator()
    const agent = new http.Agent({ keepAlive: true })
    await call(`${simulator.urls.sensorist}/users`, { headers, agent })
    simulator.faults.next({ delay: 60_000 })
    simulator.faults.next({ trickle: 60_000 })
    const hanging = [users(), users()].map((pending) => pending.then(() => 'answered', () => 'ended'))
    while (simulator.requests.length < 3) await new Promise((resolve) => setImmediate(resolve))
    await simulator.close()
    await simulator.close()
    assert.deepEqual(await Promise.all(hanging), ['ended', 'ended'])
    agent.destroy()
    await assert.rejects(users(), { code: 'ECONNREFUSED' })
    // A handle that is closing is given back some turns of the event loop later; what others left may end meanwhile.
    const isMore = ([name, count]: [string, number]): boolean => count > (before[name] ?? 0)
    await until(() => !Object.entries(heldResources()).some(isMore), () => `${JSON.stringify(heldResources())} are held, before it were ${JSON.stringify(before)}`)
  })

  it('survives a client that leaves in the middle of its request', async () => {
    const socket = createConnection(simulator.port, '127.0.0.1')
    await new Promise<void>((resolve) => socket.once('connect', resolve))
    socket.write('POST /sensorist/v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf')
    socket.destroy()
    assert.equal((await users()).status, 200)
  })
})
