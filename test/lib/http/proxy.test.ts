import assert from 'node:assert/strict'
import { proxyFor } from '../../../src/lib/http/proxy'

describe('the proxy of an account', () => {
  const goesThrough = (target: string, ...noProxy: string[]): boolean =>
    proxyFor(new URL(target), { url: 'http://proxy.example:3128', noProxy }) !== undefined

  it('is passed for the hosts that are named as in NO_PROXY', () => {
    for (const rule of ['*', 'cloud.example', '.cloud.example', '*.cloud.example', 'api.cloud.example', 'API.Cloud.Example', ' example ', 'cloud.example:443'])
      assert.equal(goesThrough('https://api.cloud.example/v1/', rule), false, rule)
    for (const rule of ['::1', '[::1]', '[::1]:8080', '10.0.0.1']) assert.equal(goesThrough('http://[::1]:8080/', rule), rule === '10.0.0.1', rule)
  })

  it('is used for all others', () => {
    for (const rule of ['', 'loud.example', 'cloud.example:8443', 'cloud', '.', 'other.cloud.example'])
      assert.equal(goesThrough('https://api.cloud.example/v1/', rule), true, rule)
    assert.equal(goesThrough('https://api.cloud.example/v1/'), true)
  })

  it('carries name and password, whatever they hold', () => {
    const url = proxyFor(new URL('https://cloud.example/'), { url: 'http://proxy.example:3128', username: 'me@work', password: 'a:b/c@d' })
    assert.equal(url?.href, 'http://me%40work:a%3Ab%2Fc%40d@proxy.example:3128/')
  })
})
