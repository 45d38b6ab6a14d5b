import assert from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import axios, { AxiosError, AxiosHeaders, isCancel, type AxiosInstance } from 'axios'
import { httpAdapter } from '../../../src/lib/http/adapter'
import { until } from '../../until'

describe('the HTTP adapter in an instance of axios', () => {
  let server: http.Server
  let agent: http.Agent
  let client: AxiosInstance
  let waiting = 0

  before(async () => {
    server = http.createServer(({ url, method, headers }, response) => {
      if (url === '/never') {
        waiting += 1
        return void response.on('close', () => (waiting -= 1))
      }
      if (url === '/large') return void response.end('x'.repeat(100_000))
      const status = Number(url?.slice(1)) || 200
      response.writeHead(status, { 'x-told': ['one', 'two'], 'content-type': 'application/json' }).end(JSON.stringify({ method, type: headers['content-type'], given: headers['x-given'] }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    agent = new http.Agent({ keepAlive: true })
    client = axios.create({ adapter: httpAdapter(agent), headers: { 'X-Given': 'by the instance' } })
  })
  after(async () => {
    agent.destroy()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const url = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const failure = async (promise: Promise<unknown>): Promise<AxiosError> => {
    const error = await promise.then(() => undefined, (reason: unknown) => reason)
    assert.ok(error instanceof AxiosError)
    return error
  }

  it('gives data, status and headers as axios does, after its transforms', async () => {
    const { data, status, headers } = await client.post<unknown>(url('/'), { a: 1 })
    assert.deepEqual([status, data], [200, { method: 'POST', type: 'application/json', given: 'by the instance' }])
    assert.ok(headers instanceof AxiosHeaders)
    assert.equal(headers.get('X-Told'), 'one, two')
    const changed = await client.get<unknown>(url('/'), { transformResponse: [(text: string) => text.length] })
    assert.equal(typeof changed.data, 'number')
  })

  it('rejects a status that validateStatus refuses, with the response', async () => {
    const refused = await failure(client.get(url('/404')))
    assert.deepEqual([refused.code, refused.status, refused.response?.data], ['ERR_BAD_REQUEST', 404, { method: 'GET', given: 'by the instance' }])
    assert.equal((await failure(client.get(url('/503')))).code, 'ERR_BAD_RESPONSE')
    assert.equal((await client.get(url('/503'), { validateStatus: null })).status, 503)
    assert.equal((await client.get(url('/301'), { validateStatus: (status) => status === 301 })).status, 301)
  })

  it('heeds timeout, signal and maxContentLength, and hangs up', async () => {
    assert.equal((await failure(client.get(url('/never'), { timeout: 50 }))).code, 'ECONNABORTED')
    await until(() => waiting === 0)
    const controller = new AbortController()
    const stopped = client.get(url('/never'), { signal: controller.signal })
    await until(() => waiting === 1)
    controller.abort()
    const error = await failure(stopped)
    assert.ok(isCancel(error))
    assert.equal(error.code, 'ERR_CANCELED')
    await until(() => waiting === 0)
    assert.equal((await failure(client.get(url('/large'), { maxContentLength: 1000 }))).code, 'ERR_TOO_LARGE')
    assert.equal((await client.get<string>(url('/large'))).data.length, 100_000)
  })

  it('wraps what Node.js throws, with its code', async () => {
    const refused = await failure(client.get('http://127.0.0.1:9/'))
    assert.equal(refused.code, 'ECONNREFUSED')
    assert.ok(refused.config)
  })
})
