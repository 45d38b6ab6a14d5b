/** A minute of faults: every call ends, and no write that is not known to have failed is sent again. */
import { setMaxListeners } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Account } from '../../src/lib/client/account'
import { Call } from '../../src/lib/client/call'
import { ApiError } from '../../src/lib/base/api-error'
import { ClientPool } from '../../src/lib/client/pool'
import { seededRandom } from '../lib/fake-clock'
import type { Figure } from './figure'
import { change, things, vendor } from './vendor'

const DURATION = 60_000
/** ms between two calls; every fifth is a write. */
const EVERY = 20
/** Share of the requests that a fault hits. */
const FAULTY = 0.3
/** Nothing answers in the seconds 20 to 25 and 40 to 45. */
const isDown = (ms: number): boolean => [20_000, 40_000].some((from) => ms >= from && ms < from + 5_000)

type Fault = 'reset before' | 'reset after' | 'unavailable' | 'truncated'
const FAULTS: readonly Fault[] = ['reset before', 'reset after', 'unavailable', 'truncated']

interface FaultyVendor {
  origin: string
  faults: Map<Fault, number>
  /** How often each write has arrived, by its id. */
  writes: Map<string, number>
  close(): Promise<void>
}

async function startFaultyVendor(): Promise<FaultyVendor> {
  const random = seededRandom(3)
  const begin = performance.now()
  const faults = new Map<Fault, number>()
  const writes = new Map<string, number>()
  const next = (): Fault | undefined => {
    if (isDown(performance.now() - begin)) return 'reset before'
    return random() < FAULTY ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined
  }
  const server = http.createServer((request, response) => {
    const fault = next()
    if (fault) faults.set(fault, (faults.get(fault) ?? 0) + 1)
    if (request.method === 'POST') writes.set(request.url ?? '', (writes.get(request.url ?? '') ?? 0) + 1)
    request.resume().once('end', () => answer(response, fault))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    writes,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(response: http.ServerResponse, fault: Fault | undefined): void {
  const body = JSON.stringify({ data: 'x'.repeat(500) })
  response.setHeader('content-type', 'application/json')
  if (fault === 'reset before') response.socket?.resetAndDestroy()
  else if (fault === 'unavailable') response.writeHead(503).end()
  else if (fault) {
    response.setHeader('content-length', body.length)
    // The part has left before the socket ends, so that the client sees a cut answer.
    response.write(body.slice(0, body.length >> 1), () => (fault === 'truncated' ? response.socket?.destroy() : response.socket?.resetAndDestroy()))
  } else response.end(body)
}

interface Outcome {
  answered: number
  failed: number
  /** Ended by what is no ApiError. */
  unexplained: number
}

/** Calls at a steady pace until the time is over; gives them when all have ended. */
async function callAll(account: Account): Promise<{ calls: number; outcome: Outcome }> {
  const { signal } = new AbortController()
  setMaxListeners(0, signal)
  const outcome: Outcome = { answered: 0, failed: 0, unexplained: 0 }
  const one = async (index: number): Promise<void> => {
    try {
      if (index % 5 === 0) await new Call(account, 'change', change, { signal }).write({ id: index }, false)
      else await new Call(account, 'things', things, { signal }).pages({ id: index }).next()
      outcome.answered += 1
    } catch (error) {
      outcome.failed += 1
      if (!(error instanceof ApiError)) outcome.unexplained += 1
    }
  }
  const calls: Promise<void>[] = []
  const begin = performance.now()
  while (performance.now() - begin < DURATION) {
    calls.push(one(calls.length))
    await wait(EVERY)
  }
  // Whatever has not ended by then is lost; the longest chain of tries takes a few seconds.
  await Promise.race([Promise.all(calls), wait(60_000, undefined, { ref: false })])
  return { calls: calls.length, outcome }
}

export async function outagesFigures(): Promise<Figure[]> {
  const faulty = await startFaultyVendor()
  const account = new Account({ vendor, settings: { baseUrl: faulty.origin }, credentials: { token: 'bench-token' } }, new ClientPool())
  const { calls, outcome } = await callAll(account)
  const { queued, running } = account.client.limiter
  await account.close()
  await faulty.close()
  const doubled = [...faulty.writes.values()].filter((times) => times > 1).length
  return [
    { what: 'calls', value: calls, unit: '' },
    ...FAULTS.map((fault) => ({ what: `requests hit by: ${fault}`, value: faulty.faults.get(fault) ?? 0, unit: '' })),
    { what: 'answered', value: outcome.answered, unit: '' },
    { what: 'ended with an error', value: outcome.failed, unit: '' },
    { what: 'ended with an error that explains nothing', value: outcome.unexplained, unit: '', most: 0 },
    { what: 'neither', value: calls - outcome.answered - outcome.failed, unit: '', most: 0 },
    { what: 'places in queue or flight that are still taken', value: queued + running, unit: '', most: 0 },
    { what: 'writes that arrived', value: faulty.writes.size, unit: '' },
    { what: 'writes that arrived more than once', value: doubled, unit: '', most: 0 },
  ]
}
