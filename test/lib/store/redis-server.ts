/** A private redis-server on a free loopback port, with its data in a folder of its own. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../free-port'
import { until } from '../../until'

/**
 * Why there can be no tests with Redis here; undefined when there can.
 * @throws Error where all tests must run
 */
function whyNoRedis(): string | undefined {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return undefined
  } catch {
    const reason = 'there is no redis-server; install it, as with apt-get install redis-server'
    if (process.env.CI === 'true') throw new Error(reason)
    return reason
  }
}

/** Leaves the tests of a suite out where there is no server. */
export function needsRedis(): void {
  before(function () {
    const reason = whyNoRedis()
    if (reason === undefined) return
    console.log(`      skipped: ${reason}`)
    this.skip()
  })
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('PING\r\n')
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
    socket.once('data', (data) => {
      socket.destroy()
      resolve(!data.toString().startsWith('-LOADING'))
    })
  })

export class RedisServer {
  readonly port: number
  readonly url: string
  readonly #folder = mkdtempSync(join(tmpdir(), 'sensor-clouds-redis-'))
  readonly #options: readonly string[]
  #process: ChildProcess | undefined

  private constructor(port: number, options: readonly string[]) {
    this.port = port
    this.url = `redis://127.0.0.1:${port}`
    this.#options = options
  }

  /** @param options of the command line, such as `--appendonly yes`, which then outlive a restart */
  static async start(...options: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options)
    await server.restart()
    return server
  }

  /** Starts it again on the same port, with the data that it saved. @param more options of the command line */
  async restart(...more: readonly string[]): Promise<void> {
    const own = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--save', '', '--appendonly', 'no']
    const started = spawn('redis-server', [...own, ...this.#options, ...more], { stdio: 'ignore' })
    this.#process = started
    await until(() => {
      if (started.exitCode !== null) throw new Error(`redis-server ended at once, with code ${started.exitCode}`)
      return answers(this.port)
    }, 'redis-server has started')
  }

  /** Sends it a command without parameters, and waits for an answer. */
  async command(name: string): Promise<void> {
    const socket = connect(this.port, '127.0.0.1')
    socket.write(`${name}\r\n`)
    await once(socket, 'data')
    socket.destroy()
  }

  /** It keeps its connections, and answers nothing. */
  freeze(): void {
    this.#process?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#process?.kill('SIGCONT')
  }

  /** At once, as when its machine dies. */
  async kill(): Promise<void> {
    const process = this.#process
    if (!process || process.exitCode !== null || process.signalCode !== null) return
    const exit = new Promise((resolve) => process.once('exit', resolve))
    process.kill('SIGKILL')
    await exit
  }

  async stop(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
