/** Node-RED 4, embedded, with this checkout and the dashboard, and nothing of the network. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import express from 'express'
import type { LocalSettings } from '@node-red/runtime'
import RED from 'node-red'
import type { Flow } from './flows'

const ROOT = join(__dirname, '..')
const NODE_RED_LEVEL = process.env['DEMO_LOG'] ?? 'warn'

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
function settingsFor(userDir: string, port: number): object {
  return {
    uiHost: '127.0.0.1',
    uiPort: port,
    httpAdminRoot: '/',
    httpNodeRoot: '/',
    userDir,
    nodesDir: [ROOT],
    flowFile: 'flows.json',
    flowFilePretty: true,
    credentialSecret: false,
    functionExternalModules: false,
    externalModules: { autoInstall: false, palette: { allowInstall: false, allowUpload: false }, modules: { allowInstall: false } },
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: {
      tours: false,
      page: { title: 'Sensor clouds demo' },
      header: { title: 'Sensor clouds demo' },
      palette: { catalogues: [] },
    },
    logging: { console: { level: NODE_RED_LEVEL, metrics: false, audit: false } },
  }
}

/** @returns what stops it */
export async function startNodeRed(server: Server, port: number, userDir: string, flow: Flow): Promise<() => Promise<void>> {
  createUserDir(userDir, flow)
  RED.init(server, settingsFor(userDir, port) as LocalSettings)
  const application = express()
  application.use('/', RED.httpAdmin)
  application.use('/', RED.httpNode)
  server.on('request', application)
  const started = new Promise<void>((resolve) => RED.events.once('flows:started', () => resolve()))
  await RED.start()
  await started
  return () => RED.stop()
}
