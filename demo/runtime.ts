/** Node-RED 4, embedded, with this checkout and the dashboard, and nothing of the network. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import express from 'express'
import type { LocalSettings } from '@node-red/runtime'
import RED from 'node-red'
import { DemoError } from './error'
import type { Flow } from './flows'

const ROOT = join(__dirname, '..')

/** A user directory made anew: flows, and credentials of the simulator, which need no encryption. */
function createUserDir(userDir: string, { nodes, credentials }: Flow): void {
  rmSync(userDir, { recursive: true, force: true })
  mkdirSync(userDir, { recursive: true })
  const write = (name: string, content: unknown): void => writeFileSync(join(userDir, name), `${JSON.stringify(content, null, 2)}\n`)
  write('package.json', { name: 'sensor-clouds-demo', private: true, description: 'Made anew by npm run demo' })
  write('flows.json', nodes)
  write('flows_cred.json', credentials)
}

/** Nothing here asks a registry, a catalogue or an update server. */
function settingsFor(userDir: string, port: number, nodesDir: readonly string[]): object {
  return {
    uiHost: '127.0.0.1',
    uiPort: port,
    httpAdminRoot: '/',
    httpNodeRoot: '/',
    userDir,
    nodesDir,
    flowFile: 'flows.json',
    flowFilePretty: true,
    credentialSecret: false,
    paletteCategories: ['sensor clouds', 'common', 'function', 'network', 'sequence'],
    functionExternalModules: false,
    externalModules: { autoInstall: false, palette: { allowInstall: false, allowUpload: false }, modules: { allowInstall: false } },
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: {
      tours: false,
      page: { title: 'Sensor clouds demo' },
      header: { title: 'Sensor clouds demo' },
      palette: { catalogues: [] },
    },
    logging: { console: { level: 'error', metrics: false, audit: false } },
  }
}

/** Node-RED starts no flow at all when the type of one node is missing, and waits for somebody to install it. */
interface RuntimeEvent {
  payload?: { error?: string; types?: string[] }
}

/** Resolves when the flows run. */
function flowsStarted(): Promise<void> {
  return new Promise((resolve, reject) => {
    RED.events.once('flows:started', () => resolve())
    RED.events.on('runtime-event', ({ payload }: RuntimeEvent) => {
      if (payload?.error === 'missing-types') reject(new DemoError(`Node-RED did not load ${payload.types?.join(', ') ?? 'all nodes'}: run "npm run build" first.`))
    })
  })
}

/**
 * @param nodesDir packages of nodes beside the core's
 * @returns what stops it
 */
export async function startNodeRed(server: Server, port: number, userDir: string, flow: Flow, nodesDir: readonly string[] = [ROOT]): Promise<() => Promise<void>> {
  createUserDir(userDir, flow)
  RED.init(server, settingsFor(userDir, port, nodesDir) as LocalSettings)
  const application = express()
  application.use('/', RED.httpAdmin)
  application.use('/', RED.httpNode)
  server.on('request', application)
  await Promise.all([flowsStarted(), RED.start()])
  return () => RED.stop()
}
