/** Which files of the package run between two moments: those of which V8 counts a call. */
import { Session, type Profiler } from 'node:inspector/promises'

/** Files below `src/` with a function that ran, from the package's root; code that only loads a module does not count. */
export class VisitedFiles {
  readonly #session = new Session()

  async start(): Promise<void> {
    this.#session.connect()
    await this.#session.post('Profiler.enable')
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
    await this.#take()
  }

  /** Those since the start, or since the last call. */
  async visited(): Promise<string[]> {
    const scripts = await this.#take()
    const files = scripts.flatMap(({ url, functions }) => {
      const [, file] = /\/(src\/.+\.ts)$/.exec(url) ?? []
      return file !== undefined && functions.some(ranByName) ? [file] : []
    })
    return [...new Set(files)].sort()
  }

  stop(): void {
    this.#session.disconnect()
  }

  async #take(): Promise<Profiler.ScriptCoverage[]> {
    return (await this.#session.post('Profiler.takePreciseCoverage')).result
  }
}

/** The code of a whole module has no name and begins where the file begins. */
const ranByName = ({ ranges }: Profiler.FunctionCoverage): boolean => ranges.some(({ startOffset, count }) => startOffset > 0 && count > 0)
