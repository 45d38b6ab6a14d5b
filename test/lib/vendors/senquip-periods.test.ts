/** "Optional - Default (1)" is all that the document says of `datapoints` [S0]: nothing may be lost whatever a period without it gives. */
import assert from 'node:assert/strict'
import { Account } from '../../../src/lib/client/account'
import { Call } from '../../../src/lib/client/call'
import { ClientPool } from '../../../src/lib/client/pool'
import { vendors } from '../../../src/lib/vendors'
import type { Occurrence } from '../../../src/lib/vocabulary/events'
import type { Operation } from '../../../src/lib/vocabulary/operation'
import { startSimulator, type Simulator } from '../../simulator'

const DEVICE = 'SIMHOST04'
const MINUTE = 60_000

for (const id of ['senquip', 'senquip-v1'] as const)
  for (const periodWithoutNumber of ['one', 'all'] as const)
    describe(`${id}, where a period without a number gives ${periodWithoutNumber}`, () => {
      let simulator: Simulator
      let account: Account

      before(async () => {
        simulator = await startSimulator({
          senquip: { periodWithoutNumber }, senquipV1: { periodWithoutNumber }, limits: { senquipPerSecond: false, senquipPerDay: false },
        })
        const { urls, credentials } = simulator
        const settings = { baseUrl: urls.senquip, hostedDevices: 500, tokenUrl: urls.senquipV1.token, endpointUrl: urls.senquipV1.endpoint, requestsPerSecond: 500 }
        const secrets = id === 'senquip' ? credentials.senquip : credentials.senquipV1
        account = new Account({ vendor: vendors[id], settings, credentials: secrets, routes: {} }, new ClientPool())
      })
      beforeEach(() => {
        const device = devices().get(DEVICE)
        assert.ok(device)
        Object.assign(device, { generated: false, messages: [] })
      })
      after(async () => {
        await account.close()
        await simulator.close()
      })

      const devices = () => simulator.state[id === 'senquip' ? 'senquip' : 'senquipV1'].devices

      /** Without those for names. */
      const requests = (): number => simulator.requests.filter(({ url }) => url.includes(DEVICE)).length

      /** Messages each `step` ms from epoch ms `from` on. */
      const arrange = (count: number, from: number, step: number, name = 'm'): void => {
        for (let index = 0; index < count; index += 1)
          devices().get(DEVICE)?.messages.push({ deviceid: DEVICE, ts: (from + index * step) / 1000, cp1: `${name}${index}`, events: [{ topic: `${name}${index}`, msg: 'Low', lv: 30 }] })
      }

      const call = (operation: Operation = vendors[id].operations['device-data']) =>
        new Call(account, 'device-data', operation, { signal: new AbortController().signal, fresh: true })

      it('reads all of a period, and one datapoint without one', async () => {
        const now = Date.now()
        arrange(30, now - 30 * MINUTE, MINUTE)
        const read = async (params: object): Promise<unknown[]> => {
          for await (const { data } of call().pages({ deviceId: DEVICE, ...params })) return data as unknown[]
          return []
        }
        assert.equal((await read({ from: now - 20.5 * MINUTE })).length, 20)
        assert.equal((await read({ to: now - 20.5 * MINUTE })).length, 10)
        assert.equal((await read({ from: now - 20.5 * MINUTE, datapoints: 3 })).length, 3)
        assert.equal((await read({})).length, 1)
      })

      it('reads since last without a gap', async () => {
        const now = Date.now()
        const given: unknown[] = []
        let cursor: unknown
        const look = async (): Promise<void> => {
          for await (const page of call().since({ deviceId: DEVICE, from: now - 30.5 * MINUTE }, cursor)) {
            given.push(...(page.data as { cp1: unknown }[]).map(({ cp1 }) => cp1))
            cursor = page.cursor
          }
        }
        arrange(10, now - 30 * MINUTE, MINUTE)
        await look()
        assert.equal(given.length, 10, 'the first read gives all of the period')
        arrange(15, now - 18 * MINUTE, MINUTE, 'later')
        const before = requests()
        await look()
        assert.equal(new Set(given).size, 25)
        assert.equal(given.length, 25)
        assert.equal(requests() - before, 1, 'one request a look')
      })

      it('finds all events, also where they are more than one answer holds', async () => {
        const { events } = vendors[id]
        const now = Date.now()
        const from = now - 600 * MINUTE
        arrange(10_030, from + 1000, 2000)
        const seen = new Set<string>()
        for await (const { data } of call(events.read(from)).pages({ deviceId: DEVICE })) for (const { event } of data as Occurrence[]) seen.add(event)
        assert.equal(seen.size, 10_030)
      })
    })
