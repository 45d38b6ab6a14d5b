import assert from 'node:assert/strict'
import http from 'node:http'
import net, { type AddressInfo, type Socket } from 'node:net'
import zlib from 'node:zlib'
import { LightAbortSignal } from '../../../src/lib/base/abort-signal'
import { Transport, TransportError, type TransportOptions } from '../../../src/lib/http/transport'
import { until } from '../../until'

type Serve = (request: http.IncomingMessage, response: http.ServerResponse, body: Buffer) => void

/** A server of one test, with a transport to it. */
async function setUp(serve: Serve, options: TransportOptions & { host?: string } = {}): Promise<{
  origin: string
  transport: Transport
  sockets: Set<Socket>
  connections(): number
  end(): Promise<void>
}> {
  const { host = '127.0.0.1' } = options
  const sockets = new Set<Socket>()
  let connections = 0
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => serve(request, response, Buffer.concat(chunks)))
  })
  server.keepAliveTimeout = 60_000
  server.on('connection', (socket) => {
    connections += 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve))
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`
  const transport = new Transport(new URL(origin), options)
  return {
    origin, transport, sockets, connections: () => connections,
    end: async () => {
      transport.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const get = (url: string): { method: 'GET'; url: string } => ({ method: 'GET', url })
const reasonOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(() => 'answered', (error: unknown) => (error instanceof TransportError ? error.reason : String(error)))

describe('requests over HTTP', () => {
  const open: (() => Promise<void>)[] = []
  const start = async (...given: Parameters<typeof setUp>): ReturnType<typeof setUp> => {
    const running = await setUp(...given)
    open.push(running.end)
    return running
  }
  afterEach(async () => {
    for (const end of open.splice(0)) await end()
  })

  it('use no connection again that was idle while the machine slept, or while its clock was set', async () => {
    let now = 1_000_000
    const { origin, transport, sockets, connections } = await start((_request, response) => response.end('{}'), { now: () => now })
    const send = (): Promise<unknown> => transport.send({ method: 'POST', url: `${origin}/`, body: '{}' }, {}, 5000, new LightAbortSignal())
    await send()
    now += 14_000
    await send()
    assert.equal(connections(), 1, 'a short while is no reason')
    now += 16_000
    await send()
    assert.equal(connections(), 2)
    await until(() => sockets.size === 1, 'the old one is closed')
    now -= 3_600_000
    await send()
    await send()
    assert.equal(connections(), 3)
    await Promise.all([send(), send(), send()])
    now += 8 * 3_600_000
    await Promise.all([send(), send(), send()])
    assert.equal(connections(), 8)
    await until(() => sockets.size === 3)
  })

  it('say what they want, and carry a body with its length', async () => {
    let seen: { method: string | undefined; url: string | undefined; headers: http.IncomingHttpHeaders; body: string } | undefined
    const { origin, transport } = await start(({ method, url, headers }, response, body) => {
      seen = { method, url, headers, body: body.toString() }
      response.end('{}')
    })
    await transport.send({ method: 'PUT', url: `${origin}/a/b%20c?d=1`, body: '{"é":1}', contentType: 'application/json' }, { 'X-API-Key': 'k' }, 5000, new LightAbortSignal())
    assert.ok(seen)
    const { headers, ...rest } = seen
    assert.deepEqual(rest, { method: 'PUT', url: '/a/b%20c?d=1', body: '{"é":1}' })
    assert.equal(headers['content-length'], '8')
    assert.equal(headers['content-type'], 'application/json')
    assert.equal(headers['x-api-key'], 'k')
    assert.equal(headers.accept, 'application/json')
    assert.equal(headers['accept-encoding'], 'gzip, br')
    await transport.send(get(`${origin}/`), {}, 5000, new LightAbortSignal())
    assert.equal(seen.headers['content-type'], undefined)
    await transport.send({ method: 'POST', url: `${origin}/`, body: Buffer.from([0, 255]) }, {}, 5000, new LightAbortSignal())
    assert.equal(seen.headers['content-length'], '2')
  })

  it('tell where a body ends, whatever the method, so that the next request on the connection is understood', async () => {
    const bodies: string[] = []
    const { origin, transport, connections } = await start(({ method }, response, body) => {
      bodies.push(`${method} ${body.toString()}`)
      response.end('{}')
    })
    for (const method of ['DELETE', 'GET'] as const)
      await transport.send({ method, url: `${origin}/`, ...(method === 'DELETE' ? { body: '{"id":1}' } : {}) }, {}, 5000, new LightAbortSignal())
    assert.deepEqual(bodies, ['DELETE {"id":1}', 'GET '])
    assert.equal(connections(), 1)
  })

  it('go to the host of their address, also when it has no path, or is not encoded yet', async () => {
    const paths: (string | undefined)[] = []
    const { origin, transport } = await start(({ url }, response) => {
      paths.push(url)
      response.end('{}')
    })
    for (const rest of ['', '?a=/b', '/t ü?c=ö', '/x#y'])
      await transport.send({ method: 'POST', url: `${origin}${rest}`, body: 'secret' }, {}, 5000, new LightAbortSignal())
    assert.deepEqual(paths, ['/', '/?a=/b', '/t%20%C3%BC?c=%C3%B6', '/x'])
  })

  it('are told apart from their answers: sent first, then answered', async () => {
    let sentAt = 0
    const { origin, transport } = await start((_request, response) => {
      void until(() => sentAt > 0).then(() => setTimeout(() => response.end('x'), 50))
    })
    const began = performance.now()
    const { roundTrip } = await transport.send(get(`${origin}/`), {}, 5000, new LightAbortSignal(), () => (sentAt = performance.now()))
    assert.ok(roundTrip >= 45 && roundTrip <= performance.now() - began, String(roundTrip))
  })

  it('read what is compressed, in each way that they offer', async () => {
    const text = JSON.stringify({ values: Array.from({ length: 5000 }, (_, index) => index) })
    const ways: Record<string, Buffer> = { gzip: zlib.gzipSync(text), 'x-gzip': zlib.gzipSync(text), deflate: zlib.deflateSync(text), br: zlib.brotliCompressSync(text), ' GZIP ': zlib.gzipSync(text), identity: Buffer.from(text) }
    const { origin, transport } = await start(({ url }, response) => {
      const way = decodeURIComponent(url?.slice(1) ?? '')
      response.setHeader('content-encoding', way).end(ways[way])
    })
    for (const way of Object.keys(ways)) assert.equal((await transport.send(get(`${origin}/${encodeURIComponent(way)}`), {}, 5000, new LightAbortSignal())).text, text, way)
  })

  it('leave a byte order mark out, and take an answer without a body', async () => {
    const { origin, transport } = await start(({ url }, response) => {
      if (url === '/mark') response.end('\ufeff{}')
      else response.writeHead(204, { 'content-encoding': 'gzip' }).end()
    })
    assert.equal((await transport.send(get(`${origin}/mark`), {}, 5000, new LightAbortSignal())).text, '{}')
    const { status, text } = await transport.send(get(`${origin}/empty`), {}, 5000, new LightAbortSignal())
    assert.deepEqual([status, text], [204, ''])
  })

  it('take any status as an answer, and go nowhere else', async () => {
    const asked: string[] = []
    const { origin, transport } = await start(({ url = '' }, response) => {
      asked.push(url)
      response.writeHead(url === '/moved' ? 302 : 500, { location: '/elsewhere', 'set-cookie': ['a=1', 'b=2'] }).end('why')
    })
    const moved = await transport.send(get(`${origin}/moved`), {}, 5000, new LightAbortSignal())
    assert.deepEqual([moved.status, moved.headers.location], [302, '/elsewhere'])
    assert.equal((await transport.send(get(`${origin}/broken`), {}, 5000, new LightAbortSignal())).status, 500)
    assert.deepEqual(asked, ['/moved', '/broken'])
  })

  it('use a connection again', async () => {
    const { origin, transport, connections } = await start((_request, response) => response.end('{}'))
    for (let index = 0; index < 5; index += 1) await transport.send(get(`${origin}/${index}`), {}, 5000, new LightAbortSignal())
    assert.equal(connections(), 1)
  })

  it('leave no connection open that is no longer used, and never cut a slow answer off', async () => {
    const { origin, transport, sockets } = await start((_request, response) => setTimeout(() => response.end('{}'), 300), { idle: 100 })
    assert.equal((await transport.send(get(`${origin}/`), {}, 5000, new LightAbortSignal())).text, '{}')
    await until(() => sockets.size === 0)
  })

  it('refuse what is larger than allowed, also when it is so only unpacked, and hang up', async () => {
    const large = 'x'.repeat(3_000_000)
    const { origin, transport, sockets } = await start(({ url }, response) => {
      if (url === '/packed') response.setHeader('content-encoding', 'gzip').end(zlib.gzipSync(large))
      else response.end(large)
    }, { maxResponse: 1_000_000 })
    assert.equal(await reasonOf(transport.send(get(`${origin}/packed`), {}, 5000, new LightAbortSignal())), 'ERR_TOO_LARGE')
    assert.equal(await reasonOf(transport.send(get(`${origin}/plain`), {}, 5000, new LightAbortSignal())), 'ERR_TOO_LARGE')
    await until(() => sockets.size === 0)
  })

  it('tell an answer that breaks off or is no compressed one', async () => {
    const { origin, transport } = await start(({ url }, response) => {
      if (url === '/short') response.writeHead(200, { 'content-length': '100' }).write('half')
      else if (url === '/packed') response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': '100' }).write(zlib.gzipSync('x'.repeat(1000)).subarray(0, 15))
      else return void response.setHeader('content-encoding', 'gzip').end('this is not gzip')
      setTimeout(() => response.destroy(), 20)
    })
    for (const path of ['/short', '/packed', '/lie']) assert.equal(await reasonOf(transport.send(get(origin + path), {}, 5000, new LightAbortSignal())), 'ERR_BAD_RESPONSE', path)
  })

  it('tell a connection that is closed without an answer, refused, or answered with something else', async () => {
    const { origin, transport } = await start((request) => request.socket.destroy())
    assert.equal(await reasonOf(transport.send(get(`${origin}/`), {}, 5000, new LightAbortSignal())), 'ECONNRESET')
    const nobody = new Transport(new URL('http://127.0.0.1:9/'))
    assert.equal(await reasonOf(nobody.send(get('http://127.0.0.1:9/'), {}, 5000, new LightAbortSignal())), 'ECONNREFUSED')
    nobody.close()
    for (const [said, code] of [['SSH-2.0-OpenSSH\r\n', 'HPE_'], ['HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', 'ECONNRESET']] as const) {
      const server = net.createServer((socket) => socket.on('error', () => undefined).resume().end(said))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const other = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
      const speaker = new Transport(new URL(other))
      assert.ok((await reasonOf(speaker.send(get(other), {}, 5000, new LightAbortSignal()))).startsWith(code), said)
      speaker.close()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('end at once when they are stopped or take too long, before and while the answer comes', async () => {
    const { origin, transport, sockets } = await start(({ url }, response) => {
      if (url === '/slowly') response.writeHead(200).write('some')
    })
    for (const path of ['/never', '/slowly']) {
      assert.equal(await reasonOf(transport.send(get(origin + path), {}, 50, new LightAbortSignal())), 'timeout', path)
      const stop = new LightAbortSignal()
      setTimeout(() => stop.abort(), 50)
      assert.equal(await reasonOf(transport.send(get(origin + path), {}, 5000, stop)), 'aborted', path)
    }
    const stopped = new LightAbortSignal()
    stopped.abort()
    assert.equal(await reasonOf(transport.send(get(`${origin}/never`), {}, 5000, stopped)), 'aborted')
    await until(() => sockets.size === 0)
  })

  it('wait as long as a timer can, where the timeout is longer still', async () => {
    const { origin, transport } = await start((_request, response) => setTimeout(() => response.end('late'), 50))
    const { text } = await transport.send(get(`${origin}/`), {}, 3_000_000_000, new LightAbortSignal())
    assert.equal(text, 'late')
  })

  it('find an address of IPv6', async function () {
    const { origin, transport } = await start((_request, response) => response.end('six'), { host: '::1' }).catch(() => this.skip())
    assert.equal((await transport.send(get(`${origin}/`), {}, 5000, new LightAbortSignal())).text, 'six')
  })
})
