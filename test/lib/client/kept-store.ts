/** A store in memory that forgets as time goes by, and can be held up. */
import type { Clock } from '../../../src/lib/base/clock'
import type { SharedWindows } from '../../../src/lib/store/store'
import { SimpleStore } from '../store/simple-store'

export class KeptStore extends SimpleStore {
  readonly windows?: SharedWindows
  sets = 0
  /** Holds up every `set` until it is called. */
  release: (() => void) | undefined
  #held: Promise<void> | undefined
  readonly #until = new Map<string, number>()
  readonly #clock: Clock

  constructor(clock: Clock, windows?: SharedWindows) {
    super()
    this.#clock = clock
    if (windows) this.windows = windows
  }

  hold(): void {
    this.#held = new Promise((resolve) => {
      this.release = () => {
        this.#held = undefined
        resolve()
      }
    })
  }

  override async get(key: string): Promise<string | undefined> {
    const text = await super.get(key)
    return (this.#until.get(key) ?? 0) > this.#clock.now() ? text : undefined
  }

  override async set(key: string, text: string, lifetime = Infinity, syncWithin = 0): Promise<void> {
    this.sets += 1
    await this.#held
    await super.set(key, text, lifetime, syncWithin)
    this.#until.set(key, this.#clock.now() + lifetime)
  }

  /** Texts under keys of this kind. */
  kept(kind: string): string[] {
    return [...this.texts].flatMap(([key, text]) => (key.startsWith(`${kind}:`) ? [text] : []))
  }
}
