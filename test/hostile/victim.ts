/** A whole Node-RED in a process of its own, with little memory, that does what the suite asks and tells how it fared. */
import { createServer } from 'node:http'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { NodeMessage } from 'node-red'
import '../quick-keys'
import { fuzzMessages } from './fuzz-messages'
import { harm } from './harm'
import { LoopWatch } from './loop-watch'
import { makeMessage } from './messages'
import type { Answers, Command, MessageSource, Outcome, Request, Response } from './protocol'
import { misshapen } from './shape'
import { exits, nodeOf, page, type Exit } from './victim-nodes'

interface NodeRed {
  init(server: object, settings: object): void
  start(): Promise<void>
  httpAdmin: (request: object, response: object) => void
  httpNode: (request: object, response: object) => void
  nodes: unknown
}

interface LogLine {
  level: number
  msg: unknown
  id?: string
}

const RED = require('node-red') as NodeRed
const ERROR = 20
const folder = process.argv[2] ?? ''
const settings: Record<string, unknown> = {}
const faults: string[] = []
const lines: LogLine[] = []
const sent = new Map<string, { count: number; last: string }>()
/** The last fill of each node's status. */
const statuses = new Map<string, string>()
const watch = new LoopWatch()
/** Nodes that have answered for their last message: whatever leaves them afterwards is one answer too many. */
const answered = new Set<string>()
/** Turns of the event loop in which the Catch and Complete nodes have a message, once its node has answered. */
const TURNS = 10
/** So that the log of a long case takes no memory. */
const MOST_LINES = 10_000

process.on('unhandledRejection', (reason) => void faults.push(`unhandled rejection: ${textOf(reason)}`))
process.on('uncaughtException', (error) => void faults.push(`uncaught exception: ${textOf(error)}`))
// Node-RED reads stacks of errors. With source maps that computes for longer than the work of the nodes.
process.setSourceMapsEnabled(false)
// The suite has ended, or died.
process.on('disconnect', () => process.exit())

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 2_000)

async function start(): Promise<void> {
  const nodes = join(folder, 'nodes')
  mkdirSync(nodes, { recursive: true })
  writeFileSync(join(nodes, 'hostile-nodes.js'), `module.exports = require(${JSON.stringify(join(__dirname, 'victim-nodes.ts'))}).register\n`)
  writeFileSync(join(nodes, 'hostile-nodes.html'), page())
  const server = createServer((request, response) => (request.url?.startsWith('/admin') ? app(RED.httpAdmin, '/admin') : RED.httpNode)(request, response))
  Object.assign(settings, {
    userDir: folder, nodesDir: [nodes], flowFile: 'flows.json', credentialSecret: 'of this test only', disableEditor: true,
    nodesIncludes: ['hostile-nodes.js', '24-complete.js', '25-catch.js', '06-httpproxy.js'],
    httpAdminRoot: '/admin', httpNodeRoot: '/', telemetry: { enabled: false, updateNotification: false },
    externalModules: { autoInstall: false, palette: { allowInstall: false }, modules: { allowInstall: false } },
    // As long as a flow of hundreds of nodes.
    apiMaxLength: '20mb',
    logging: { console: { level: 'off' }, suite: { level: 'info', handler: () => keepLine } },
  })
  RED.init(server, settings)
  // The flows of the start are none, but loading them forgets the credentials of any that are deployed before.
  const started = new Promise<void>((resolve) => void events.once('flows:started', () => resolve()))
  await RED.start()
  await started
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.on('message', (request) => void answer(request as Request))
  process.send?.({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

/** Express knows its paths without the root. */
const app = (handler: NodeRed['httpAdmin'], root: string) => (request: { url?: string | undefined }, response: object): void => {
  request.url = request.url?.slice(root.length) ?? ''
  handler(request, response)
}

function keepLine(line: LogLine): void {
  if (lines.length < MOST_LINES) lines.push(line)
  if (line.id !== undefined && line.level === ERROR) exits.emit(line.id, 'logged' satisfies Exit, String(line.msg))
}

async function answer({ id, command }: Request): Promise<void> {
  const reply = (response: Response): void => void process.send?.(response)
  try {
    reply({ id, answer: await perform(command) })
  } catch (error) {
    reply({ id, error: textOf(error) })
  }
}

async function perform(command: Command): Promise<Answers[Command['name']]> {
  switch (command.name) {
    case 'deploy':
      return deploy(command.flow, command.userDir)
    case 'inject':
      answered.delete(command.node)
      nodeOf(command.node).receive(messageOf(command.message))
      return null
    case 'run':
      return runMessage(command.node, messageOf(command.message), command.secrets ?? [])
    case 'fuzz':
      return fuzzMessages(command.node, command.ms, command.seed, (payload) => runMessage(command.node, { payload }, []))
    case 'settled':
      return settled(command.node)
    case 'sent':
      return sent.get(command.node) ?? { count: 0, last: '' }
    case 'watch':
      watch.start()
      return null
    case 'report':
      return { blocks: watch.stop(), faults: [...faults.splice(0), ...polluted()] }
    case 'ping':
      return 'pong'
    case 'harm':
      harm(command.how)
      return null
  }
}

/** What every object has that no object should. */
function polluted(): string[] {
  const found = ['polluted' in {} ? ['all objects have a property that a message brought'] : [], 'polluted' in Function ? ['all functions have it'] : []].flat()
  return found
}

const { events } = require('@node-red/util') as { events: NodeJS.EventEmitter }
const runtime = require('@node-red/runtime') as { flows: { setFlows(options: object): Promise<unknown> } }

events.on('node-status', ({ id, status }: { id: string; status?: { fill?: string } }) => void statuses.set(id, status?.fill ?? ''))

let deploys = 0

async function deploy(flow: readonly object[], userDir = folder): Promise<null> {
  // Nodes look there when they open their store.
  settings.userDir = userDir
  sent.clear()
  statuses.clear()
  answered.clear()
  lines.length = 0
  // Other flows may start meanwhile, such as those of the start.
  const mark = { id: `deploy-${(deploys += 1)}`, type: 'tab', label: 'mark' }
  const started = new Promise<void>((resolve) => {
    const look = ({ config }: { config: { flows: readonly { id: string }[] } }): void => {
      if (!config.flows.some(({ id }) => id === mark.id)) return
      events.off('flows:started', look)
      resolve()
    }
    events.on('flows:started', look)
  })
  await runtime.flows.setFlows({ flows: { flows: [...flow, mark] }, deploymentType: 'full' })
  await started
  for (const node of flow as readonly { id: string; wires?: unknown }[])
    exits.removeAllListeners(node.id).on(node.id, (exit: Exit, message: unknown) => {
      if (exit === 'sent') note(node.id, message)
      if (exit !== 'logged' && answered.has(node.id)) faults.push(`${node.id} has answered for a message before, and now the message is ${exit}`)
    })
  return null
}

function note(id: string, message: unknown): void {
  const { count } = sent.get(id) ?? { count: 0 }
  const { topic } = message as { topic?: unknown }
  sent.set(id, { count: count + 1, last: String(topic) })
}

const messageOf = (source: MessageSource): NodeMessage => ('made' in source ? makeMessage(source.made) : { ...source.json }) as NodeMessage

async function runMessage(id: string, message: object, secrets: readonly string[]): Promise<Outcome> {
  const node = nodeOf(id)
  const outcome: Outcome = { sent: 0, completed: 0, caught: [], logged: [], misshapen: [], leaked: [] }
  const seen: unknown[] = []
  answered.delete(id)
  let isAnswered = (): void => undefined
  const answer = new Promise<void>((resolve) => (isAnswered = resolve))
  const listen = (exit: Exit, left: Record<string, unknown> | string): void => {
    if (typeof left === 'string') outcome.logged.push(left)
    else if (exit === 'completed') outcome.completed += 1
    else if (exit === 'sent') {
      outcome.sent += 1
      if (outcome.misshapen.length < 5) outcome.misshapen.push(...misshapen(left))
      return
    } else {
      const { code, message: said } = left.error as { code?: string; message: string }
      outcome.caught.push({ code, message: said.slice(0, 2_000) })
      seen.push(left.error, left.response)
    }
    isAnswered()
  }
  exits.on(id, listen)
  try {
    node.receive(message as NodeMessage)
    await answer
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  } finally {
    exits.off(id, listen)
    answered.add(id)
  }
  // A caught message is in the log too.
  if (outcome.caught.length > 0) outcome.logged = []
  if (secrets.length > 0) {
    const text = JSON.stringify([seen, lines])
    outcome.leaked = secrets.filter((secret) => text.includes(secret))
  }
  return outcome
}

/** Until the node's last status is neither that of a request nor that of a wait. */
async function settled(id: string): Promise<null> {
  while (!['green', 'red'].includes(statuses.get(id) ?? '')) await pause(20)
  return null
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

void start()
