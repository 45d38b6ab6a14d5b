/** Our `get data` node beside the core `http request` node: the same server, the same flow around it. */
import type { FlowNode } from '../../demo/flows'
import { apart } from './apart'
import { startCloud } from './cloud'
import { median, type Figure } from './figure'
import { account, API_KEY, core, deviceId, ours, startFlows, type FlowMessage, type Runtime } from './runtime'

const AT_ONCE = 16
const REQUESTS = 2_000
const ROUNDS = 5

const KINDS = ['get data', 'http request', 'http request, connections kept'] as const
type Kind = (typeof KINDS)[number]

/** A tab with junction, node under test, junction, for each kind; what fails is counted as an end too. */
function flows(origin: string): FlowNode[] {
  return [
    account('account of all', origin, 1_000_000),
    ...KINDS.flatMap((kind, index) => {
      const z = `tab ${index}`
      const wires = [`out of ${kind}`]
      return [
        { id: z, type: 'tab', label: kind },
        { id: `into ${kind}`, z, type: 'junction', wires: [[`node ${kind}`]] },
        kind === 'get data' ? ours(`node ${kind}`, z, 'account of all', wires) : core(`node ${kind}`, z, origin, wires, kind !== 'http request'),
        { id: `out of ${kind}`, z, type: 'junction', wires: [[]] },
        { id: `failed ${kind}`, z, type: 'catch', scope: [`node ${kind}`], wires: [wires] },
      ]
    }),
  ]
}

/** Sends `total` messages through a node with at most `atOnce` in it; resolves when all are through. */
function through(runtime: Runtime, kind: Kind, total: number, atOnce: number): Promise<void> {
  const [source, sink] = [runtime.node(`into ${kind}`), runtime.node(`out of ${kind}`)]
  let sent = 0
  let ended = 0
  const send = (): void => {
    if (sent < total) source.receive({ payload: deviceId(sent++) })
  }
  return new Promise((resolve, reject) => {
    const end = (message: FlowMessage): void => {
      if (message.error ?? (message.statusCode ?? 200) !== 200) reject(new Error(`${kind}: ${message.error?.message ?? message.statusCode ?? ''}`))
      ended += 1
      send()
      if (ended < total) return
      sink.off('input', end)
      resolve()
    }
    sink.on('input', end)
    for (let index = 0; index < atOnce; index += 1) send()
  })
}

async function withRuntime<T>(delay: number, work: (runtime: Runtime, sockets: () => Promise<number>) => Promise<T>): Promise<T> {
  const cloud = await startCloud({ delay })
  const runtime = await startFlows({ nodes: flows(cloud.origin), credentials: { 'account of all': { apiKey: API_KEY } } })
  try {
    return await work(runtime, async () => (await cloud.counts()).mostSockets)
  } finally {
    await runtime.stop()
    await cloud.close()
  }
}

/** Requests a second of each kind, taken in turns, so that a slow moment of the machine hits all alike. */
function rates(): Promise<Record<Kind, number[]>> {
  return withRuntime(0, async (runtime) => {
    const measured: Record<Kind, number[]> = { 'get data': [], 'http request': [], 'http request, connections kept': [] }
    for (const kind of KINDS) await through(runtime, kind, REQUESTS, AT_ONCE)
    for (let round = 0; round < ROUNDS; round += 1)
      for (const kind of KINDS) {
        const begin = performance.now()
        await through(runtime, kind, REQUESTS, AT_ONCE)
        measured[kind].push((REQUESTS / (performance.now() - begin)) * 1000)
      }
    return measured
  })
}

export interface Burst {
  /** MB above what was there before. */
  rss: number
  heap: number
  sockets: number
  seconds: number
}

/** All messages at once, against a server that takes 100 ms. */
export function burst(kind: Kind): Promise<Burst> {
  return withRuntime(100, async (runtime, sockets) => {
    await through(runtime, kind, 50, AT_ONCE)
    global.gc?.()
    const before = process.memoryUsage()
    const most = { rss: 0, heap: 0 }
    const sample = (): void => {
      const { rss, heapUsed } = process.memoryUsage()
      most.rss = Math.max(most.rss, rss - before.rss)
      most.heap = Math.max(most.heap, heapUsed - before.heapUsed)
    }
    const timer = setInterval(sample, 10)
    const begin = performance.now()
    await through(runtime, kind, REQUESTS, REQUESTS)
    const seconds = (performance.now() - begin) / 1000
    sample()
    clearInterval(timer)
    return { rss: most.rss / 1e6, heap: most.heap / 1e6, sockets: await sockets(), seconds }
  })
}

export async function coreFigures(): Promise<Figure[]> {
  const measured = await rates()
  const ratio = (other: Kind): number => median(measured['get data'].map((value, round) => value / (measured[other][round] ?? NaN)))
  const figures: Figure[] = KINDS.map((kind) => ({ what: `${kind}, ${AT_ONCE} in flight`, value: median(measured[kind]), unit: 'messages/s' }))
  figures.push({ what: 'get data beside http request, round by round', value: ratio('http request'), unit: 'times', least: 2 })
  figures.push({ what: 'get data beside http request with connections kept', value: ratio('http request, connections kept'), unit: 'times', least: 2 })
  for (const kind of KINDS) {
    const { rss, heap, sockets, seconds } = await apart<Burst>(__filename, 'burst', kind)
    const marks = kind === 'get data' ? { rss: { most: 150 }, sockets: { most: 16 } } : { rss: {}, sockets: {} }
    const title = `${kind}, ${REQUESTS} at once`
    figures.push({ what: `${title}: resident memory more than before`, value: rss, unit: 'MB', ...marks.rss })
    figures.push({ what: `${title}: heap more than before`, value: heap, unit: 'MB' })
    figures.push({ what: `${title}: sockets`, value: sockets, unit: '', ...marks.sockets })
    figures.push({ what: `${title}: time`, value: seconds, unit: 's' })
  }
  return figures
}
