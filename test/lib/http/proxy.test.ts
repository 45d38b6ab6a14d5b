import assert from 'node:assert/strict'
import { proxyFor, proxyRefusal } from '../../../src/lib/http/proxy'

/** Runs with these variables of the environment, and restores what was there. */
function withEnvironment(variables: Readonly<Record<string, string>>, work: () => void): void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, variables)
  try {
    work()
  } finally {
    // Never another object in its place: Node.js would no longer hear of changes, such as that of the time zone.
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
  }
}

describe('the proxy of an account', () => {
  const goesThrough = (target: string, ...noProxy: string[]): boolean =>
    proxyFor(new URL(target), { url: 'http://proxy.example:3128', noProxy }) !== undefined

  it('is passed for the hosts that are named as in NO_PROXY', () => {
    for (const rule of ['*', 'cloud.example', '.cloud.example', '*.cloud.example', 'api.cloud.example', 'API.Cloud.Example', ' example ', 'cloud.example:443'])
      assert.equal(goesThrough('https://api.cloud.example/v1/', rule), false, rule)
    for (const rule of ['::1', '[::1]', '[::1]:8080', '10.0.0.1']) assert.equal(goesThrough('https://[::1]:8080/', rule), rule === '10.0.0.1', rule)
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

  it('never gets a request of plain http, which may only go to this computer itself', () => {
    for (const target of ['http://127.0.0.1:8080/', 'http://localhost/', 'http://[::1]/']) {
      assert.equal(goesThrough(target), false, target)
      withEnvironment({ http_proxy: 'http://proxy.example:3128', https_proxy: 'http://proxy.example:3128' }, () => {
        assert.equal(proxyFor(new URL(target), undefined), undefined, target)
        assert.equal(proxyFor(new URL(target.replace('http:', 'https:')), undefined)?.host, 'proxy.example:3128', target)
      })
    }
  })

  it('has a sentence for each way in which it refuses', () => {
    assert.match(String(proxyRefusal(new Error('Bad response: 407'))), /^the proxy rejected the user name or password \(407\)/)
    assert.match(String(proxyRefusal(new Error('Bad response: 503'))), /^the proxy refused to connect to the server \(503\)/)
    assert.match(String(proxyRefusal(new Error('Proxy timeout'))), /^the proxy did not respond/)
    assert.equal(proxyRefusal(new Error('connect ECONNREFUSED')), undefined)
  })
})
