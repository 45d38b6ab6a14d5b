/** What the client adds to the requests that it sends: throughput beside bare axios on the same kind of agent. */
import { setMaxListeners } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import axios from 'axios'
import { Account } from '../../src/lib/client/account'
import { Call } from '../../src/lib/client/call'
import { Client } from '../../src/lib/client/client'
import { ClientPool } from '../../src/lib/client/pool'
import { RequestJournal, type JournalEntry } from '../../src/lib/client/request-journal'
import { systemClock } from '../../src/lib/base/clock'
import { median, type Figure } from './figure'
import { things, vendor } from './vendor'

const AT_ONCE = 16
const REQUESTS = 2_000
const ROUNDS = 5
/** Short ones in turns, so that what else the machine does hits both sides alike. */
const SHORT_ROUNDS = 200
const SHORT = 250

const entry: JournalEntry = new RequestJournal(systemClock).begin({ operation: 'things', route: '' })

/** Keeps nothing, so that the journal's share of a request can be measured. */
class NoJournal extends RequestJournal {
  override begin = (): JournalEntry => entry
  override sending = (): void => undefined
  override answered = (): void => undefined
  override ended = (): void => undefined
  override add = (): void => undefined
}

/** The client of an account without a journal. */
class PoolWithoutJournal extends ClientPool {
  override acquire(...[given, address, credentials]: Parameters<ClientPool['acquire']>): ReturnType<ClientPool['acquire']> {
    const client = new Client(given, credentials, systemClock, address.href, new NoJournal(systemClock))
    return { client, release: () => Promise.resolve() }
  }
}

type Send = (index: number) => Promise<unknown>

/** Sends requests with `AT_ONCE` of them in flight. */
async function run(send: Send, requests: number): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < requests) await send(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** Requests a second. */
async function rate(send: Send): Promise<number> {
  const begin = performance.now()
  await run(send, REQUESTS)
  return (REQUESTS / (performance.now() - begin)) * 1000
}

/** µs of the processor, which other processes of a busy machine hardly change. */
async function effort(send: Send): Promise<number> {
  const before = process.cpuUsage()
  await run(send, SHORT)
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** Throughput of one way of sending beside another, by the time of the processor: the median of many short rounds. */
async function beside(one: Send, other: Send): Promise<number> {
  const ratios: number[] = []
  for (let round = 0; round < SHORT_ROUNDS; round += 1) {
    // In turns, since the second of two is often the faster one.
    const [first, second] = round % 2 === 0 ? [one, other] : [other, one]
    const [before, after] = [await effort(first), await effort(second)]
    ratios.push(round % 2 === 0 ? after / before : before / after)
  }
  return median(ratios)
}

export async function clientFigures(): Promise<Figure[]> {
  const answer = JSON.stringify({ data: Array.from({ length: 20 }, (_, index) => ({ id: index, value: index / 3 })) })
  const server = http.createServer((_request, response) => response.setHeader('content-type', 'application/json').end(answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const config = { vendor, settings: { baseUrl: origin }, credentials: { token: 'bench-token' } }
  const account = new Account(config, new ClientPool())
  const plain = new Account(config, new PoolWithoutJournal())
  const { signal } = new AbortController()
  setMaxListeners(0, signal)
  const through = (client: Account) => async (index: number): Promise<unknown> => (await new Call(client, 'things', things, { signal, msgid: '7d1f0c3b5a9e2468' }).pages({ id: index }).next()).value
  const ours = through(account)
  const withoutJournal = through(plain)
  const bare = (index: number): Promise<unknown> => axios.get(`${origin}/things/${index}`, { httpAgent: agent, headers: { authorization: 'Bearer bench-token' } })
  const rates = { ours: [] as number[], bare: [] as number[] }
  await rate(bare)
  await rate(ours)
  await rate(withoutJournal)
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.bare.push(await rate(bare))
    rates.ours.push(await rate(ours))
  }
  const ratios = rates.ours.map((value, round) => value / (rates.bare[round] ?? NaN))
  const besidePlain = await beside(ours, withoutJournal)
  await account.close()
  await plain.close()
  agent.destroy()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  return [
    { what: `bare axios, ${AT_ONCE} in flight`, value: median(rates.bare), unit: 'requests/s' },
    { what: `the client, ${AT_ONCE} in flight`, value: median(rates.ours), unit: 'requests/s' },
    { what: 'the client beside bare axios, round by round', value: median(ratios), unit: 'of it', least: 1 },
    { what: 'the client with its journal beside one without, by processor time', value: besidePlain, unit: 'of it', least: 0.98 },
  ]
}
