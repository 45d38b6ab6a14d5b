/** Vendor events as messages, in a real runtime, from a simulator that really posts. */
import assert from 'node:assert/strict'
import * as http from 'node:http'
import helper from 'node-red-node-test-helper'
import { passFast, type FastTime } from '../fast-time'
import { startSimulator, type Simulator } from '../simulator'
import { until } from '../until'
import { listen, type EventFlow } from './events-harness'

helper.init(require.resolve('node-red'))

const PATH = '/sensor-clouds/events/0123456789abcdefghijklmn'
const TUID = 'TSPD04SIM00000001'
const DEVICE = 'JDA54E19F'

describe('on event', () => {
  let simulator: Simulator
  let flow: EventFlow | undefined
  let fastTime: FastTime
  beforeEach(() => void (fastTime = passFast(10)))
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await flow?.end()
    flow = undefined
    await simulator.close()
    fastTime.end()
  })

  const requests = (method: string, path: string): number => simulator.requests.filter((request) => request.method === method && request.path === path).length

  describe('by callback', () => {
    const start = async (node: Record<string, unknown> = {}, more: Partial<Parameters<typeof listen>[0]> = {}): Promise<EventFlow> => {
      flow = await listen({ simulator, vendor: 'sensorist', node: { path: PATH, ...node }, ...more })
      await until(() => flow!.statuses.some(({ fill }) => fill === 'green' || fill === 'red'), 'the node is ready')
      return flow
    }
    const callbacks = (): { url: string; type: number }[] => [...simulator.state.sensorist.callbacks.values()].map(({ url, type }) => ({ url, type }))
    const post = (url: string, body: string, type = 'application/json'): Promise<number> =>
      new Promise((resolve, reject) => {
        const request = http.request(url, { method: 'POST', agent: false, headers: { 'content-type': type } }, (response) => void response.resume().on('end', () => resolve(response.statusCode ?? 0)))
        request.on('error', reject).end(body)
      })

    it('registers once, and what the vendor posts becomes a message', async () => {
      const before = Math.floor(Date.now() / 1000) * 1000
      const { messages, origin, statuses } = await start({ events: ['alarm', 'system'] })
      assert.deepEqual(callbacks(), [{ url: `${origin}${PATH}`, type: 6 }])
      simulator.state.sensorist.alarms.set(77, { id: 77, owner: 14886, dataSource: 220200, value: 20, direction: 'above', delay: 0, state: 'normal' })
      const [delivery] = await simulator.state.sensorist.trigger({ kind: 'alarm', alarm: 77 })
      assert.equal(delivery?.status, 200)
      await simulator.state.sensorist.trigger('system')
      await simulator.state.sensorist.trigger('button')
      await until(() => messages.length === 2, 'two messages')
      const [alarm, system] = messages
      assert.equal(alarm?.topic, 'alarm')
      const { timestamp, data, ...event } = alarm.payload
      assert.deepEqual(event, { vendor: 'sensorist', device: null, sensor: null, label: null, event: 'alarm' })
      assert.ok(timestamp >= before && timestamp <= Date.now(), `${timestamp}`)
      assert.equal((data as { data_source: number }).data_source, 220200)
      assert.deepEqual([system?.topic, system?.payload.device, system?.payload.sensor, system?.payload.label], ['system', '7325', '57951', 'Cellar, Rack left'])
      const { text, ...shown } = statuses.at(-1) ?? {}
      assert.deepEqual(shown, { fill: 'green', shape: 'dot' })
      assert.match(text ?? '', /^status\.events · \d\d:\d\d$/)
    })

    it('takes forms as well as JSON', async () => {
      simulator.state.sensorist.choices.callbackBody = 'form'
      const { messages } = await start()
      const [delivery] = await simulator.state.sensorist.trigger('system')
      assert.equal(delivery?.status, 200)
      await until(() => messages.length === 1, 'the message')
      assert.equal(messages[0]?.topic, 'system')
      assert.equal((messages[0].payload.data as { text: string }).text, 'Sensor battery low')
    })

    it('stays registered once over redeploys, and each event comes once', async () => {
      const { messages, redeploy } = await start()
      for (let deploy = 0; deploy < 3; deploy += 1) await redeploy({ name: `deploy ${deploy}` })
      await until(() => requests('GET', '/callbacks') + requests('POST', '/callbacks') >= 2, 'the callbacks were looked at')
      assert.equal(callbacks().length, 1)
      assert.equal(requests('POST', '/callbacks'), 1)
      await simulator.state.sensorist.trigger('system')
      await until(() => messages.length > 0, 'the message')
      assert.equal(messages.length, 1)
    })

    it('replaces its callback when the wanted events change, and leaves those of others alone', async () => {
      simulator.state.sensorist.callbacks.set(900, { id: 900, owner: 14886, url: 'https://example.com/other', type: 7 })
      const { origin, redeploy } = await start({ events: ['alarm'] })
      await redeploy({ events: ['system'] })
      await until(() => callbacks().some(({ type }) => type === 4), 'the new callback')
      await until(() => callbacks().length === 2, 'the old one is gone')
      assert.deepEqual(callbacks(), [{ url: 'https://example.com/other', type: 7 }, { url: `${origin}${PATH}`, type: 4 }])
    })

    it('deletes its callback when it is removed, and its path ends', async () => {
      const { origin, remove } = await start()
      assert.equal(callbacks().length, 1)
      await remove()
      assert.deepEqual(callbacks(), [])
      assert.equal(await post(`${origin}${PATH}`, '{"type":4}'), 404)
    })

    it('deletes its callback also when its account is removed with it', async () => {
      const { remove } = await start()
      await remove('account')
      assert.deepEqual(callbacks(), [])
    })

    it('says so when the callback cannot be deleted, and does not hold up the deploy', async () => {
      const { log, remove } = await start()
      simulator.faults.always({ status: 500 })
      const began = Date.now()
      await remove()
      assert.ok(Date.now() - began < 14_000, 'Node-RED would have given up')
      const warned = log.flat().map(({ msg }) => String(msg)).filter((msg) => /yourself/.test(msg))
      assert.equal(warned.length, 1)
      assert.ok(!warned[0]?.includes(PATH))
    }).timeout(60_000)

    it('refuses what is forged, broken or too large, without a message', async () => {
      const { messages, origin } = await start()
      const refused = [
        await post(`${origin}/sensor-clouds/events/0123456789abcdefghijklmo`, '{"type":4}'),
        await post(`${origin}/sensor-clouds/events/`, '{"type":4}'),
        await post(`${origin}${PATH}`, 'no JSON'),
        await post(`${origin}${PATH}`, '[]'),
        await post(`${origin}${PATH}`, '{}'),
        await post(`${origin}${PATH}`, JSON.stringify({ type: 4, text: 'x'.repeat(300 * 1024) })).catch(() => 413),
      ]
      assert.deepEqual(refused, [404, 404, 400, 400, 400, 413])
      assert.equal(await post(`${origin}${PATH}`, '{"type":4}'), 200)
      await until(() => messages.length > 0, 'the message')
      assert.equal(messages.length, 1)
    })

    it('takes JSON and a form whatever the vendor calls them, since it does not say which it sends', async () => {
      const { messages, origin } = await start()
      const posts: [body: string, type: string][] = [
        ['{"type":4,"n":1}', 'application/x-www-form-urlencoded'], ['{"type":4,"n":2}', 'text/plain'],
        ['type=4&n=3', 'text/plain'], ['type=4&n=4', 'application/x-www-form-urlencoded; charset=utf-8'],
      ]
      for (const [body, type] of posts) assert.equal(await post(`${origin}${PATH}`, body, type), 200, `${body} as ${type}`)
      await until(() => messages.length === 4, 'four messages')
      assert.deepEqual(messages.map(({ payload }) => [payload.event, Number((payload.data as { n: unknown }).n)]), [1, 2, 3, 4].map((n) => ['system', n]))
    })

    it('drops a post that comes twice', async () => {
      const { messages, origin } = await start()
      const first = '{"type":2,"date":"2026-11-20T10:00:00+0000","data_source":220200}'
      for (const body of [first, first, first.replace('10:00', '10:01')]) assert.equal(await post(`${origin}${PATH}`, body), 200)
      await until(() => messages.length >= 2, 'two messages')
      assert.deepEqual(messages.map(({ payload }) => payload.timestamp), [Date.UTC(2026, 10, 20, 10), Date.UTC(2026, 10, 20, 10, 1)])
    })

    it('takes an equal post for another event after a while, whatever happens to the calendar', async () => {
      const { advance, messages, origin, setDate } = await start()
      assert.equal(await post(`${origin}${PATH}`, '{"type":2}'), 200)
      setDate('2020-01-01')
      await advance(601_000)
      assert.equal(await post(`${origin}${PATH}`, '{"type":2}'), 200)
      await until(() => messages.length === 2, 'two messages')
    })

    it('makes up a path that nobody can guess where the flow has none, and keeps it', async () => {
      const { redeploy } = await start({ path: '' })
      const [before] = callbacks()
      assert.match(before?.url ?? '', /\/sensor-clouds\/events\/[\w-]{32}$/)
      await redeploy({ name: 'again' })
      await until(() => flow!.statuses.at(-1)?.fill === 'green', 'the node is ready')
      assert.deepEqual(callbacks(), [before])
    })

    it('never shows its path in a log, a status or an error', async () => {
      simulator.faults.always({ status: 422, body: JSON.stringify({ code: 422, message: `bad url http://127.0.0.1${PATH}` }) })
      const { caught, log, statuses } = await start()
      await until(() => caught.length === 1, 'the error')
      const shown = JSON.stringify([caught, statuses, log.flat().map(({ msg }) => String(msg))])
      assert.ok(!shown.includes(PATH), shown)
    })

    for (const [what, node, wanted] of [
      ['no public address', { publicUrl: '' }, /"Public URL" is missing/],
      ['a public address in clear text', { publicUrl: 'http://example.com' }, /must start with https/],
      ['a path that can be guessed', { path: '/hook' }, /"Path" must begin with \/ and end with/],
      ['an event that there is not', { events: ['alarm', 'fire'] }, /"Events" has "fire", but each item must be measurement, alarm, system/],
    ] as const)
      it(`tells of ${what} once, and asks for nothing`, async () => {
        const { caught } = await start(node)
        await until(() => caught.length === 1, 'the error')
        assert.equal(caught[0]?.error?.code, 'CONFIG')
        assert.match(caught[0].error.message, wanted)
        assert.equal(simulator.requests.length, 0)
      })

    it('tells of an outage once, and registers when it is over', async () => {
      simulator.faults.always({ status: 401 })
      const { advance, caught, statuses } = await start()
      for (let minute = 0; minute < 3; minute += 1) await advance(60_000)
      assert.deepEqual(caught.map(({ error }) => error?.code), ['AUTH'])
      assert.deepEqual(statuses.at(-1)?.fill, 'red')
      simulator.faults.clear()
      await advance(60_000)
      await until(() => statuses.at(-1)?.fill === 'green', 'green')
      assert.equal(callbacks().length, 1)
    })
  })

  describe('by asking', () => {
    const alert = (from: number, to: number | null = null, tuid = TUID): void => {
      simulator.state.thingsee.things.get(tuid)!.alerts.push({ type: 'heartbeat missed', from, to })
    }
    const start = async (more: Partial<Parameters<typeof listen>[0]> = {}): Promise<EventFlow> => {
      flow = await listen({ simulator, vendor: 'thingsee', ...more })
      await until(() => flow!.statuses.some(({ fill }) => fill === 'green' || fill === 'red'), 'the first poll')
      return flow
    }
    const devices = ({ messages }: EventFlow): (string | null)[] => messages.map(({ payload }) => payload.device)

    it('tells each alert once when it begins, and none that was there before', async () => {
      const events = await start()
      assert.deepEqual(devices(events), [], 'the simulator has alerts from the beginning')
      const from = Date.now() - 600_000
      alert(from)
      await events.advance(60_000)
      await until(() => events.messages.length === 1, 'the message')
      const second = Math.floor(from / 1000) * 1000
      const { data, ...event } = events.messages[0]!.payload
      assert.deepEqual(event, { vendor: 'thingsee', device: TUID, sensor: null, label: `Office, second floor, ${TUID}`, event: 'heartbeat missed', timestamp: second })
      assert.equal((data as { alert_type: string }).alert_type, 'heartbeat missed')
      assert.equal(events.messages[0]!.topic, 'heartbeat missed')
      for (let minute = 0; minute < 5; minute += 1) await events.advance(60_000)
      assert.equal(events.messages.length, 1)
    })

    it('goes on after a restart where it was', async () => {
      const kept = new Map<string, string>()
      const first = await start({ kept })
      alert(Date.now())
      await first.advance(60_000)
      await until(() => first.messages.length === 1, 'the first message')
      await first.end()
      alert(Date.now(), null, 'TSPR04SIM00000002')
      const second = await start({ kept })
      await until(() => second.messages.length > 0, 'what happened in the meantime')
      assert.deepEqual(devices(second), ['TSPR04SIM00000002'])
    })

    it('asks about one thing only where it is given', async () => {
      const events = await start({ params: { tuid: TUID } })
      alert(Date.now())
      alert(Date.now(), null, 'TSPR04SIM00000002')
      await events.advance(60_000)
      await until(() => events.messages.length === 1, 'the message')
      assert.deepEqual(devices(events), [TUID])
      assert.equal(requests('GET', '/things/alerts'), 0)
    })

    it('asks as often as the node says', async () => {
      const { advance } = await start({ node: { interval: '300' } })
      const before = requests('GET', '/things/alerts')
      await advance(290_000)
      assert.equal(requests('GET', '/things/alerts'), before)
      await advance(15_000)
      assert.equal(requests('GET', '/things/alerts'), before + 1)
    })

    it('asks on time when the calendar is set back during a poll', async () => {
      const events = await start()
      const asked = requests('GET', '/things/alerts')
      simulator.faults.next({ delay: 200 })
      const polling = events.advance(60_000)
      await until(() => requests('GET', '/things/alerts') > asked, 'the poll')
      events.setDate(new Date(Date.now() - 7 * 86_400_000).toISOString())
      await polling
      alert(Date.now() - 2 * 86_400_000)
      await events.advance(61_000)
      await until(() => devices(events).includes(TUID), 'the message')
    })

    it('refuses an interval below what the vendor allows', async () => {
      const { caught } = await start({ node: { interval: '5' } })
      await until(() => caught.length === 1, 'the error')
      assert.match(caught[0]!.error!.message, /"Interval \(s\)" must be at least 10, not 5/)
    })

    it('tells an outage once, and what happened during it afterwards', async () => {
      const events = await start()
      simulator.faults.always({ status: 404 })
      for (let minute = 0; minute < 3; minute += 1) await events.advance(60_000)
      assert.deepEqual(events.caught.map(({ error }) => error?.code), ['NOT_FOUND'])
      assert.equal(events.statuses.at(-1)?.fill, 'red')
      alert(Date.now())
      simulator.faults.clear()
      await events.advance(60_000)
      await until(() => events.messages.length === 1, 'the message')
      simulator.faults.always({ status: 404 })
      await events.advance(60_000)
      await until(() => events.caught.length === 2, 'another outage is told too')
    })

    it('tells the events in the messages of a Senquip device', async () => {
      const device = simulator.state.senquip.devices.get(DEVICE)!
      device.generated = false
      const at = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds
      device.messages.push({ deviceid: DEVICE, ts: at(-60), events: [{ topic: 'pitch', msg: 'Low', lv: 30 }] })
      const events = await start({ vendor: 'senquip', params: { deviceId: DEVICE } })
      assert.equal(events.messages.length, 0)
      device.messages.push({ deviceid: DEVICE, ts: at(1) + 0.5, events: [{ topic: 'mjs', msg: null, lv: 20 }, { topic: 'pitch', msg: 'High', lv: 30 }] })
      await new Promise((resolve) => setTimeout(resolve, 1_600))
      await events.advance(120_000)
      await until(() => events.messages.length === 2, 'two messages')
      assert.deepEqual(events.messages.map(({ topic }) => topic), ['mjs', 'pitch'])
      assert.deepEqual(events.messages[1]!.payload.data, { topic: 'pitch', msg: 'High', lv: 30 })
    })

    it('forgets what it kept when it is removed', async () => {
      const kept = new Map<string, string>()
      const { remove } = await start({ kept })
      assert.deepEqual([...kept.keys()], ['events:listener'])
      await remove()
      assert.equal(kept.size, 0)
    })
  })

  it('says that it has no account, and asks for nothing', async () => {
    flow = await listen({ simulator, vendor: 'thingsee', node: { accountThingsee: '' } })
    await flow.advance(1000)
    assert.deepEqual(flow.statuses.at(-1), { fill: 'grey', shape: 'ring', text: 'status.noAccount' })
    assert.equal(simulator.requests.length, 0)
  })
})
