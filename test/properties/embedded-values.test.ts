/** The values in files, over kills and power cuts at any moment, beside a list of what was written and synced. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { Values } from '../../src/lib/store/embedded/values'
import { FakeClock, seededRandom, settle } from '../lib/fake-clock'
import { FakeDisk, type Loss } from './fake-disk'
import { checkHistories } from './histories'

const PATH = '/store/values.log'
const KEYS = ['a', 'b', 'key with a much longer name'] as const

type Step =
  | { do: 'set'; key: (typeof KEYS)[number]; size: number; isSynced: boolean }
  | { do: 'delete'; key: (typeof KEYS)[number] }
  | { do: 'fill the disk'; isFull: boolean }
  | { do: 'kill' | 'cut the power'; loss: Loss; seed: number; inFlight: boolean; turns: number }

const key = fc.constantFrom(...KEYS)
const step: fc.Arbitrary<Step> = fc.oneof(
  // With values of 40 kB the log is soon written anew.
  { weight: 8, arbitrary: fc.record({ do: fc.constant('set' as const), key, size: fc.constantFrom(1, 50, 3000, 40_000), isSynced: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fill the disk' as const), isFull: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('kill' as const, 'cut the power' as const), loss: fc.constantFrom<Loss>('all', 'end', 'pieces'), seed: fc.nat(), inFlight: fc.boolean(), turns: fc.nat(12),
    }),
  },
)

class World {
  readonly disk = new FakeDisk()
  readonly #clock = new FakeClock()
  #values: Values | undefined
  /** By key, what it may have after a power cut. The last one is what it has now. */
  readonly #versions = new Map<string, (string | undefined)[]>(KEYS.map((one) => [one, [undefined]]))
  #made = 0

  async open(): Promise<void> {
    this.#values = await Values.open(PATH, this.#clock, () => undefined)
  }

  get #open(): Values {
    assert.ok(this.#values)
    return this.#values
  }

  async close(): Promise<void> {
    this.disk.fault = undefined
    await this.#open.close()
    assert.equal(this.#clock.pending, 0, 'a timer is left behind')
  }

  async apply(step: Step): Promise<void> {
    assert.ok(this.disk.isInstalled, 'the history took too long')
    if (step.do === 'set') await this.#set(step.key, step.size, step.isSynced)
    else if (step.do === 'delete') await this.#write(step.key, undefined, true, () => this.#open.delete(step.key))
    else if (step.do === 'fill the disk') this.disk.fault = step.isFull ? 'full' : undefined
    else await this.#crash(step)
    await settle()
    for (const one of KEYS) assert.equal(this.#open.get(one), this.#versions.get(one)?.at(-1), `the value of "${one}"`)
  }

  #set(name: string, size: number, isSynced: boolean): Promise<void> {
    const text = `${(this.#made += 1)} ${'x'.repeat(size)}`
    return this.#write(name, text, isSynced, () => this.#open.set(name, text, undefined, isSynced ? 0 : Infinity))
  }

  async #write(name: string, text: string | undefined, isSynced: boolean, write: () => Promise<void>): Promise<void> {
    const known = this.#versions.get(name) ?? []
    const present = known.at(-1)
    // Nothing is written where there is nothing to delete.
    const isChange = text !== undefined || present !== undefined
    // A write that has begun may be there after a crash.
    known.splice(-1, 0, text)
    try {
      await write()
    } catch (error) {
      assert.equal((error as { code?: string }).code, this.disk.fault === 'full' ? 'ENOSPC' : 'EBADF')
      return
    }
    known.push(text)
    if (!isSynced || !isChange) return
    // One log has all values, so a sync concerns all.
    for (const versions of this.#versions.values()) versions.splice(0, versions.length - 1)
  }

  async #crash({ do: how, inFlight, loss, seed, turns }: Extract<Step, { do: 'kill' | 'cut the power' }>): Promise<void> {
    const begun = inFlight ? this.#set('a', 50, true).catch(() => undefined) : undefined
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    const dying = this.#open
    if (how === 'kill') this.disk.kill()
    else this.disk.cutPower(loss, seededRandom(seed))
    await begun
    await dying.close().catch(() => undefined)
    await this.open()
    for (const one of KEYS) {
      const versions = this.#versions.get(one) ?? []
      const found = this.#open.get(one)
      const possible = how === 'kill' && !inFlight ? versions.slice(-1) : versions
      assert.ok(possible.includes(found), `"${one}" has ${found?.slice(0, 9)}, and could have ${possible.map((text) => text?.slice(0, 9)).join(', ')}`)
      this.#versions.set(one, [found])
    }
  }
}

describe('the values in files and their model', () => {
  afterEach(() => FakeDisk.restoreInstalled())

  it('agree on what is left after kills and power cuts', () =>
    checkHistories(fc.constant(undefined), step, async (_setting, steps) => {
      const world = new World()
      world.disk.install()
      try {
        await world.open()
        for (const one of steps) await world.apply(one)
        await world.close()
      } finally {
        world.disk.restore()
      }
    }))
})
