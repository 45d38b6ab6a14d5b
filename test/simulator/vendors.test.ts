import assert from 'node:assert/strict'
import { authorization, baseOf, call } from './exchanges/call'
import type { Call } from './exchanges/call'
import type { Simulator, SimulatorOptions, VendorId } from '.'
import { startSimulator } from '.'

const START = Date.UTC(2026, 8, 13, 17)

describe('simulator: what goes beyond one exchange', () => {
  let now = START
  let simulator: Simulator

  async function start(options: SimulatorOptions = {}): Promise<void> {
    now = START
    simulator = await startSimulator({ now: () => now, ...options })
  }

  afterEach(() => simulator.close())

  /** The body, after the expected status. */
  async function ask(vendor: VendorId, path: string, given: Call = {}, status = 200): Promise<unknown> {
    const headers = { ...await authorization(simulator, vendor), ...given.headers }
    const answer = await call(baseOf(simulator, vendor) + path, { ...given, headers })
    assert.equal(answer.status, status, answer.text)
    return answer.json()
  }

  describe('generated values', () => {
    it('are the same again, move over the day, and differ between devices', async () => {
      await start()
      const data = async (device: string): Promise<Record<string, number>[]> => (
        await ask('senquip', `/devices/${device}/data?datapoints=96`) as Record<string, number>[])
      const first = await data('JDA54E19F')
      assert.equal(first.length, 96)
      now += 1000
      assert.deepEqual(await data('JDA54E19F'), first)
      const ambient = first.map((message) => message['ambient'] ?? NaN)
      assert.ok(Math.max(...ambient) - Math.min(...ambient) > 3)
      assert.ok(new Set(ambient).size > 60)
      assert.notDeepEqual((await data('SIMHOST04')).map((message) => message['ambient']), ambient)
    })

    it('come every `interval` seconds, up to now and never later', async () => {
      await start({ interval: 5 })
      const rows = await ask('senquip', '/devices/JDA54E19F/data?datapoints=10') as { ts: number }[]
      const times = rows.map(({ ts }) => ts)
      assert.deepEqual(times.slice(1).map((time, index) => time - (times[index] ?? 0)), Array.from({ length: 9 }, () => 5))
      assert.ok((times.at(-1) ?? Infinity) <= now / 1000)
      assert.ok((times.at(-1) ?? 0) > now / 1000 - 5)
    })
  })

  describe('senquip', () => {
    it('serves corrected routes instead of the assumed ones, whatever the variables are called', async () => {
      await start({ senquip: { routes: { 'device-data': 'GET /v2/device/{id}/measurements', 'load-file': 'PUT /v2/device/{id}/file' } } })
      const rows = await ask('senquip', '/v2/device/JDA54E19F/measurements') as unknown[]
      assert.equal(rows.length, 1)
      await ask('senquip', '/devices/JDA54E19F/data', {}, 404)
      await ask('senquip', '/v2/device/JDA54E19F/file?fileName=mqtt_ca.pem', { method: 'PUT', raw: 'x' }, 202)
      assert.deepEqual([...simulator.state.senquip.devices.get('JDA54E19F')?.files.keys() ?? []], ['mqtt_ca.pem'])
    })

    it('keeps the bytes of a file in each of the three encodings, and merges configs', async () => {
      await start()
      const content = Buffer.from([0, 255, 13, 10, 45, 45])
      const part = Buffer.concat([Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="c"\r\n\r\n'), content, Buffer.from('\r\n--b--\r\n')])
      const path = '/devices/JDA54E19F/files'
      await ask('senquip', `${path}/a`, { method: 'POST', raw: content, headers: { 'content-type': 'application/octet-stream' } }, 202)
      await ask('senquip', `${path}/b`, { method: 'POST', json: { file: content.toString('base64') } }, 202)
      await ask('senquip', `${path}/c`, { method: 'POST', raw: part, headers: { 'content-type': 'multipart/form-data; boundary=b' } }, 202)
      await ask('senquip', '/devices/JDA54E19F/config', { method: 'POST', json: { config: { tc1: { warning: '5', alarm: '9' } } } }, 202)
      await ask('senquip', '/devices/JDA54E19F/config', { method: 'POST', json: { config: { tc1: { warning: '6' } } } }, 202)
      const device = simulator.state.senquip.devices.get('JDA54E19F')
      assert.deepEqual([...device?.files.values() ?? []], [content, content, content])
      assert.deepEqual(device?.config, { tc1: { warning: '6', alarm: '9' } })
    })

    it('wraps data in an object, turns the order round, and mixes in arranged messages', async () => {
      await start({ senquip: { dataKey: 'data', order: 'newest-first' } })
      const device = simulator.state.senquip.devices.get('JDA54E19F')
      device?.messages.push({ deviceid: 'JDA54E19F', ts: now / 1000 - 1, note: 'arranged' })
      const { data } = await ask('senquip', '/devices/JDA54E19F/data?datapoints=2') as { data: Record<string, unknown>[] }
      assert.equal(data[0]?.['note'], 'arranged')
      assert.equal(data.length, 2)
    })
  })

  describe('senquip v1', () => {
    it('takes the device from the path or, with another route, from the query', async () => {
      await start({ senquipV1: { dataKey: 'datapoints' } })
      const wrapped = { datapoints: await ask('senquip', '/devices/SIMHOST02/data') }
      assert.deepEqual(await ask('senquip-v1', '/get-data/SIMHOST02'), wrapped)
      await ask('senquip-v1', '/get-data/SIMPLAIN1', {}, 404)
      simulator.state.senquipV1.choices.getDataRoute = 'GET /get-data'
      assert.deepEqual(await ask('senquip-v1', '/get-data?deviceid=SIMHOST02'), wrapped)
      await ask('senquip-v1', '/get-data/SIMHOST02', {}, 404)
    })
  })

  describe('thingsee', () => {
    const thing = 'TSPD04SIM00000001'
    const messages = async (query: string, tuid = thing): Promise<Record<string, unknown>[]> => (
      (await ask('thingsee', `/things/${tuid}/messages?${query}`) as { data: Record<string, unknown>[] }).data)

    it('answers a command later by a message with tsmEv 31 and the same transactionId', async () => {
      await start()
      const command = { tsmId: 1500, tsmEv: 30, transactionId: 4711, measurementInterval: 60, reportInterval: 300 }
      await ask('thingsee', `/things/${thing}/commands`, { method: 'POST', json: [command] })
      assert.deepEqual(await messages('limit=5&eventid=31'), [])
      now += 2500
      const [answer] = await messages('limit=5&eventid=31&messageid=1500')
      assert.ok(answer)
      assert.deepEqual([answer['transactionId'], answer['reportInterval'], answer['tsmTuid'], 'tsmDstTuid' in answer], [4711, 300, thing, false])
      const { data } = await ask('thingsee', `/things/${thing}/commands`) as { data: { command: unknown }[] }
      assert.deepEqual(data.map((row) => row.command), [{ ...command, tsmTs: START / 1000, tsmDstTuid: thing }])
    })

    it('emits the whole catalogue over its things, also decimals and a message without a time', async () => {
      await start()
      const ids = new Set<unknown>()
      for (const tuid of simulator.state.thingsee.things.keys()) for (const message of await messages('limit=300', tuid)) ids.add(message['tsmId'])
      const wanted = [1000, 1100, 1110, 1111, 1112, 1113, 1210, 1211, 2100, 11200, 12100, 12101, 12102, 13100, 13102, 13103, 16100, 17100, 17200, 18100, 24100, 24101]
      assert.deepEqual(wanted.filter((id) => !ids.has(id)), [])
      const [rugged] = await messages('limit=1', 'TSRU02SIM00000008')
      assert.equal(Number(rugged?.['tsmTs']) % 1, 0.25)
      const [lost] = await messages('limit=1&eventid=18', 'TSLK01SIM00000007')
      assert.equal(lost && 'tsmTs' in lost, false)
    })

    it('filters by period and limit, newest first', async () => {
      await start()
      const from = now / 1000 - 7200
      const to = now / 1000 - 3600
      const times = (await messages(`limit=100&messageid=12100&from=${from}&to=${to}`)).map((message) => Number(message['tsmTs']))
      assert.ok(times.length >= 3)
      assert.ok(times.every((time) => time >= from && time <= to))
      assert.deepEqual([...times].sort((left, right) => right - left), times)
      assert.deepEqual((await messages(`limit=2&messageid=12100&from=${from}&to=${to}`)).map((message) => message['tsmTs']), times.slice(0, 2))
    })

    it('duplicates and swaps messages when chosen', async () => {
      await start({ thingsee: { disorder: true } })
      const times = (await messages('limit=20&messageid=12100&eventid=10')).map((message) => Number(message['tsmTs']))
      assert.ok(new Set(times).size < times.length)
      assert.notDeepEqual([...times].sort((left, right) => right - left), times)
    })

    it('takes the things of a group along when it is renamed or deleted', async () => {
      await start()
      await ask('thingsee', '/groups/prfi00simoffice/rename', { method: 'POST', json: { group_id: 'prfi00new' } })
      assert.equal(simulator.state.thingsee.things.get(thing)?.groupId, 'prfi00new')
      await ask('thingsee', '/groups/prfi00new', { method: 'DELETE' })
      assert.deepEqual(await ask('thingsee', `/things/${thing}/group`), { data: { group_id: 'unassigned', tuid: thing } })
    })

    it('counts a thing as alerting while one of its alerts goes on', async () => {
      await start()
      simulator.state.thingsee.things.get(thing)?.alerts.push({ type: 'heartbeat missed', from: now, to: null })
      assert.deepEqual(await ask('thingsee', '/things/alerts/count'), { data: { alert_count: '3' } })
    })
  })

  describe('sensocan', () => {
    it('keeps what was sent, and nothing of a refused batch', async () => {
      await start()
      const path = `/devices/${simulator.credentials.sensocan.deviceUuid}/readings`
      await ask('sensocan', path, { method: 'POST', json: { data: [{ sensor_slug: 'temp_01', value: 1 }, { sensor_slug: 'temp_01', value: 'x' }] } }, 422)
      assert.equal(simulator.state.sensocan.readings.length, 0)
      await ask('sensocan', path, { method: 'POST', json: { data: [{ sensor_slug: 'humidity_sensor', value: 41.5, timestamp: '2026-09-13T16:00:00Z' }, { sensor_slug: 'temp_01', value: 2 }], battery_voltage: 3.7 } }, 201)
      const common = { batteryVoltage: 3.7, form: 'batch', storedAt: START }
      assert.deepEqual(simulator.state.sensocan.readings, [
        { sensorUuid: '7a8b9c0d-1234-5678-90ab-cdef12345679', value: 41.5, timestamp: '2026-09-13T16:00:00Z', timestampGiven: true, ...common },
        { sensorUuid: '7a8b9c0d-1234-5678-90ab-cdef12345678', value: 2, timestamp: '2026-09-13T17:00:00.000Z', timestampGiven: false, ...common },
      ])
    })
  })
})
