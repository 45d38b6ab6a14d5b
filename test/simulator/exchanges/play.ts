import assert from 'node:assert/strict'
import { startSimulator } from '..'
import { authorization, baseOf, call } from './call'
import type { Exchange } from './exchange'
import { mismatches } from './shape'

/** Of the day of the live captures [R2]. */
const NOW = Date.UTC(2026, 8, 13, 17)

/** Sends the request of an exchange to a new simulator, and compares the answer. */
export async function play(exchange: Exchange): Promise<void> {
  const simulator = await startSimulator({ now: () => NOW })
  try {
    exchange.arrange?.(simulator)
    const account = exchange.anonymous ? {} : await authorization(simulator, exchange.vendor)
    const headers = { ...account, ...exchange.call.headers }
    const answer = await call(baseOf(simulator, exchange.vendor) + exchange.path, { ...exchange.call, headers })
    assert.equal(answer.status, exchange.status, answer.text)
    for (const [name, expected] of Object.entries(exchange.headers ?? {})) {
      const actual = String(answer.headers[name])
      if (typeof expected === 'string') assert.equal(actual, expected, name)
      else assert.match(actual, expected, name)
    }
    assert.deepEqual(mismatches(exchange.body, answer.json()), [])
  } finally {
    await simulator.close()
  }
}
