import assert from 'node:assert/strict'
import http from 'node:http'
import net from 'node:net'
import helper from 'node-red-node-test-helper'
import type { NodeAPI } from 'node-red'
import { selfSignedPair, startSimulator, type Simulator } from '../simulator'
import { load, unload, type Outcome } from './harness'

helper.init(require.resolve('node-red'))

/** A proxy that tunnels while its status is 200, and notes on whose behalf. */
async function startProxy(): Promise<{ url: string; seen: string[]; status: number; close(): Promise<void> }> {
  const seen: string[] = []
  const sockets = new Set<net.Socket>()
  const server = http.createServer()
  server.on('connect', (request, socket: net.Socket) => {
    seen.push(`CONNECT ${request.headers['proxy-authorization'] ?? 'nobody'}`)
    if (proxy.status !== 200) return void socket.end(`HTTP/1.1 ${proxy.status} Refused\r\n\r\n`)
    const [host, port] = (request.url ?? '').split(':')
    const onward = net.connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n') && onward.pipe(socket).pipe(onward))
    for (const end of [socket, onward]) end.on('error', () => end.destroy())
    sockets.add(socket).add(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
      for (const socket of sockets) socket.destroy()
    })
  const proxy = { url: `http://127.0.0.1:${port}`, seen, status: 200, close }
  return proxy
}

/** The core config nodes, as far as accounts use them. */
const coreNodes = {
  tls: require('@node-red/nodes/core/network/05-tls.js') as (RED: NodeAPI) => void,
  proxy: require('@node-red/nodes/core/network/06-httpproxy.js') as (RED: NodeAPI) => void,
}

describe('the way to the cloud', () => {
  let simulator: Simulator
  let proxy: Awaited<ReturnType<typeof startProxy>>
  const pair = selfSignedPair()
  beforeEach(async () => (proxy = await startProxy()))
  afterEach(async () => {
    await unload()
    await simulator.close()
    await proxy.close()
  })

  async function users(account: Record<string, unknown>, more: object[] = [], extra: Record<string, object> = {}): Promise<Outcome> {
    const flow = await load({
      simulator, vendor: 'sensorist', operation: 'users', account, more, moreCredentials: extra,
      nodes: [coreNodes.tls, coreNodes.proxy],
    })
    return flow.run()
  }
  const codes = ({ out, caught }: Outcome): unknown => [out.length, caught.map(({ error }) => error?.code)]

  it('refuses a certificate that nobody vouches for, and says so', async () => {
    simulator = await startSimulator({ tls: pair })
    const outcome = await users({})
    assert.deepEqual(codes(outcome), [0, ['NETWORK']])
    assert.match(outcome.caught[0]?.error?.message ?? '', /SELF_SIGNED|certificate/i)
    assert.equal(simulator.requests.length, 0)
  })

  it('trusts what the TLS config node trusts', async () => {
    simulator = await startSimulator({ tls: pair })
    const tls = { id: 'trust', type: 'tls-config', name: '', cert: '', key: '', ca: '', verifyservercert: true }
    const outcome = await users({ tls: 'trust' }, [tls], { trust: { cadata: pair.cert } })
    assert.deepEqual(codes(outcome), [1, []])
  })

  it('goes through the proxy config node, with its credentials', async () => {
    simulator = await startSimulator({ tls: pair })
    const node = { id: 'way', type: 'http proxy', name: '', url: proxy.url, noproxy: [] }
    const tls = { id: 'trust', type: 'tls-config', name: '', cert: '', key: '', ca: '', verifyservercert: true }
    assert.deepEqual(codes(await users({ proxy: 'way', tls: 'trust' }, [node, tls], { way: { username: 'me', password: 'p@ss' }, trust: { cadata: pair.cert } })), [1, []])
    assert.deepEqual(proxy.seen, [`CONNECT Basic ${Buffer.from('me:p@ss').toString('base64')}`])
  })

  it('tunnels https through the proxy of the environment', async () => {
    simulator = await startSimulator({ tls: pair })
    process.env.https_proxy = proxy.url
    try {
      const tls = { id: 'trust', type: 'tls-config', name: '', cert: '', key: '', ca: '', verifyservercert: true }
      assert.deepEqual(codes(await users({ tls: 'trust' }, [tls], { trust: { cadata: pair.cert } })), [1, []])
      assert.deepEqual(proxy.seen, ['CONNECT nobody'])
    } finally {
      delete process.env.https_proxy
    }
  })

  it('goes past every proxy with plain http, which only reaches this computer', async () => {
    simulator = await startSimulator()
    process.env.http_proxy = proxy.url
    try {
      const node = { id: 'way', type: 'http proxy', name: '', url: proxy.url, noproxy: [] }
      assert.deepEqual(codes(await users({})), [1, []])
      await unload()
      assert.deepEqual(codes(await users({ proxy: 'way' }, [node])), [1, []])
      assert.deepEqual(proxy.seen, [])
    } finally {
      delete process.env.http_proxy
    }
  })

  it('says that the proxy wants other credentials', async () => {
    simulator = await startSimulator({ tls: pair })
    proxy.status = 407
    const node = { id: 'way', type: 'http proxy', name: '', url: proxy.url, noproxy: [] }
    const outcome = await users({ proxy: 'way' }, [node])
    assert.deepEqual(codes(outcome), [0, ['NETWORK']])
    assert.match(outcome.caught[0]?.error?.message ?? '', /the proxy rejected the user name or password \(407\); enter them again/)
    assert.equal(proxy.seen.length, 1)
  })

  it('goes past the proxy where the config node says so', async () => {
    simulator = await startSimulator()
    const node = { id: 'way', type: 'http proxy', name: '', url: proxy.url, noproxy: ['127.0.0.1'] }
    assert.deepEqual(codes(await users({ proxy: 'way' }, [node])), [1, []])
    assert.deepEqual(proxy.seen, [])
  })

  it('never follows a redirect with the credentials', async () => {
    simulator = await startSimulator()
    simulator.faults.next({ status: 302, headers: { location: `${proxy.url}/users` }, match: { path: '/users' } })
    assert.deepEqual(codes(await users({})), [0, ['PROTOCOL']])
    assert.deepEqual(proxy.seen, [])
  })
})
