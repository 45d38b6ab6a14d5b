/** Twenty nodes on five tabs, two accounts with one key, and a vendor that enforces its limit and counts. */
import type { FlowNode } from '../../demo/flows'
import { apart } from './apart'
import { startCloud, type Cloud, type CloudCounts } from './cloud'
import type { Figure } from './figure'
import { account, API_KEY, core, deviceId, ours, startFlows, type Runtime } from './runtime'

const TABS = 5
const NODES_A_TAB = 4
const REQUESTS = 2_000
/** ms of random delay each way. */
const JITTER = 50
/** What a user would build instead is shown with fewer messages: its rejections do not wait to be seen. */
const DELAYED_REQUESTS = 300
const HALVES = [0, 1]

interface Run {
  /** Distinguishes the nodes of runs that share a runtime. */
  name: string
  limit: number
  jitter: number
  requests: number
  delayed: boolean
}

const run = (limit: number, jitter: number): Run => ({ name: `${limit}/s, ${jitter} ms`, limit, jitter, requests: REQUESTS, delayed: false })

/** Two accounts with one key; each tab's nodes share its source and its sink, and use the accounts in turns. */
function ourFlows({ name, limit }: Run, origin: string): FlowNode[] {
  const accounts = accountIds(name)
  const nodes = (tab: number): FlowNode[] =>
    Array.from({ length: NODES_A_TAB }, (_, index) =>
      ours(`node ${tab}.${index} of ${name}`, tabId(name, tab), accounts[index % 2] ?? '', [`out ${tab} of ${name}`]),
    )
  return [...accounts.map((id) => account(id, origin, limit)), ...tabs(name, nodes)]
}

const accountIds = (name: string): string[] => [`account 1 of ${name}`, `account 2 of ${name}`]

const tabId = (name: string, tab: number): string => `tab ${tab} of ${name}`

function tabs(name: string, nodesOf: (tab: number) => FlowNode[]): FlowNode[] {
  return Array.from({ length: TABS }, (_, tab) => {
    const z = tabId(name, tab)
    const out = `out ${tab} of ${name}`
    return [
      { id: z, type: 'tab', label: z },
      ...nodesOf(tab),
      { id: out, z, type: 'junction', wires: [[]] },
      { id: `failed ${tab} of ${name}`, z, type: 'catch', wires: [[out]] },
    ]
  }).flat()
}

/** What a user would build: `http request` nodes, half of them behind one core delay node and half behind another, as if each had a key of its own. */
function delayedFlows({ name, limit }: Run, origin: string): FlowNode[] {
  const nodes = (tab: number): FlowNode[] =>
    Array.from({ length: NODES_A_TAB }, (_, index) =>
      core(`node ${tab}.${index} of ${name}`, tabId(name, tab), origin, [`out ${tab} of ${name}`]),
    )
  const delays = HALVES.flatMap((half) => {
    const z = tabId(name, 0)
    const rate = { pauseType: 'rate', rate: String(limit), nbRateUnits: '1', rateUnits: 'second', drop: false, outputs: 1 }
    return [
      { id: `delay ${half} of ${name}`, z, type: 'delay', ...rate, wires: [[`delayed ${half} of ${name}`]] },
      { id: `delayed ${half} of ${name}`, z, type: 'junction', wires: [[]] },
    ]
  })
  return [...tabs(name, nodes), ...delays]
}

/** What leaves a delay node goes on to the node that its topic names. */
function distribute(runtime: Runtime, { name }: Run): void {
  for (const half of HALVES)
    runtime.node(`delayed ${half} of ${name}`).on('input', (message) => runtime.node(`node ${message.topic ?? ''} of ${name}`).receive(message))
}

interface Outcome {
  counts: CloudCounts
  /** Messages that came out without error. */
  answered: number
}

/** Sends all messages of a run at once, round by round of the nodes, and waits until each has come out. */
async function measure(runtime: Runtime, one: Run, cloud: Cloud): Promise<Outcome> {
  const { name, requests, delayed } = one
  let ended = 0
  let answered = 0
  const done = new Promise<void>((resolve) => {
    for (let tab = 0; tab < TABS; tab += 1)
      runtime.node(`out ${tab} of ${name}`).on('input', (message) => {
        ended += 1
        if (!message.error && (message.statusCode ?? 200) === 200) answered += 1
        if (ended === requests) resolve()
      })
  })
  if (delayed) distribute(runtime, one)
  for (let index = 0; index < requests; index += 1) {
    const topic = `${index % TABS}.${Math.floor(index / TABS) % NODES_A_TAB}`
    const into = delayed ? `delay ${index % 2} of ${name}` : `node ${topic} of ${name}`
    runtime.node(into).receive({ topic, payload: deviceId(index) })
  }
  await done
  return { counts: await cloud.counts(), answered }
}

/** All runs side by side in one runtime, each with a cloud of its own: they are idle nearly all of the time. */
export async function outcomes(runs: readonly Run[]): Promise<Outcome[]> {
  const pairs = await Promise.all(runs.map(async (one) => ({ one, cloud: await startCloud(one) })))
  const nodes = pairs.flatMap(({ one, cloud }) => (one.delayed ? delayedFlows : ourFlows)(one, cloud.origin))
  const credentials = Object.fromEntries(runs.flatMap(({ name }) => accountIds(name)).map((id) => [id, { apiKey: API_KEY }]))
  const runtime = await startFlows({ nodes, credentials })
  const found = await Promise.all(pairs.map(({ one, cloud }) => measure(runtime, one, cloud)))
  await runtime.stop()
  await Promise.all(pairs.map(({ cloud }) => cloud.close()))
  return found
}

function ourFigures(one: Run, { counts, answered }: Outcome): Figure[] {
  const title = `${one.limit} a second, 0 to ${one.jitter} ms of delay each way`
  return [
    { what: `${title}: answered`, value: answered, unit: `of ${one.requests}`, least: one.requests },
    { what: `${title}: rejected`, value: counts.rejected, unit: '', most: 0 },
    { what: `${title}: most in any second`, value: counts.mostInSecond, unit: '', most: one.limit },
    { what: `${title}: used`, value: counts.used, unit: '%', least: one.jitter > 0 ? 94 : 98 },
  ]
}

function delayedFigures({ limit, requests }: Run, { counts, answered }: Outcome): Figure[] {
  const title = `instead, 20 http request nodes behind two delay nodes of ${limit} a second`
  return [
    { what: `${title}: answered`, value: answered, unit: `of ${requests}` },
    { what: `${title}: rejected`, value: counts.rejected, unit: `of ${requests}` },
    { what: `${title}: most in any second`, value: counts.mostInSecond, unit: '' },
  ]
}

/** One after the other where a rate needs the machine, side by side where it does not. */
const GROUPS: readonly (readonly Run[])[] = [
  [run(100, 0)],
  [run(100, JITTER)],
  [run(9, 0), run(9, JITTER), { ...run(9, 0), name: 'delay nodes', requests: DELAYED_REQUESTS, delayed: true }],
]

export async function flowsFigures(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const runs of GROUPS) {
    const found = await apart<Outcome[]>(__filename, 'outcomes', runs)
    for (const [index, one] of runs.entries()) figures.push(...(one.delayed ? delayedFigures : ourFigures)(one, found[index]!))
  }
  return figures
}
