/** Ten charts on one Sensorist account: how often the vendor is really asked. */
import { Account } from '../../src/lib/client/account'
import { Call } from '../../src/lib/client/call'
import { ClientPool } from '../../src/lib/client/pool'
import { operationsOf } from '../../src/lib/vocabulary/vendor'
import sensorist from '../../src/lib/vendors/sensorist'
import { mostInAnyWindow } from '../lib/limiter/workload'
import { FakeClock } from '../lib/fake-clock'
import { startSimulator } from '../simulator'
import type { Figure } from './figure'

const MINUTE = 60_000
const MINUTES = 60

interface Chart {
  operation: string
  params: Record<string, unknown>
}

const chart = (operation: string, params: Record<string, unknown> = {}): Chart => ({ operation, params })
const day = { from: '2026-03-09T00:00:00Z', to: '2026-03-10T00:00:00Z' }

/** Three show the same latest values, two the same day. */
const CHARTS: readonly Chart[] = [
  chart('measurements-latest', { dataSources: '220200' }),
  chart('measurements-latest', { dataSources: '220200' }),
  chart('measurements-latest', { dataSources: '220200' }),
  chart('measurements-latest', { dataSources: '220201' }),
  chart('measurements-range', { dataSources: '220200', ...day }),
  chart('measurements-range', { dataSources: '220200', ...day }),
  chart('measurements-min-max', { dataSources: '220201', ...day }),
  chart('gateways'),
  chart('users'),
  chart('alarms'),
]

/** An hour of polls; the simulator's clock is the client's, and passes while answers are on their way. */
async function hour(maxAge: number): Promise<Figure[]> {
  const clock = new FakeClock()
  const simulator = await startSimulator({ now: () => clock.now(), maxAge })
  const pool = new ClientPool(clock)
  const account = new Account({ vendor: sensorist, settings: { baseUrl: simulator.urls.sensorist }, credentials: simulator.credentials.sensorist }, pool)
  const operations = operationsOf(sensorist, 'get-data')
  const { signal } = new AbortController()
  const poll = async ({ operation, params }: Chart): Promise<void> => {
    const pages = new Call(account, operation, operations[operation]!, { signal }).pages(params)
    while (!(await pages.next()).done) continue
  }
  let polls = 0
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const begin = clock.monotonic()
    let waiting = CHARTS.length
    const all = Promise.all(CHARTS.map((one) => poll(one).finally(() => (waiting -= 1))))
    while (waiting > 0) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      await clock.advance(10)
    }
    await all
    polls += CHARTS.length
    await clock.advance(begin + MINUTE - clock.monotonic())
  }
  const asked = new Map<string, number[]>()
  for (const { url, at } of simulator.requests) asked.set(url, [...(asked.get(url) ?? []), at])
  await account.close()
  await simulator.close()
  const title = `max-age ${maxAge} s`
  return [
    { what: `${title}: polls of ${CHARTS.length} charts`, value: polls, unit: '' },
    { what: `${title}: different resources`, value: asked.size, unit: '' },
    { what: `${title}: requests`, value: simulator.requests.length, unit: '', most: asked.size * Math.ceil((MINUTES * MINUTE) / (maxAge * 1000)) },
    { what: `${title}: most for a resource in any max-age`, value: Math.max(...[...asked.values()].map((times) => mostInAnyWindow(times, maxAge * 1000))), unit: '', most: 1 },
  ]
}

export const chartsFigures = async (): Promise<Figure[]> => [...(await hour(900)), ...(await hour(60))]
