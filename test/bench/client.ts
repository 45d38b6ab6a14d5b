/** What the client adds to the requests that it sends: throughput beside bare axios on the same kind of agent. */
import { setMaxListeners } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import axios from 'axios'
import { Account } from '../../src/lib/client/account'
import { Call } from '../../src/lib/client/call'
import { ClientPool } from '../../src/lib/client/pool'
import { median, type Figure } from './figure'
import { things, vendor } from './vendor'

const AT_ONCE = 16
const REQUESTS = 2_000
const ROUNDS = 5

/** Requests a second with `AT_ONCE` of them in flight. */
async function rate(send: (index: number) => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < REQUESTS) await send(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return (REQUESTS / (performance.now() - begin)) * 1000
}

export async function clientFigures(): Promise<Figure[]> {
  const answer = JSON.stringify({ data: Array.from({ length: 20 }, (_, index) => ({ id: index, value: index / 3 })) })
  const server = http.createServer((_request, response) => response.setHeader('content-type', 'application/json').end(answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const account = new Account({ vendor, settings: { baseUrl: origin }, credentials: { token: 'bench-token' } }, new ClientPool())
  const { signal } = new AbortController()
  setMaxListeners(0, signal)
  const ours = async (index: number): Promise<unknown> => (await new Call(account, 'things', things, { signal }).pages({ id: index }).next()).value
  const bare = (index: number): Promise<unknown> => axios.get(`${origin}/things/${index}`, { httpAgent: agent, headers: { authorization: 'Bearer bench-token' } })
  const rates = { ours: [] as number[], bare: [] as number[] }
  await rate(bare)
  await rate(ours)
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.bare.push(await rate(bare))
    rates.ours.push(await rate(ours))
  }
  const ratios = rates.ours.map((value, round) => value / (rates.bare[round] ?? NaN))
  await account.close()
  agent.destroy()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  return [
    { what: `bare axios, ${AT_ONCE} in flight`, value: median(rates.bare), unit: 'requests/s' },
    { what: `the client, ${AT_ONCE} in flight`, value: median(rates.ours), unit: 'requests/s' },
    { what: 'the client beside bare axios, round by round', value: median(ratios), unit: 'of it', least: 1 },
  ]
}
