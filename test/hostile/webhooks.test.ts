/** Whoever finds the address of an event node may post what he likes: events come out, or the post is refused. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { pause } from '../until'
import { HostileServer } from './hostile-server'
import { account, accountProperty, observed, TAB } from './targets'
import { Victim, type VictimProcess } from './victim-process'

const PATH = '/hooks/abcdefghijklmnop0123456789'
const JSON_TYPE = 'application/json'
const FORM = 'application/x-www-form-urlencoded'
const N = 100_000

interface Post {
  name: string
  why: string
  type?: string
  body(): string | Buffer
  headers?: Readonly<Record<string, string>>
  method?: string
  path?: string
}

const boundary = 'x'.repeat(70)
const nested = (open: string, close: string): string => `${open.repeat(N)}1${close.repeat(N)}`
const names = (count: number, name: (index: number) => string): string => Array.from({ length: count }, (_, index) => name(index)).join('&')

const POSTS: readonly Post[] = [
  { name: 'form of 100,000 names', why: 'each is looked up among all', type: FORM, body: () => names(N, (index) => `a${index}`).slice(0, 250_000).replace(/^a0/, 'a0=') },
  { name: 'form of 30,000 names with values', why: 'each is looked up among all', type: FORM, body: () => names(30_000, (index) => `${index.toString(36)}=`) },
  { name: 'form of one name 60,000 times', why: 'its values become a list', type: FORM, body: () => names(60_000, () => 'a=1') },
  { name: 'form of names of prototypes', why: 'a copy may change what all objects inherit', type: FORM, body: () => '__proto__[polluted]=1&__proto__=1&constructor[prototype][polluted]=1&constructor=1' },
  { name: 'form of 250,000 percent signs', why: 'they encode nothing', type: FORM, body: () => `a=${'%'.repeat(250_000)}` },
  { name: 'JSON of 1 MB', why: 'more than an event has', body: () => JSON.stringify({ data: 'x'.repeat(1_000_000) }) },
  { name: 'JSON of 100 MB', why: 'memory would run out', body: () => Buffer.alloc(100_000_000, 120) },
  { name: 'JSON of depth 100,000', why: 'a function that calls itself for each level ends the stack', body: () => nested('[', ']') },
  { name: 'objects of depth 40,000', why: 'a function that calls itself for each level ends the stack', body: () => `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}` },
  { name: 'keys of prototypes', why: 'a copy may change what all objects inherit', body: () => '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"type":"__proto__"}' },
  { name: 'a list of 100,000', why: 'it is no event', body: () => `[${'1,'.repeat(N)}1]` },
  { name: 'values of wrong types', why: 'each place has another one', body: () => '{"date":{},"type":[[]],"gateway":{"id":{}},"sensor":[],"sensor_id":true}' },
  { name: 'a date beyond all dates', why: 'no Date can hold it', body: () => '{"date":1e308,"type":1}' },
  { name: 'digits without end', why: 'a pattern for times may go back and forth', body: () => `{"date":"${'1'.repeat(200_000)}x","gateway_id":"${'1'.repeat(10_000)}"}` },
  { name: 'no body', why: 'there is nothing to read', body: () => '' },
  { name: 'another content type', why: 'it is still JSON', type: 'image/png', body: () => '{"type":1}' },
  { name: 'a content type of 8 kB', why: 'a parser may go back and forth in it', type: `text/plain;${' '.repeat(8_000)}x`, body: () => '{"type":2}' },
  { name: 'multipart', why: 'no vendor sends it', type: `multipart/form-data; boundary=${boundary}`, body: () => `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n${'x'.repeat(N)}\r\n--${boundary}--\r\n` },
  { name: 'bytes that are no text', why: 'they have no UTF-8', body: () => Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256)) },
  { name: 'an encoding that it is not', why: 'it cannot be unpacked', headers: { 'content-encoding': 'gzip' }, body: () => '{"type":4}' },
  { name: 'another path', why: 'a guess', path: `${PATH.slice(0, -1)}x`, body: () => '{"type":1}' },
  { name: 'a path of 8 kB', why: 'a guess', path: `/hooks/${'a'.repeat(8_000)}`, body: () => '{"type":1}' },
  { name: 'a path that cannot be decoded', why: 'a guess', path: '/hooks/%E0%A4%A', body: () => '{"type":1}' },
  { name: 'another method', why: 'only posts are events', method: 'PUT', body: () => '{"type":1}' },
]

describe('a hostile world: posts to an event node', function () {
  this.timeout(240_000)
  let server: HostileServer
  let registered = ''
  const victim = new Victim(listening)

  /** An event node whose callback stands at the vendor. */
  async function listening(process: VictimProcess): Promise<void> {
    const { url } = server.place((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        if (request.method === 'POST') registered = new URLSearchParams(Buffer.concat(chunks).toString()).get('url') ?? ''
        response.end(JSON.stringify({ code: 200, callbacks: [], callback: { id: 1, url: registered, type: 7 } }))
      })
    })
    const node = { id: 'events', type: 'sensor-cloud-on-event', vendor: 'sensorist', [accountProperty('sensorist')]: 'account', publicUrl: process.origin, path: PATH, events: [] }
    await process.ask({ name: 'deploy', flow: [TAB, account('account', 'sensorist', url), ...observed(node)] })
    await process.ask({ name: 'settled', node: 'events' })
    assert.equal(await post(process, { body: () => '{"type":1,"warm":"up"}' }), 200)
  }

  before(async () => {
    server = await HostileServer.start()
  })
  after(async () => {
    await victim.end()
    await server.close()
  })

  /** @returns the status; 0 where the connection ended instead, as it may for a body that nobody wants to read */
  async function post(process: VictimProcess, { type = JSON_TYPE, body, headers = {}, method = 'POST', path = PATH }: Pick<Post, 'body'> & Partial<Post>): Promise<number> {
    try {
      const response = await fetch(process.origin + path, { method, headers: { 'content-type': type, connection: 'close', ...headers }, body: body() as BodyInit, signal: AbortSignal.timeout(10_000) })
      await response.arrayBuffer()
      return response.status
    } catch (error) {
      if (error instanceof DOMException && error.name === 'TimeoutError') throw new Error('no answer to the post within 10 s', { cause: error })
      return 0
    }
  }

  for (const { name, ...given } of POSTS)
    it(name, () => victim.attack(async (process) => {
      const status = await post(process, given)
      assert.ok(status < 500, `the status is ${status}`)
      if (status === 0) assert.ok(given.body().length > 200_000, 'the connection ended without an answer')
      const { count } = await process.ask({ name: 'sent', node: 'events' })
      assert.equal(await post(process, { body: () => JSON.stringify({ type: 1, after: name, at: performance.now() }) }), 200, 'an ordinary post is taken')
      assert.equal((await process.ask({ name: 'sent', node: 'events' })).count, count + 1, 'and becomes an event')
    }))

  it('100 posts whose bodies never end', () => victim.attack(async (process) => {
    const { port } = new URL(process.origin)
    const sockets = Array.from({ length: 100 }, () => {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: 1000\r\n\r\n{`)
      return socket
    })
    await pause(200)
    assert.equal(await post(process, { body: () => JSON.stringify({ type: 1, at: performance.now() }) }), 200)
    for (const socket of sockets) socket.destroy()
  }))

  it('400 posts at once', () => victim.attack(async (process) => {
    const statuses = await Promise.all(Array.from({ length: 20 }, async (_, stream) => {
      const found: number[] = []
      for (let index = 0; index < 20; index += 1) found.push(await post(process, { body: () => JSON.stringify({ type: 2, stream, index, at: performance.now() }) }))
      return found
    }))
    assert.deepEqual([...new Set(statuses.flat())], [200])
  }))
})
