/** The simplest store that survives a kill: a file of JSON lines, synced at every change. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry, Queue, QueueState, Store } from '../../src/lib/store/store'
import { SimpleStore } from './simple-store'

interface Line {
  append?: Entry[]
  done?: string[]
}

export function openFileStore(folder: string): Promise<Store> {
  mkdirSync(folder, { recursive: true })
  const queue = new FileQueue(join(folder, 'queue.jsonl'))
  const store = new SimpleStore()
  return Promise.resolve(Object.assign(store, { place: folder, queue: () => Promise.resolve(queue), close: () => queue.close() }) as unknown as Store)
}

class FileQueue implements Queue {
  readonly #file: number
  #entries: Entry[] = []
  readonly #held = new Set<string>()
  #made = 0

  constructor(path: string) {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    // A line that the kill cut off was never promised.
    for (const line of text.split('\n').slice(0, -1)) this.#apply(JSON.parse(line || '{}') as Line)
    this.#file = openSync(path, 'a')
    if (text !== '' && !text.endsWith('\n')) writeSync(this.#file, '\n')
  }

  #apply({ append = [], done = [] }: Line): void {
    const gone = new Set(done)
    this.#entries = [...this.#entries, ...append].filter(({ id }) => !gone.has(id))
    this.#made = Math.max(this.#made, ...append.map(({ id }) => Number(id)))
  }

  #write(line: Line): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`)
    fsyncSync(this.#file)
    this.#apply(line)
  }

  append(texts: readonly string[]): Promise<void> {
    const append = texts.map((text, index) => ({ id: String(this.#made + index + 1).padStart(12, '0'), text, at: Date.now() }))
    this.#write({ append })
    return Promise.resolve()
  }

  take(count: number): Promise<Entry[]> {
    const taken = this.#entries.filter(({ id }) => !this.#held.has(id)).slice(0, count)
    for (const { id } of taken) this.#held.add(id)
    return Promise.resolve(taken)
  }

  done(ids: readonly string[]): Promise<void> {
    this.#write({ done: [...ids] })
    return Promise.resolve()
  }

  release(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#held.delete(id)
    return Promise.resolve()
  }

  state(): Promise<QueueState> {
    return Promise.resolve({ depth: this.#entries.length })
  }

  clear(): Promise<number> {
    const count = this.#entries.length
    this.#write({ done: this.#entries.map(({ id }) => id) })
    return Promise.resolve(count)
  }

  close(): Promise<void> {
    closeSync(this.#file)
    return Promise.resolve()
  }
}
