/** What the package costs a Node-RED that has it installed: time, modules and memory at its start, and over many deploys. */
import { createServer } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import RED from 'node-red'
import { startNodeRed } from '../../demo/runtime'
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
}

const collect = (): void => {
  for (let round = 0; round < 4; round += 1) global.gc?.()
}

/** Starts a Node-RED in this process, which nothing else has used. */
export async function startOnce({ withPackage, nodes }: StartOptions): Promise<Start> {
  const userDir = mkdtempSync(join(tmpdir(), 'sensor-clouds-load-'))
  const began = performance.now()
  const stop = await startNodeRed(createServer(), 0, userDir, { nodes: nodes as never, credentials: {} }, withPackage ? [ROOT] : [])
  const started = performance.now() - began
  collect()
  const figures = { resident: process.memoryUsage.rss(), modules: Object.keys(require.cache).length, started }
  await stop()
  rmSync(userDir, { recursive: true, force: true })
  return figures
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

/** A flow with one account and one node of ours. */
const USED: object[] = [
  { id: 'tab', type: 'tab', label: 'load' },
  { id: 'account', type: 'sensocan-device', name: '', baseUrl: 'http://127.0.0.1:9/api/v1', deviceUuid: 'd' },
  { id: 'node', z: 'tab', type: 'sensor-cloud-send-reading', vendor: 'sensocan', accountSensocan: 'account', operation: 'auto', params: {}, outbox: false, wires: [[]] },
]

const TAB = [{ id: 'tab', type: 'tab', label: 'load' }]
const MB = 1024 * 1024

export async function loadFigures(): Promise<Figure[]> {
  const kinds = { without: { withPackage: false, nodes: TAB }, unused: { withPackage: true, nodes: TAB }, used: { withPackage: true, nodes: USED } }
  const starts: Record<keyof typeof kinds, Start[]> = { without: [], unused: [], used: [] }
  for (let round = 0; round < ROUNDS; round += 1)
    for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) starts[kind].push(await apart<Start>(__filename, 'startOnce', kinds[kind]))
  const more = (kind: keyof typeof kinds, what: keyof Start): number => median(starts[kind].map((start, round) => start[what] - (starts.without[round]?.[what] ?? NaN)))
  const deploys = await apart<{ early: number; late: number }>(__filename, 'deployOften')
  return [
    { what: 'no node used: start takes longer by', value: more('unused', 'started'), unit: 'ms', most: 60 },
    { what: 'no node used: resident memory more by', value: more('unused', 'resident') / MB, unit: 'MB', most: 8 },
    { what: 'no node used: modules more by', value: more('unused', 'modules'), unit: '' },
    { what: 'one node used: start takes longer by', value: more('used', 'started'), unit: 'ms' },
    { what: 'one node used: resident memory more by', value: more('used', 'resident') / MB, unit: 'MB', most: 12 },
    { what: 'one node used: modules more by', value: more('used', 'modules'), unit: '' },
    { what: `from deploy ${DEPLOYS / 10} to ${DEPLOYS}: resident memory grows by`, value: (deploys.late - deploys.early) / MB, unit: 'MB', most: 5 },
  ]
}
