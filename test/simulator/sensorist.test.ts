import assert from 'node:assert/strict'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { authorization, call } from './exchanges/call'
import type { Call } from './exchanges/call'
import type { Simulator, SimulatorOptions } from '.'
import { startSimulator } from '.'

const START = Date.UTC(2026, 8, 13, 17)

describe('simulator: sensorist beyond one exchange', () => {
  let now = START
  let simulator: Simulator

  async function start(options: SimulatorOptions = {}): Promise<void> {
    now = START
    simulator = await startSimulator({ now: () => now, ...options })
  }

  afterEach(() => simulator.close())

  /** The body, after the expected status. */
  async function ask(path: string, given: Call = {}, status = 200): Promise<unknown> {
    const headers = { ...await authorization(simulator, 'sensorist'), ...given.headers }
    const answer = await call(simulator.urls.sensorist + path, { ...given, headers })
    assert.equal(answer.status, status, answer.text)
    return answer.json()
  }

  interface RawBody { measurements: Record<string, { seq: number; date: string }[]>; next?: number | null }

  it('pages raw measurements by next and offset, each one once and in order', async () => {
    await start({ sensorist: { rawPage: 100 } })
    const all = await ask('/measurements?data_sources=220200&type=raw&from=2026-09-10T00:00:00Z') as RawBody
    assert.equal(all.measurements['220200']?.length, 100)
    const seqs: number[] = []
    let offset: number | null = 0
    for (let page = 0; offset !== null && page < 20; page += 1) {
      const body = await ask(`/measurements?data_sources=220200&type=raw&from=2026-09-10T00:00:00Z&offset=${offset}`) as RawBody
      seqs.push(...(body.measurements['220200'] ?? []).map(({ seq }) => seq))
      offset = body.next ?? null
    }
    assert.equal(seqs.length, 3 * 96 + 17 * 4)
    assert.deepEqual([...new Set(seqs)].sort((left, right) => left - right), seqs)
    const [low, high] = [seqs[10] ?? 0, seqs[19] ?? 0]
    const bySequence = await ask(`/measurements?data_sources=220200&type=raw&seq_from=${low}&seq_to=${high}`) as RawBody
    assert.deepEqual(bySequence.measurements['220200']?.map(({ seq }) => seq), seqs.slice(10, 20))
  })

  it('puts next inside each id\'s value, and leaves it out at the end, when chosen', async () => {
    await start({ sensorist: { rawPage: 100, nextPlace: 'inside', nextAtEnd: 'absent' } })
    const at = async (offset: number): Promise<Record<string, { measurements: unknown[]; next?: number }>> => (
      (await ask(`/measurements?data_sources=220200,220202&type=raw&offset=${offset}`) as { measurements: Record<string, { measurements: unknown[]; next?: number }> }).measurements)
    const first = await at(0)
    assert.equal(first['220200']?.next, 100)
    assert.deepEqual(Object.keys(first['220202'] ?? {}), ['measurements'])
    assert.deepEqual(Object.keys((await at(600))['220200'] ?? {}), ['measurements'])
  })

  it('groups by ticks or minutes, and answers an invalid period with the last week', async () => {
    await start()
    const rows = async (query: string): Promise<{ date: string; value: number; min: number; max: number }[]> => {
      const body = await ask(`/measurements?data_sources=220200&type=range&${query}`) as { measurements: Record<string, []> }
      return body.measurements['220200'] ?? []
    }
    const day = await rows('interval=60&from=2026-09-12T00:00:00Z&to=2026-09-12T23:59:59Z')
    assert.equal(day.length, 24)
    assert.equal(day[0]?.date, '2026-09-12T00:00:00+0000')
    assert.ok(day.every(({ value, min, max }) => min <= value && value <= max))
    const week = await rows('ticks=7&from=nonsense')
    assert.equal(week.length, 7)
    assert.equal(week[0]?.date, '2026-09-06T17:00:00+0000')
  })

  it('shows slaves and gateways by serial and date, each user their own', async () => {
    await start()
    const serials = async (query: string): Promise<string[]> => (
      (await ask(`/gateways?${query}`) as { gateways: { serial: string }[] }).gateways.map(({ serial }) => serial))
    assert.deepEqual(await serials(''), ['10000000', '10000001'])
    assert.deepEqual(await serials('with_slaves=1'), ['10000000', '10000001', '10000002'])
    assert.deepEqual(await serials('serials=10000001,10000009'), ['10000001'])
    assert.deepEqual(await serials('from=2026-08-20'), ['10000001'])
    assert.deepEqual(await serials('impersonate=14887'), ['10000003'])
  })

  it('moves a workflow through its states', async () => {
    await start()
    const { workflow } = await ask('/gateways/7325/commands', { method: 'POST', form: { command: 'reboot' } }) as { workflow: { id: number; state: string } }
    const read = async (): Promise<unknown> => {
      const body = await ask(`/workflows/${workflow.id}`) as { workflow: { state: string; result: unknown } }
      return [body.workflow.state, body.workflow.result]
    }
    assert.deepEqual(await read(), ['pending', null])
    now += 1000
    assert.deepEqual(await read(), ['running', null])
    now += 2000
    assert.deepEqual(await read(), ['completed', { gateway: 7325 }])
    assert.deepEqual(simulator.state.sensorist.commands, [{ gateway: 7325, command: 'reboot', at: START }])
  })

  it('tells an error only in the envelope when chosen', async () => {
    await start({ sensorist: { errorsWithStatus200: true } })
    const body = await ask('/workflows/1') as { code: number }
    assert.equal(body.code, 404)
  })

  describe('callbacks', () => {
    const received: { type: string | undefined; body: string }[] = []
    let receiver: http.Server
    let url: string

    beforeEach(async () => {
      received.length = 0
      receiver = http.createServer((request, response) => {
        let body = ''
        request.setEncoding('utf8').on('data', (chunk: string) => { body += chunk }).on('end', () => {
          received.push({ type: request.headers['content-type'], body })
          response.writeHead(204).end()
        })
      })
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
      url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
    })

    afterEach(() => new Promise((resolve) => receiver.close(resolve)))

    const register = (type: string, target = url): Promise<unknown> => ask('/callbacks', { method: 'POST', form: { url: target, type } })

    it('posts an event to those who subscribe to its kind', async () => {
      await start()
      await register('3')
      await register('4')
      const [delivery, ...others] = await simulator.state.sensorist.trigger({ kind: 'button', dataSource: 220201, value: 55 })
      assert.deepEqual([delivery?.status, delivery?.error, others.length, received.length], [204, null, 0, 1])
      const body = JSON.parse(received[0]?.body ?? '') as { type: number; data_source: number; measurement: { value: number; type: number } }
      assert.deepEqual([body.type, body.data_source, body.measurement.value, body.measurement.type], [1, 220201, 55, 5])
      const { measurements } = await ask('/measurements?data_sources=220201&type=latest') as { measurements: Record<string, { value: number }> }
      assert.equal(measurements['220201']?.value, 55)
    })

    it('posts a form when chosen, and the alarm whose threshold is passed', async () => {
      await start({ sensorist: { callbackBody: 'form' } })
      await register('2')
      await ask('/alarms', { method: 'POST', form: { data_source: '220200', value: '-40', direction: 'above' } })
      await ask('/alarms', { method: 'POST', form: { data_source: '220200', value: '60', direction: 'above', delay: '60' } })
      const deliveries = await simulator.state.sensorist.evaluateAlarms()
      assert.equal(deliveries.length, 1)
      assert.equal(received[0]?.type, 'application/x-www-form-urlencoded')
      assert.equal(new URLSearchParams(received[0].body).get('type'), '2')
      const { logs } = await ask('/alarms/history') as { logs: { state: string }[] }
      assert.deepEqual(logs.map(({ state }) => state), ['triggered'])
      assert.equal((await simulator.state.sensorist.evaluateAlarms()).length, 0)
    })

    it('never leaves this machine, and records who could not be reached', async () => {
      await start()
      await register('7', 'http://192.0.2.1/hook')
      await register('7', 'http://127.0.0.1:1/hook')
      const deliveries = await simulator.state.sensorist.trigger('system')
      assert.equal(deliveries[0]?.error, 'not a loopback address')
      assert.match(deliveries[1]?.error ?? '', /ECONNREFUSED/)
      assert.deepEqual(deliveries.map(({ status }) => status), [null, null])
    })
  })
})
