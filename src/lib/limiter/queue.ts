/** Who waits, and whose turn it is. */
import type { StopSignal } from '../base/abort-signal'
import type { Permit } from './limiter'
import type { Holder, Window } from './window-registry'
import type { SlidingWindow } from './sliding-window'
import type { Priority } from '../vocabulary/budget'

/** One moment on both clocks, in ms. */
export interface Moment {
  monotonic: number
  epoch: number
}

interface Linked<T> {
  previous: T | undefined
  next: T | undefined
}

/** First in, first out; anything in it can leave in O(1), which an aborted request does. */
export class List<T extends Linked<T>> {
  head: T | undefined
  tail: T | undefined

  push(item: T): void {
    item.previous = this.tail
    if (this.tail) this.tail.next = item
    else this.head = item
    this.tail = item
  }

  remove(item: T): void {
    if (item.previous) item.previous.next = item.next
    else this.head = item.next
    if (item.next) item.next.previous = item.previous
    else this.tail = item.previous
    item.previous = undefined
    item.next = undefined
  }
}

/** A request that waits. */
export class Job implements Linked<Job> {
  previous: Job | undefined = undefined
  next: Job | undefined = undefined
  queued = false
  /** Monotonic ms at which its caller was told that it may start. */
  told = 0

  constructor(
    readonly lane: Lane,
    readonly windows: readonly Window[],
    /** Monotonic ms. */
    readonly since: number,
    readonly signal: StopSignal | undefined,
    readonly onWait: ((ms: number) => void) | undefined,
    readonly resolve: (permit: Permit) => void,
    readonly reject: (reason: unknown) => void,
  ) {}
}

/** The requests of one device and priority, in the order in which they came. */
export class Lane implements Linked<Lane> {
  previous: Lane | undefined = undefined
  next: Lane | undefined = undefined
  readonly jobs = new List<Job>()
  length = 0
  /** Where it stands in the schedule; undefined while it is parked or empty. */
  list: List<Lane> | undefined = undefined
  /** Monotonic ms at which it is looked at again; undefined unless parked. */
  parkedUntil: number | undefined = undefined

  constructor(
    readonly holder: Holder,
    readonly priority: Priority,
  ) {}

  get placed(): boolean {
    return this.list !== undefined || this.parkedUntil !== undefined
  }

  push(job: Job): void {
    this.jobs.push(job)
    this.length += 1
    job.queued = true
  }

  remove(job: Job): void {
    this.jobs.remove(job)
    this.length -= 1
    job.queued = false
  }
}

/** Lanes by the time at which they are looked at again: a binary heap. A lane that left early leaves its entry behind. */
class Parking {
  readonly #entries: { at: number; lane: Lane }[] = []

  /** Infinite when there is none. */
  get first(): number {
    for (let top = this.#entries[0]; top; top = this.#entries[0]) {
      if (top.lane.parkedUntil === top.at) return top.at
      this.#pop()
    }
    return Infinity
  }

  get lanes(): Lane[] {
    return this.#entries.filter(({ at, lane }) => lane.parkedUntil === at).map(({ lane }) => lane)
  }

  add(lane: Lane, at: number): void {
    lane.parkedUntil = at
    const entries = this.#entries
    let index = entries.push({ at, lane }) - 1
    while (index > 0) {
      const above = (index - 1) >> 1
      if ((entries[above]?.at ?? 0) <= at) return
      this.#swap(index, above)
      index = above
    }
  }

  /** Takes a lane whose time has come. */
  due(now: number): Lane | undefined {
    if (this.first > now) return undefined
    return this.#pop()
  }

  #pop(): Lane | undefined {
    const entries = this.#entries
    this.#swap(0, entries.length - 1)
    const taken = entries.pop()
    let index = 0
    for (;;) {
      let below = 2 * index + 1
      if ((entries[below + 1]?.at ?? Infinity) < (entries[below]?.at ?? Infinity)) below += 1
      if ((entries[below]?.at ?? Infinity) >= (entries[index]?.at ?? Infinity)) return taken?.lane
      this.#swap(index, below)
      index = below
    }
  }

  #swap(one: number, other: number): void {
    const first = this.#entries[one]
    const second = this.#entries[other]
    if (!first || !second) return
    this.#entries[one] = second
    this.#entries[other] = first
  }
}

/** Lanes that wait for one window of the account, in their turn. */
class Gate {
  readonly command = new List<Lane>()
  readonly read = new List<Lane>()

  constructor(readonly window: SlidingWindow) {}
}

/**
 * The turns of all lanes that are not empty. A lane is in one place only: ready (nothing is known against it), at the
 * gate of a window of the account, or parked until its own device's window opens. So what blocks one device does not
 * stand in the way of another, and no lane is looked at in vain.
 */
export class Schedule {
  readonly #ready = { command: new List<Lane>(), read: new List<Lane>() }
  readonly #gates: Gate[] = []
  readonly #parking = new Parking()

  /** To the end of those whose turn comes. */
  ready(lane: Lane): void {
    this.leave(lane)
    this.#place(lane, this.#ready[lane.priority])
  }

  /** Blocked by `window` until `at`, monotonic ms. */
  block(lane: Lane, window: SlidingWindow, at: number): void {
    this.leave(lane)
    if (window.budget.scope === 'device') {
      this.#parking.add(lane, at)
      return
    }
    let gate = this.#gates.find((known) => known.window === window)
    if (!gate) this.#gates.push((gate = new Gate(window)))
    this.#place(lane, gate[lane.priority])
  }

  /** Takes the lane whose turn it is: those that have waited at a gate go before those that have just come. */
  next(priority: Priority, now: number): Lane | undefined {
    for (let lane = this.#parking.due(now); lane; lane = this.#parking.due(now)) this.ready(lane)
    const gate = this.#gates.find((known) => known[priority].head && known.window.opensAt(now) <= now)
    const lane = gate ? gate[priority].head : this.#ready[priority].head
    if (lane) this.leave(lane)
    return lane
  }

  /** Takes a lane out. */
  leave(lane: Lane): void {
    lane.list?.remove(lane)
    lane.list = undefined
    lane.parkedUntil = undefined
  }

  /** Makes all lanes ready, since what blocked them may no longer be the reason. */
  reconsider(): void {
    for (const lane of this.#parking.lanes) this.ready(lane)
    for (const gate of this.#gates)
      for (const list of [gate.command, gate.read]) for (let { head } = list; head; { head } = list) this.ready(head)
  }

  /** Monotonic ms at which a lane may go on without anything else happening; infinite when there is none. */
  wakesAt(now: number): number {
    let at = this.#parking.first
    for (const gate of this.#gates)
      if (gate.command.head || gate.read.head) at = Math.min(at, gate.window.opensAt(now))
    return at
  }

  #place(lane: Lane, list: List<Lane>): void {
    list.push(lane)
    lane.list = list
  }
}
