import assert from 'node:assert/strict'
import type { NodeAPI } from 'node-red'
import type { Diagnostics } from '../../src/lib/client/diagnostics'
import { metricsText } from '../../src/nodes/admin/metrics'
import { serveAccounts } from '../../src/nodes/admin/endpoints'

const diagnostics: Diagnostics = {
  vendor: 'acme',
  since: 0,
  requests: 7,
  failures: 1,
  retries: 2,
  rateLimited: 3,
  cacheHits: 4,
  waits: 5,
  waited: 1500,
  queued: 6,
  running: 1,
  budgets: [
    { name: 'per day', limit: 1000, remaining: 990, used: 10, resetsAt: 86_400_000, emptyAt: 43_200_000 },
    { name: 'per second', limit: 5, remaining: 5, used: 0, resetsAt: 1000 },
  ],
  journal: [],
  latencies: [{ operation: 'thing', counts: [0, 0, 1, 3, 3, 3, 3, 3, 3, 3], count: 4, sum: 30_500 }],
  outbox: { depth: 12, oldest: 2000, quarantined: 1 },
}

/** A line is HELP, TYPE or a sample; label values escape backslash, quote and line feed only. */
const LINE = /^(?:# HELP [a-z_]+ [^\n]+|# TYPE [a-z_]+ (?:counter|gauge|histogram)|[a-z_]+\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\} -?\d+(?:\.\d+)?)$/

describe('metrics', () => {
  it('are lines of the exposition format, each metric with its help and type before its samples', () => {
    const text = metricsText([{ id: 'a', name: 'Cellar', diagnostics }, { id: 'b', name: '', diagnostics }])
    assert.ok(text.endsWith('\n'))
    const lines = text.slice(0, -1).split('\n')
    for (const line of lines) assert.match(line, LINE)
    let described = ''
    const seen = new Set<string>()
    for (const line of lines) {
      const [, kind, name = ''] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? []
      if (kind === 'HELP') {
        assert.equal(seen.has(name), false, `${name} is described once`)
        seen.add(name)
        described = name
      } else assert.equal(kind === 'TYPE' ? name : line.slice(0, line.indexOf('{')).replace(/_(?:bucket|sum|count)$/, ''), described)
    }
  })

  it('count in base units', () => {
    const text = metricsText([{ id: 'a', name: 'Cellar', diagnostics }])
    const labels = 'vendor="acme",account="Cellar",id="a"'
    for (const line of [
      `sensor_clouds_requests_total{${labels}} 7`,
      `sensor_clouds_wait_seconds_total{${labels}} 1.5`,
      `sensor_clouds_up{${labels}} 1`,
      `sensor_clouds_budget_used{${labels},budget="per day"} 10`,
      `sensor_clouds_budget_empty_timestamp_seconds{${labels},budget="per day"} 43200`,
      `sensor_clouds_outbox_readings{${labels}} 12`,
      `sensor_clouds_outbox_quarantined_readings{${labels}} 1`,
      `sensor_clouds_outbox_oldest_timestamp_seconds{${labels}} 2`,
    ])
      assert.ok(text.split('\n').includes(line), `${line}\nis not in\n${text}`)
    assert.equal(text.includes('budget_empty_timestamp_seconds{vendor="acme",account="Cellar",id="a",budget="per second"}'), false)
  })

  it('have a histogram of latencies whose labels name account, vendor and operation only', () => {
    const lines = metricsText([{ id: 'a', name: 'Cellar', diagnostics }]).split('\n').filter((line) => line.includes('request_duration_seconds'))
    const labels = 'vendor="acme",account="Cellar",id="a",operation="thing"'
    const bounds = ['0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '30', '+Inf']
    const counts = [0, 0, 1, 3, 3, 3, 3, 3, 3, 3, 4]
    assert.equal(lines[1], '# TYPE sensor_clouds_request_duration_seconds histogram')
    assert.deepEqual(lines.slice(2), [
      ...bounds.map((bound, index) => `sensor_clouds_request_duration_seconds_bucket{${labels},le="${bound}"} ${counts[index]}`),
      `sensor_clouds_request_duration_seconds_sum{${labels}} 30.5`,
      `sensor_clouds_request_duration_seconds_count{${labels}} 4`,
    ])
  })

  it('escape what an account is called', () => {
    const text = metricsText([{ id: 'a', name: 'C:\\x "the\nfirst"', diagnostics }])
    assert.ok(text.includes('account="C:\\\\x \\"the\\nfirst\\""'), text)
  })

  it('leave out what no account has', () => {
    assert.equal(metricsText([]), '')
    const { outbox: _outbox, ...rest } = diagnostics
    assert.equal(metricsText([{ id: 'a', name: '', diagnostics: rest }]).includes('outbox'), false)
  })

  for (const [settings, served] of [[{}, 0], [{ sensorClouds: { metrics: 'yes' } }, 0], [{ sensorClouds: { metrics: true } }, 1]] as const)
    it(`are ${served === 1 ? '' : 'not '}served with ${JSON.stringify(settings)}`, () => {
      const paths: string[] = []
      const app = { post: () => undefined, get: () => undefined }
      const RED = { httpAdmin: app, httpNode: { get: (path: string) => paths.push(path) }, auth: { needsPermission: () => undefined }, settings }
      serveAccounts(RED as unknown as NodeAPI)
      assert.equal(paths.length, served)
    })

  it('are none while Node-RED has no flows yet', async () => {
    type Handler = (request: object, response: object) => void
    let handler: Handler = () => undefined
    const app = { post: () => undefined, get: () => undefined }
    // As Node-RED does it before its flows are loaded, or when they cannot be.
    const eachNode = (): void => void Object.keys((null as unknown as { allNodes: object }).allNodes)
    const httpNode = { get: (_path: string, given: Handler) => (handler = given) }
    const RED = { httpAdmin: { ...app }, httpNode, auth: { needsPermission: () => undefined }, nodes: { eachNode }, settings: { sensorClouds: { metrics: true } } }
    serveAccounts(RED as unknown as NodeAPI)
    const sent = await new Promise((resolve) => {
      const response = { set: () => response, send: resolve, status: (code: number) => ({ end: () => resolve(code) }) }
      handler({}, response)
    })
    assert.equal(sent, '')
  })
})
