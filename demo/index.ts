/** Node-RED with the simulated clouds in one process: no account, no network, ends with Ctrl-C. */
import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startSimulator } from '../test/simulator'
import { watchAlarms } from './alarms'
import { DemoError } from './error'
import { createFlows } from './flows'
import { arrangePlaces } from './places'
import { startNodeRed } from './runtime'
import { serveStored } from './stored'

const HOST = '127.0.0.1'
const LONGEST_END = 8000

function portFrom(): number {
  const { values } = parseArgs({ options: { port: { type: 'string' } } })
  const text = values.port ?? process.env['PORT'] ?? '1880'
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new DemoError(`The port must be a number from 1 to 65535, not "${text}".`)
  return port
}

/** Listens before anything else begins, so that a second demo does not touch the files of the first. */
function listen(port: number): Promise<Server> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const busy = `Port ${port} is in use: end what listens there, or choose another port with "npm run demo -- --port 1881".`
      reject(error.code === 'EADDRINUSE' ? new DemoError(busy) : new DemoError(`Port ${port} cannot be opened: ${error.message}.`))
    })
    server.listen(port, HOST, () => resolve(server))
  })
}

function banner(port: number): string {
  return [
    '',
    '  Sensor clouds demo: five simulated clouds, no account needed',
    '',
    `  Editor      http://${HOST}:${port}/`,
    `  Dashboard   http://${HOST}:${port}/dashboard`,
    '',
    '  Ctrl-C ends it. Changes to the flows are not kept.',
    '',
  ].join('\n')
}

type Stop = () => Promise<void> | void

/** Runs the stops in reverse order, each in spite of the others' failures. */
async function stopAll(stops: Stop[]): Promise<void> {
  for (const stop of stops.splice(0).reverse()) {
    try {
      await stop()
    } catch (error) {
      console.error(error)
    }
  }
}

async function start(stops: Stop[]): Promise<void> {
  const port = portFrom()
  const server = await listen(port)
  // The editor's and the dashboard's web sockets are no longer HTTP connections, so that the server forgets to end them.
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  stops.push(() => new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of sockets) socket.destroy()
  }))
  const simulator = await startSimulator({ interval: 5, maxAge: 5, logSize: 100 })
  stops.push(() => simulator.close())
  arrangePlaces(simulator)
  const stored = await serveStored(simulator)
  stops.push(() => stored.close())
  // One for each port, so that two demos do not share their flows.
  const userDir = join(__dirname, '..', '.demo', String(port))
  stops.push(await startNodeRed(server, port, userDir, createFlows(simulator, stored.url, `http://${HOST}:${port}`)))
  stops.push(watchAlarms(simulator))
  console.log(banner(port))
}

/** Everything is on loopback, also where a proxy is set up for the rest. */
function bypassProxy(): void {
  for (const name of ['NO_PROXY', 'no_proxy']) process.env[name] = [process.env[name], HOST].filter(Boolean).join(',')
}

/** npm's shell may end without passing the signal on; then nobody is left who could stop this. */
function watchParent(ended: () => void): void {
  const parent = process.ppid
  if (process.env['npm_lifecycle_event'] === undefined) return
  setInterval(() => {
    if (process.ppid !== parent) ended()
  }, 500).unref()
}

async function main(): Promise<void> {
  bypassProxy()
  const stops: Stop[] = []
  const starting = start(stops)
  let ending: Promise<void> | undefined
  const end = (code: number): void => {
    if (ending) return
    // A stop in the middle of the start would leave half of it running.
    ending = starting.catch(() => undefined).then(() => stopAll(stops)).then(() => process.exit(code))
    // Whatever hangs must not keep the terminal.
    setTimeout(() => process.exit(code), LONGEST_END)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0))
  watchParent(() => end(0))
  try {
    await starting
  } catch (error) {
    console.error(error instanceof DemoError ? error.message : error)
    end(1)
  }
}

void main()
