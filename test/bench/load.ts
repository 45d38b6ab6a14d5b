/** What the package costs a Node-RED that has it installed: time, modules and memory at its start, and over many deploys. */
import { createServer } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import RED, { type Node } from 'node-red'
import { startNodeRed } from '../../demo/runtime'
import { startSimulator } from '../simulator'
import { ROOT } from '../package/installation'
import { apart } from './apart'
import { median, type Figure } from './figure'

/** Fresh processes of each kind, in turns. */
const ROUNDS = 7
const DEPLOYS = 1000

interface Start {
  /** Resident bytes once the flows run. */
  resident: number
  modules: number
  /** Ms from the begin of the start until the flows run. */
  started: number
}

interface StartOptions {
  withPackage: boolean
  nodes: object[]
  credentials?: object
  /** Whether the flow makes its read before memory and modules are counted. */
  reads?: boolean
}

const collect = (): void => {
  for (let round = 0; round < 4; round += 1) global.gc?.()
}

/** Starts a Node-RED in this process, which nothing else has used. */
export async function startOnce({ withPackage, nodes, credentials = {}, reads = false }: StartOptions): Promise<Start> {
  const userDir = mkdtempSync(join(tmpdir(), 'sensor-clouds-load-'))
  const began = performance.now()
  const stop = await startNodeRed(createServer(), 0, userDir, { nodes: nodes as never, credentials: credentials as never }, withPackage ? [ROOT] : [])
  const started = performance.now() - began
  if (reads) await readOnce()
  collect()
  const figures = { resident: process.memoryUsage.rss(), modules: Object.keys(require.cache).length, started }
  await stop()
  rmSync(userDir, { recursive: true, force: true })
  return figures
}

/** One read of the flow that is deployed. @throws Error when it fails or takes too long */
async function readOnce(): Promise<void> {
  const find = (id: string): Node => {
    const { getNode } = RED.nodes as { getNode?: (id: string) => Node | null }
    const node = getNode?.(id)
    if (!node) throw new Error(`the flow has no node ${id}`)
    return node
  }
  let timer: NodeJS.Timeout | undefined
  const ended = new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the read takes too long')), 10_000)
    find('out').on('input', () => resolve())
    find('failed').on('input', (message) => reject(new Error(`the read failed: ${JSON.stringify(message)}`)))
  })
  find('read').receive({})
  await ended.finally(() => clearTimeout(timer))
}

/** Deploys the same flow again and again. @returns resident bytes after a tenth of the deploys, and after all */
export async function deployOften(): Promise<{ early: number; late: number }> {
  const userDir = mkdtempSync(join(tmpdir(), 'sensor-clouds-load-'))
  const stop = await startNodeRed(createServer(), 0, userDir, { nodes: USED as never, credentials: {} }, [ROOT])
  const runtime = RED.runtime as unknown as { flows: { setFlows(options: object): Promise<unknown> } }
  let early = 0
  for (let deploy = 1; deploy <= DEPLOYS; deploy += 1) {
    await runtime.flows.setFlows({ flows: { flows: USED.map((node) => ({ ...node })) }, deploymentType: 'full', req: {} })
    if (deploy === DEPLOYS / 10) {
      collect()
      early = process.memoryUsage.rss()
    }
  }
  collect()
  const late = process.memoryUsage.rss()
  await stop()
  rmSync(userDir, { recursive: true, force: true })
  return { early, late }
}

/** Takes what it gets, and does nothing. */
const sink = (id: string): object => ({ id, z: 'tab', type: 'change', rules: [], x: 300, y: 100, wires: [[]] })

/** A flow with one account and one node of ours, which reads when it gets a message. */
const usedFlow = (baseUrl: string): object[] => [
  { id: 'tab', type: 'tab', label: 'load' },
  { id: 'account', type: 'sensorist-account', name: '', baseUrl },
  {
    id: 'read', z: 'tab', type: 'sensor-cloud-get-data', vendor: 'sensorist', accountSensorist: 'account', operation: 'measurements-latest',
    params: { dataSources: { type: 'str', value: '220200' } }, output: 'readings', emit: 'array', x: 100, y: 100, wires: [['out']],
  },
  sink('out'),
  { id: 'catch', z: 'tab', type: 'catch', scope: ['read'], x: 100, y: 200, wires: [['failed']] },
  sink('failed'),
]

/** Deployed again and again; it reads nothing. */
const USED = usedFlow('http://127.0.0.1:9')

const TAB = [{ id: 'tab', type: 'tab', label: 'load' }]
const MB = 1024 * 1024

export async function loadFigures(): Promise<Figure[]> {
  const simulator = await startSimulator()
  const nodes = usedFlow(simulator.urls.sensorist)
  const kinds = {
    without: { withPackage: false, nodes: TAB },
    unused: { withPackage: true, nodes: TAB },
    used: { withPackage: true, nodes, credentials: { account: simulator.credentials.sensorist }, reads: true },
  }
  const starts: Record<keyof typeof kinds, Start[]> = { without: [], unused: [], used: [] }
  for (let round = 0; round < ROUNDS; round += 1)
    for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) starts[kind].push(await apart<Start>(__filename, 'startOnce', kinds[kind]))
  await simulator.close()
  const more = (kind: keyof typeof kinds, what: keyof Start): number => median(starts[kind].map((start, round) => start[what] - (starts.without[round]?.[what] ?? NaN)))
  const deploys = await apart<{ early: number; late: number }>(__filename, 'deployOften')
  return [
    { what: 'no node used: start takes longer by', value: more('unused', 'started'), unit: 'ms', most: 60 },
    { what: 'no node used: resident memory more by', value: more('unused', 'resident') / MB, unit: 'MB', most: 8 },
    { what: 'no node used: modules more by', value: more('unused', 'modules'), unit: '' },
    { what: 'one node used: start takes longer by', value: more('used', 'started'), unit: 'ms' },
    { what: 'one node used, after one read: resident memory more by', value: more('used', 'resident') / MB, unit: 'MB', most: 12 },
    { what: 'one node used, after one read: modules more by', value: more('used', 'modules'), unit: '' },
    { what: `from deploy ${DEPLOYS / 10} to ${DEPLOYS}: resident memory grows by`, value: (deploys.late - deploys.early) / MB, unit: 'MB', most: 5 },
  ]
}
