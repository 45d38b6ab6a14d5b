/** A node that reads only what is new, beside the list of all that a vendor has. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { Cloud, Node, NOW } from '../lib/incremental/cloud'
import { checkHistories } from './histories'

const MINUTE = 60_000
/** Ms by which an item may be late and is still found: less than the overlap, which is an hour. */
const LATEST = 55 * MINUTE

type Step =
  | { do: 'measure'; count: number; apart: number; late: number }
  | { do: 'pass'; minutes: number }
  | { do: 'read'; crashAfter: number | undefined }
  | { do: 'cut'; most: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('measure' as const), count: fc.integer({ min: 1, max: 25 }), apart: fc.constantFrom(0, 300, 1000, 20_000), late: fc.constantFrom(0, 0, 0, 1, 0.3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), minutes: fc.constantFrom(1, 30, 90, 600) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), crashAfter: fc.constantFrom(undefined, undefined, 1, 2, 3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const), most: fc.constantFrom(7, 30, 100_000) }) },
)

interface Setting {
  limit: number
  cut: 'oldest' | 'newest'
  toIsInclusive: boolean
  /** Whether the vendor gives fewer items than it was asked for. Then no answer tells whether it left out late items, or others of a second: there are none. */
  givesLess: boolean
}

const setting: fc.Arbitrary<Setting> = fc.record({ limit: fc.integer({ min: 5, max: 30 }), cut: fc.constantFrom<'oldest' | 'newest'>('oldest', 'newest'), toIsInclusive: fc.boolean(), givesLess: fc.boolean() })
  // One that also leaves out the newest would show the same items for ever.
  .map((given) => (given.givesLess ? { ...given, cut: 'oldest' as const } : given))

class World {
  readonly #cloud = new Cloud()
  readonly #node = new Node()
  readonly #setting: Setting
  #now = NOW
  /** Items of each second. */
  readonly #perSecond = new Map<number, number>()

  constructor(setting: Setting) {
    const { cut, toIsInclusive } = setting
    Object.assign(this.#cloud, { cut, toIsInclusive })
    this.#setting = setting
  }

  /** The first read gives what its limit says: it comes before there is more. */
  async begin(): Promise<void> {
    this.#add(NOW)
    await this.#node.read(this.#cloud, { now: NOW, params: { limit: 1000 } })
  }

  async apply(step: Step): Promise<void> {
    if (step.do === 'pass') this.#now += step.minutes * MINUTE
    else if (step.do === 'cut') this.#cloud.most = this.#setting.givesLess ? step.most : Infinity
    else if (step.do === 'measure') this.#measure(step)
    else await this.#read(step.crashAfter)
  }

  /** @param late part of the longest delay by which the items are late */
  #measure({ apart, count, late }: Extract<Step, { do: 'measure' }>): void {
    for (let index = 0; index < count; index += 1) {
      this.#now += apart
      this.#add(this.#setting.givesLess ? this.#now : Math.max(NOW, this.#now - late * LATEST))
    }
  }

  #add(at: number): void {
    const second = Math.floor(at / 1000)
    const inSecond = (this.#perSecond.get(second) ?? 0) + 1
    if (this.#setting.givesLess && inSecond > 1) return
    this.#perSecond.set(second, inSecond)
    this.#cloud.items.push({ id: `item ${this.#cloud.items.length}`, at })
  }

  async #read(crashAfter?: number): Promise<void> {
    await this.#node.read(this.#cloud, { now: this.#now, params: { limit: this.#setting.limit }, ...(crashAfter === undefined ? {} : { crashAfter }) })
    if (crashAfter === undefined) this.check()
  }

  async end(): Promise<void> {
    await this.#read()
  }

  check(): void {
    const given = new Set(this.#node.given)
    assert.deepEqual(this.#cloud.items.filter(({ id }) => !given.has(id)), [], 'items were never given')
    assert.equal(given.size, this.#cloud.items.length, 'items were given that the vendor does not have')
    const repeated = this.#node.given.length - given.size
    assert.ok(repeated <= this.#node.unnoted, `${repeated} items were repeated, and pages with ${this.#node.unnoted} were not noted`)
  }
}

describe('incremental reading and its model', () => {
  it('agree that each item is given, and only an unnoted page again', () =>
    checkHistories(setting, step, async (given, steps) => {
      const world = new World(given)
      await world.begin()
      for (const one of steps) await world.apply(one)
      await world.end()
    }))
})
