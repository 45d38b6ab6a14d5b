/** The waiting requests, by device and priority, in the order in which they start. */
import type { LimiterError } from './limiter-error'
import type { AbortSignalLike } from '../base/abort-signal'
import type { Priority } from '../vocabulary/budget'
import type { Permit } from './permit'
import type { Window } from './window'

interface Linked<T> {
  previous: T | undefined
  next: T | undefined
}

/** A linked list, first in, first out. Any item can leave in O(1), which an aborted request does. */
class List<T extends Linked<T>> {
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

export class QueuedRequest implements Linked<QueuedRequest> {
  previous: QueuedRequest | undefined = undefined
  next: QueuedRequest | undefined = undefined
  isQueued = false
  /** Monotonic ms at which it may start, as its caller was last notified; 0 when it was not. */
  estimatedStart = 0

  constructor(
    readonly queue: DeviceQueue,
    readonly windows: readonly Window[],
    /** Monotonic ms. */
    readonly queuedAt: number,
    readonly signal: AbortSignalLike | undefined,
    readonly onWait: ((ms: number) => void) | undefined,
    readonly resolve: (permit: Permit) => void,
    readonly reject: (reason: unknown) => void,
  ) {}
}

/** The requests of one device and priority, in the order in which they came. */
export class DeviceQueue implements Linked<DeviceQueue> {
  previous: DeviceQueue | undefined = undefined
  next: DeviceQueue | undefined = undefined
  readonly #requests = new List<QueuedRequest>()
  length = 0
  /** Its list in the schedule; undefined while it is empty, or blocked by a window of its device. */
  list: List<DeviceQueue> | undefined = undefined
  /** Monotonic ms until which a window of its device blocks it; undefined when none does. */
  blockedUntil: number | undefined = undefined

  constructor(
    /** Both queues of its device. */
    readonly device: DeviceQueues,
    readonly priority: Priority,
  ) {}

  get head(): QueuedRequest | undefined {
    return this.#requests.head
  }

  push(request: QueuedRequest): void {
    this.#requests.push(request)
    this.length += 1
    request.isQueued = true
  }

  remove(request: QueuedRequest): void {
    this.#requests.remove(request)
    this.length -= 1
    request.isQueued = false
  }
}

/** The queues of one device, or of the requests without a device. */
export class DeviceQueues {
  readonly #queues: Partial<Record<Priority, DeviceQueue>> = {}

  of(priority: Priority): DeviceQueue {
    return (this.#queues[priority] ??= new DeviceQueue(this, priority))
  }

  /** Those with requests in them. */
  waiting(): DeviceQueue[] {
    return Object.values(this.#queues).filter(({ length }) => length > 0)
  }
}

/** Device queues by the time until which they are blocked: a binary heap. A queue that left early leaves its entry behind. */
class BlockedQueues {
  readonly #entries: { at: number; queue: DeviceQueue }[] = []

  /** Monotonic ms at which the first queue is no longer blocked; Infinity when there is none. */
  get firstAt(): number {
    for (let top = this.#entries[0]; top; top = this.#entries[0]) {
      if (top.queue.blockedUntil === top.at) return top.at
      this.#pop()
    }
    return Infinity
  }

  get all(): DeviceQueue[] {
    return this.#entries.filter(({ at, queue }) => queue.blockedUntil === at).map(({ queue }) => queue)
  }

  add(queue: DeviceQueue, at: number): void {
    queue.blockedUntil = at
    const entries = this.#entries
    let index = entries.push({ at, queue }) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if ((entries[parent]?.at ?? 0) <= at) return
      this.#swap(index, parent)
      index = parent
    }
  }

  /** Removes a queue that is no longer blocked. */
  takeDue(now: number): DeviceQueue | undefined {
    return this.firstAt > now ? undefined : this.#pop()
  }

  #pop(): DeviceQueue | undefined {
    const entries = this.#entries
    this.#swap(0, entries.length - 1)
    const popped = entries.pop()
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if ((entries[child + 1]?.at ?? Infinity) < (entries[child]?.at ?? Infinity)) child += 1
      if ((entries[child]?.at ?? Infinity) >= (entries[index]?.at ?? Infinity)) return popped?.queue
      this.#swap(index, child)
      index = child
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

/** Device queues in two lists, since commands start before reads. */
class PriorityLists {
  readonly command = new List<DeviceQueue>()
  readonly read = new List<DeviceQueue>()

  get isEmpty(): boolean {
    return !this.command.head && !this.read.head
  }
}

/**
 * The order of all device queues that are not empty. Each stands in one place only: it is ready, it waits for a window
 * of the account, or a window of its device blocks it. So a device that is blocked holds up no other device, and a
 * blocked queue is not checked again before its window opens.
 */
export class Schedule {
  readonly #ready = new PriorityLists()
  /** Those that wait for a window of the account. */
  readonly #waiting = new Map<Window, PriorityLists>()
  readonly #blocked = new BlockedQueues()

  /** Puts a queue behind those that are ready. */
  ready(queue: DeviceQueue): void {
    this.#place(queue, this.#ready[queue.priority])
  }

  /** Puts a queue where it waits for `window`, which opens at `until`, monotonic ms. */
  block(queue: DeviceQueue, window: Window, until: number): void {
    if (window.budget.scope === 'device') {
      this.remove(queue)
      this.#blocked.add(queue, until)
      return
    }
    let lists = this.#waiting.get(window)
    if (!lists) this.#waiting.set(window, (lists = new PriorityLists()))
    this.#place(queue, lists[queue.priority])
  }

  remove(queue: DeviceQueue): void {
    queue.list?.remove(queue)
    queue.list = undefined
    queue.blockedUntil = undefined
  }

  /** The queue whose turn it is: commands before reads; those that waited for a window before those that are ready. */
  first(now: number): DeviceQueue | undefined {
    return this.#firstOf('command', now) ?? this.#firstOf('read', now)
  }

  #firstOf(priority: Priority, now: number): DeviceQueue | undefined {
    for (const [window, lists] of this.#waiting) {
      const { head } = lists[priority]
      if (head && window.opensAt(now) <= now) return head
    }
    return this.#ready[priority].head
  }

  /** Makes the queues ready whose device's window has opened. */
  unblockDue(now: number): void {
    for (let queue = this.#blocked.takeDue(now); queue; queue = this.#blocked.takeDue(now)) this.ready(queue)
  }

  /** Makes all queues ready, since another reason may apply to them now. */
  unblockAll(): void {
    for (const queue of this.#blocked.all) this.ready(queue)
    for (const { command, read } of this.#waiting.values())
      for (const list of [command, read]) for (let { head } = list; head; { head } = list) this.ready(head)
  }

  /** Monotonic ms at which a queue can continue by itself; Infinity when there is none. */
  opensAt(now: number): number {
    let at = this.#blocked.firstAt
    for (const [window, lists] of this.#waiting) if (!lists.isEmpty) at = Math.min(at, window.opensAt(now))
    return at
  }

  #place(queue: DeviceQueue, list: List<DeviceQueue>): void {
    this.remove(queue)
    list.push(queue)
    queue.list = list
  }
}

/** What happens next to the request whose turn it is. Times are monotonic ms. */
export type Decision = { request: QueuedRequest } & (
  | { action: 'start' }
  | { action: 'reject'; reason: LimiterError }
  /** Its device's queue waits for a window; others may start. */
  | { action: 'block'; window: Window; until: number }
  /** All requests wait for the breaker. */
  | { action: 'hold'; until: number }
)
