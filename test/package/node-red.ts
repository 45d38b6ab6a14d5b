/** A real Node-RED in a process of its own, and its admin API. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../free-port'
import { until } from '../until'
import { environment } from './command'
import type { Installation } from './installation'

const START_WITHIN = 120_000
const STOP_WITHIN = 60_000

export interface RunningNodeRed {
  /** http://127.0.0.1:port */
  origin: string
  /** What it printed. */
  log(): string
  /** Asks the admin API. @throws Error when the status is not 2xx */
  get(path: string, accept?: string): Promise<unknown>
  deploy(flow: readonly object[]): Promise<void>
  /** Asks it to end, and waits for that. @returns how it ended */
  stop(): Promise<{ code: number | null; signal: string | null }>
}

/** Starts Node-RED in a user directory; it is up, with all nodes loaded, when this resolves. */
export async function startNodeRed({ node, nodeRed }: Installation, userDir: string, more: Settings = {}): Promise<RunningNodeRed> {
  const port = await freePort()
  await writeFile(join(userDir, 'settings.js'), settings(port, more))
  const child = spawn(node, [nodeRed, '--userDir', userDir, '--settings', join(userDir, 'settings.js')], {
    cwd: userDir,
    env: { ...environment(node), NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const origin = `http://127.0.0.1:${port}`
  const running: RunningNodeRed = {
    origin,
    log: () => printed,
    get: (path, accept = 'application/json') => ask(`${origin}${path}`, { headers: { Accept: accept } }),
    deploy: async (flow) => {
      const headers = { 'Content-Type': 'application/json', 'Node-RED-Deployment-Type': 'full' }
      const starts = (): number => printed.split('Started flows').length
      const before = starts()
      await ask(`${origin}/flows`, { method: 'POST', headers, body: JSON.stringify(flow) })
      // The answer may come before the flows have started.
      await until(() => starts() > before, () => `the flows did not start:\n${printed}`, START_WITHIN)
    },
    stop: () => stop(child),
  }
  try {
    await untilUp(child, running, more.httpAdminRoot ?? '')
  } catch (error) {
    await stop(child)
    throw error
  }
  return running
}

/** What a settings.js may hold beside what every test has. */
export interface Settings {
  httpAdminRoot?: string
  adminAuth?: object
  /** Language of the runtime. */
  lang?: string
  sensorClouds?: object
  /** Folders of further nodes. */
  nodesDir?: string[]
  externalModules?: object
  editorTheme?: object
}

const settings = (port: number, more: Settings): string => `module.exports = ${JSON.stringify({
  uiHost: '127.0.0.1',
  uiPort: port,
  flowFile: 'flows.json',
  credentialSecret: 'of this test only',
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { palette: { allowInstall: false }, modules: { allowInstall: false } },
  editorTheme: { tours: false },
  logging: { console: { level: 'info' } },
  ...more,
  // Else each deploy sends requests that the tests count.
  sensorClouds: { checkAtDeploy: false, ...more.sensorClouds },
})}\n`

async function untilUp(child: ChildProcess, running: RunningNodeRed, root: string): Promise<void> {
  // Answered to anybody, but only of use once the nodes have been loaded.
  const answers = async (): Promise<boolean> =>
    running.log().includes('Started flows') && running.get(`${root}/auth/login`).then(() => true, () => false)
  const check = (): Promise<boolean> => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`Node-RED ended at once:\n${running.log()}`)
    return answers()
  }
  await until(check, () => `Node-RED is not up:\n${running.log()}`, START_WITHIN)
}

async function stop(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN)
    await ended
    clearTimeout(timer)
  }
  return { code: child.exitCode, signal: child.signalCode }
}

/** The body, parsed where it is JSON. */
export async function ask(url: string, options: RequestInit = {}): Promise<unknown> {
  // Without keep-alive, so that no socket of ours keeps Node-RED or mocha waiting.
  const headers = { ...(options.headers as Record<string, string> | undefined), Connection: 'close' }
  const response = await fetch(url, { ...options, headers, signal: AbortSignal.timeout(60_000) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${options.method ?? 'GET'} ${url}: ${response.status} ${text.slice(0, 500)}`)
  return response.headers.get('content-type')?.includes('application/json') === true ? JSON.parse(text) : text
}
