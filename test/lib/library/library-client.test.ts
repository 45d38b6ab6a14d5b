/** What programs import, on the simulator over real sockets. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiError, createClient, type Client, type ClientOptions, type Reading, type VendorId } from '../../../src/lib'
import { startSimulator, type Simulator } from '../../simulator'
import { until } from '../../until'

const SOURCES = [220200, 220201]

describe('a client of the library', () => {
  let simulator: Simulator
  let folder: string
  const open: Pick<Client<VendorId>, 'close'>[] = []

  beforeEach(async () => {
    simulator = await startSimulator({ sensorist: { rawPage: 50 } })
    folder = await mkdtemp(join(tmpdir(), 'library-'))
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((client) => client.close()))
    await simulator.close()
    await rm(folder, { recursive: true, force: true })
  })

  function clientOf<V extends VendorId>(options: ClientOptions<V>): Client<V> {
    const client = createClient(options)
    open.push(client)
    return client
  }

  const sensorist = (more: Partial<ClientOptions<'sensorist'>> = {}): Client<'sensorist'> =>
    clientOf({ vendor: 'sensorist', credentials: simulator.credentials.sensorist, settings: { baseUrl: simulator.urls.sensorist, requestsPerSecond: 100 }, ...more })

  const sensocan = (more: Partial<ClientOptions<'sensocan'>> = {}): Client<'sensocan'> => {
    const { accessToken, deviceUuid } = simulator.credentials.sensocan
    return clientOf({ vendor: 'sensocan', credentials: { accessToken }, settings: { baseUrl: simulator.urls.sensocan, deviceUuid }, store: { folder }, ...more })
  }

  const paths = (): string[] => simulator.requests.map(({ path }) => path)

  describe('reading', () => {
    it('gives readings where an operation has some', async () => {
      const readings: Reading[] = await sensorist().get('measurements-latest', { dataSources: SOURCES })
      assert.deepEqual(readings.map(({ vendor, quantity, unit }) => [vendor, quantity, unit]), [['sensorist', 'temperature', '°C'], ['sensorist', 'humidity', '%']])
    })

    it('gives the data of the vendor where an operation has none', async () => {
      const gateways = await sensorist().get('gateways')
      assert.ok(Array.isArray(gateways) && gateways.length > 0)
    })

    it('tells how it was answered', async () => {
      const client = sensorist()
      await client.get('measurements-latest', { dataSources: SOURCES })
      const { data, readings, response } = await client.call('measurements-latest', { dataSources: SOURCES })
      assert.equal(readings.length, 2)
      assert.deepEqual(Object.keys(data as object), ['220200', '220201'])
      assert.deepEqual([response.operation, response.cached, response.attempts], ['measurements-latest', true, 0])
      const { response: asked } = await client.call('measurements-latest', { dataSources: SOURCES }, { fresh: true })
      assert.deepEqual([asked.cached, asked.attempts > 0], [false, true])
    })

    it('reads page by page what `get` gives as one', async () => {
      const client = sensorist()
      const params = { dataSources: SOURCES, from: '-2d' } as const
      const pages: Reading[][] = []
      for await (const { readings } of client.pages('measurements-raw', params)) pages.push(readings)
      assert.ok(pages.length > 1)
      assert.deepEqual((await client.get('measurements-raw', params)).length, pages.flat().length)
    })

    it('names vendor, operation and input in an error', async () => {
      await assert.rejects(sensorist().get('measurements-latest', { dataSources: 'cellar' }), (error) => {
        assert.ok(error instanceof ApiError)
        assert.equal(error.code, 'INVALID')
        assert.match(error.message, /^Sensorist, Latest measurements: "Data sources" /)
        return true
      })
    })

    it('ends when its signal is aborted', async () => {
      const stop = new AbortController()
      simulator.faults.always({ delay: 30_000 })
      const reading = sensorist().get('measurements-latest', { dataSources: SOURCES }, { signal: stop.signal })
      stop.abort()
      await assert.rejects(reading, { code: 'CLOSED', message: 'the call was aborted by its signal' })
    })
  })

  describe('reading only what is new', () => {
    const params = { dataSources: SOURCES, from: '-6h' } as const
    const read = async (client: Client<'sensorist'>): Promise<number> => {
      let count = 0
      for await (const { readings } of client.since('measurements-raw', params, { fresh: true })) count += readings.length
      return count
    }

    it('goes on where it was, also in the next run', async () => {
      const first = sensorist({ store: { folder } })
      assert.ok((await read(first)) > 0)
      assert.equal(await read(first), 0)
      await first.close()
      assert.equal(await read(sensorist({ store: { folder } })), 0)
    })

    it('gives a page again whose loop ended early, and holds up no other read', async () => {
      const client = sensorist({ store: { folder } })
      const firstPage = async (): Promise<Reading[]> => {
        for await (const { readings } of client.since('measurements-raw', params)) return readings
        return []
      }
      const first = await firstPage()
      assert.ok(first.length > 0)
      assert.deepEqual(await firstPage(), first)
    })

    it('needs a store', async () => {
      await assert.rejects(read(sensorist()), { code: 'CONFIG', message: /createClient a store/ })
    })
  })

  describe('writing', () => {
    it('sends once, and leaves alone what exists where it is told to', async () => {
      const client = sensorist()
      const alarm = { dataSource: 220200, value: 30, direction: 'above' } as const
      const { existing, response } = await client.send('create-alarm', alarm)
      assert.deepEqual([existing, response.attempts], [false, 1])
      assert.equal((await client.send('create-alarm', alarm, { ifAbsent: true })).existing, true)
      assert.equal(simulator.requests.filter(({ method }) => method === 'POST').length, 1)
    })
  })

  describe('the outbox', () => {
    const reading = (value: number): { readings: object } => ({ readings: { sensorSlug: 'temp_01', value } })

    it('delivers what it has kept', async () => {
      const device = sensocan()
      const { delivered } = await device.outbox.add('auto', reading(21.5), { batchWindow: 0 })
      const response = await delivered
      assert.ok(typeof response === 'object' && response.statusCode === 201, JSON.stringify(response))
      await until(async () => (await device.outbox.state()).depth === 0)
    })

    it('delivers in the next run what the cloud did not take in this one', async () => {
      const { port } = simulator
      await simulator.close()
      const first = sensocan({ settings: { baseUrl: `http://127.0.0.1:${port}/sensocan/api/v1`, deviceUuid: simulator.credentials.sensocan.deviceUuid } })
      const { delivered } = await first.outbox.add('auto', reading(3))
      assert.equal((await first.outbox.state()).depth, 1)
      await first.close()
      assert.equal(await delivered, 'kept')
      simulator = await startSimulator()
      const second = sensocan()
      const { delivered: next } = await second.outbox.add('auto', reading(4), { batchWindow: 0 })
      await next
      await until(async () => (await second.outbox.state()).depth === 0)
      assert.ok(paths().some((path) => path.endsWith('/readings')))
    })

    it('names a reading that is wrong, and needs a vendor that takes readings', async () => {
      await assert.rejects(sensocan().outbox.add('auto', { readings: { sensorSlug: 'temp_01' } }), { code: 'INVALID', message: /"Readings"/ })
      await assert.rejects(sensorist({ store: { folder: join(folder, 'other') } }).outbox.state(), { code: 'CONFIG', message: /Sensorist takes no readings/ })
    })
  })

  describe('its options', () => {
    it('are checked at once', () => {
      assert.throws(() => sensorist({ credentials: { email: 'me@example.com', password: '' } }), { name: 'ApiError', code: 'CONFIG', message: /Password is missing/ })
      assert.throws(() => sensorist({ settings: { baseUrl: 'http://cloud.example' } }), { code: 'CONFIG' })
      assert.throws(() => sensorist({ vendor: 'senso' as 'sensorist' }), { code: 'CONFIG', message: /there is no vendor "senso"; give one of: .*sensorist/ })
    })

    it('give two clients of one store two names', async () => {
      const first = sensocan()
      assert.throws(() => sensocan(), { code: 'CONFIG', message: /called "sensocan" already/ })
      sensocan({ name: 'boiler' })
      await first.close()
      sensocan()
    })

    it('name an operation that the vendor has', async () => {
      await assert.rejects(sensorist().get('gateway-command' as 'gateways'), { code: 'CONFIG', message: /no such operation as "gateway-command"; give one of: .*gateways/ })
    })

    it('let clients of one account share its limits', async () => {
      const [one, other] = [sensorist(), sensorist()]
      await one.get('gateways')
      const { limits, requests } = await other.usage()
      assert.ok(requests >= 1)
      assert.deepEqual(limits.map(({ name, limit }) => [name, limit]), [['per second', 100]])
    })
  })

  it('ends what is in flight when it is closed, and takes nothing more', async () => {
    simulator.faults.always({ delay: 30_000 })
    const client = sensorist({ store: { folder } })
    const reading = client.get('gateways')
    const closed = assert.rejects(reading, { code: 'CLOSED', message: 'the client was closed; create another one' })
    await client.usage()
    await client.close()
    await client.close()
    await closed
    await assert.rejects(client.get('gateways'), { code: 'CLOSED' })
  })
})
