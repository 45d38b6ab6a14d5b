/**
 * What the limiter costs, and how well it keeps its limits.
 *
 * Time and memory are real; the rates are simulated with the fake clock, so they do not depend on the machine.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Limiter, type PermitRequest } from '../../src/lib/limiter/limiter'
import { FakeClock, seededRandom } from '../lib/fake-clock'
import { mostInAnyWindow, percentUsed, send, type Network } from '../lib/limiter/workload'
import { median, type Figure } from './figure'
import type { Budget } from '../../src/lib/vocabulary/budget'

const wide: Budget = { name: 'per second', limit: 1e6, window: 1000, scope: 'account' }
const three: Budget[] = [
  wide,
  { name: 'per day', limit: 1e9, window: 'day', scope: 'account' },
  { name: 'per minute', limit: 1e6, window: 60_000, scope: 'device' },
]

/** Microseconds for a request from `take` to `done`, with `batch` of them asked for at once. */
async function cost(batch: number, requestOf: (index: number) => PermitRequest): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < 7; round += 1) {
    const limiter = new Limiter({ concurrency: 10, maxQueue: Infinity })
    const total = 50_000
    const begin = performance.now()
    for (let index = 0; index < total; index += batch)
      await Promise.all(
        Array.from({ length: batch }, async (_, offset) => {
          const permit = await limiter.take(requestOf(index + offset))
          permit.done({ roundTrip: 30 + (offset % 50) })
        }),
      )
    rounds.push(((performance.now() - begin) * 1000) / total)
    limiter.close()
  }
  return median(rounds)
}

const turn = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Ms of the longest time for which the event loop did nothing else while `work` went on. */
async function longestPause(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  await turn(20)
  delay.enable()
  await turn(20)
  delay.reset()
  await work()
  await turn(20)
  delay.disable()
  return delay.max / 1e6
}

const WAITING = 100_000

async function drop(): Promise<Figure[]> {
  const heap = (): number => {
    globalThis.gc?.()
    return process.memoryUsage().heapUsed
  }
  const limiter = new Limiter({ concurrency: 0, maxQueue: WAITING })
  // What every caller has: a promise, and a place to keep it.
  const promises: Promise<unknown>[] = new Array<Promise<unknown>>(WAITING)
  const before = heap()
  const begin = performance.now()
  for (let index = 0; index < WAITING; index += 1) promises[index] = limiter.take({ budgets: three, device: `d${index % 1000}` })
  const filled = performance.now() - begin
  const bytes = (heap() - before) / WAITING
  let dropped = 0
  for (const promise of promises) promise.catch(() => (dropped += 1))
  const closing = performance.now()
  const pause = await longestPause(async () => {
    limiter.close()
    while (dropped < WAITING) await turn()
  })
  const took = performance.now() - closing
  return [
    { what: `queue ${WAITING}`, value: filled, unit: 'ms' },
    { what: 'a request in the queue', value: bytes, unit: 'bytes', most: 400 },
    { what: `queue ${WAITING}: heap`, value: (bytes * WAITING) / 1e6, unit: 'MB', most: 40 },
    { what: `drop ${WAITING}, all in all`, value: took, unit: 'ms' },
    { what: `drop ${WAITING}, longest pause`, value: pause, unit: 'ms', most: 50 },
  ]
}

/** Fills the queue in portions, as messages come in turns of the event loop, then serves it to the end, as answers do. */
async function fillAndServe(): Promise<Figure[]> {
  const PORTION = 1000
  const limiter = new Limiter({ concurrency: 16, maxQueue: WAITING })
  const held = await Promise.all(Array.from({ length: 16 }, () => limiter.take({ budgets: [wide] })))
  let served = 0
  const one = async (index: number): Promise<void> => {
    const permit = await limiter.take({ budgets: three, device: `d${index % 1000}` })
    setImmediate(() => {
      served += 1
      permit.done({ roundTrip: 30 })
    })
  }
  const filling = await longestPause(async () => {
    for (let index = 0; index < WAITING; index += 1) {
      void one(index)
      if (index % PORTION === 0) await turn()
    }
  })
  const serving = await longestPause(async () => {
    for (const permit of held) permit.done()
    while (served < WAITING) await turn(5)
  })
  limiter.close()
  return [
    { what: `queue ${WAITING} in portions of ${PORTION}, longest pause`, value: filling, unit: 'ms', most: 50 },
    { what: `serve ${WAITING}, longest pause`, value: serving, unit: 'ms', most: 50 },
  ]
}

async function abort(count: number, shared: boolean): Promise<Figure> {
  const limiter = new Limiter({ concurrency: 0, maxQueue: WAITING })
  const one = new AbortController()
  const controllers = Array.from({ length: count }, () => (shared ? one : new AbortController()))
  const all = controllers.map(({ signal }) => limiter.take({ budgets: [wide], signal }))
  const outcomes = Promise.allSettled(all)
  const reason = new Error('given up')
  const begin = performance.now()
  for (const controller of new Set(controllers)) controller.abort(reason)
  const took = performance.now() - begin
  await outcomes
  return { what: `abort ${count}, ${shared ? 'one signal' : 'a signal each'}`, value: took, unit: 'ms' }
}

async function devices(): Promise<Figure> {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const limiter = new Limiter()
  const count = 100_000
  for (let device = 0; device < count; device += 1) (await limiter.take({ budgets: three, device: `device ${device}` })).done()
  globalThis.gc?.()
  const bytes = (process.memoryUsage().heapUsed - before) / count
  limiter.close()
  return { what: 'a device with a start in its minute', value: bytes, unit: 'bytes' }
}

/** Share of the limit that is used, and the most that the vendor sees in any second, in 200 simulated seconds. */
async function rate(limit: number, jitter: number): Promise<Figure[]> {
  const random = seededRandom(limit)
  const network: Network = { there: () => 10 + random() * jitter, back: () => 10 + random() * jitter }
  const clock = new FakeClock()
  const limiter = new Limiter({ clock, concurrency: 16, maxQueue: Infinity })
  const budgets: Budget[] = [{ name: 'per second', limit, window: 1000, scope: 'account' }]
  const wanted = limit * 200
  const demand = Array.from({ length: wanted }, () => ({ at: 0, request: { budgets } }))
  const log = await send(clock, limiter, network, demand, 300_000)
  const arrivals = log.map(({ arrived }) => arrived).sort((one, other) => one - other)
  const title = `${limit} a second, jitter ${jitter} ms each way`
  return [
    { what: `${title}: most in any second`, value: mostInAnyWindow(arrivals, 1000), unit: '', most: limit },
    { what: `${title}: used`, value: percentUsed(arrivals, limit), unit: '%', least: jitter > 0 ? 94 : 98 },
  ]
}

/** All figures; those that are not acceptable have a value beyond `most` or `least`. */
export async function limiterFigures(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const batch of [1, 100, 10_000]) {
    figures.push({ what: `a request, 1 window, ${batch} at once`, value: await cost(batch, () => ({ budgets: [wide] })), unit: 'µs', most: 6 })
    const requestOf = (index: number): PermitRequest => ({ budgets: three, device: `d${index % 100}`, priority: index % 7 ? 'read' : 'command' })
    figures.push({ what: `a request, 3 windows, 100 devices, ${batch} at once`, value: await cost(batch, requestOf), unit: 'µs', most: 6 })
  }
  figures.push(...(await drop()), ...(await fillAndServe()), await abort(10_000, false), await abort(10_000, true), await abort(100_000, true), await devices())
  for (const limit of [9, 100]) for (const jitter of [0, 50]) figures.push(...(await rate(limit, jitter)))
  return figures
}
