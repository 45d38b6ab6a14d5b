/** Events that a vendor posts to this Node-RED. */
import { createHash, randomBytes } from 'node:crypto'
import { baseAddress } from '../../lib/http/base-url'
import { readRegistration, WebhookRegistrations } from '../../lib/client/webhook-registrations'
import { ApiError } from '../../lib/base/api-error'
import type { CallbackEvents } from '../../lib/vocabulary/events'
import { FieldError, readField } from '../../lib/vocabulary/validation'
import { formText, sentence, SentenceError, sentenceOf, type Sentence } from '../../lib/base/sentence'
import { list } from '../../lib/vocabulary/operation'
import { localize } from '../runtime/language'
import { callbackPathProblem, SECRET_PATHS } from '../runtime/shared-with-forms'
import { eventProperties } from './properties'
import { receive } from './webhook-receiver'
import { storeKey, type EventContext, type EventSource } from './event-source'

/** Ms between checks: somebody may have deleted the callback at the vendor. */
const CHECK_EVERY = 3_600_000
const AFTER_FAILURE = 60_000
/** Ms in which a callback must be deleted; Node-RED waits 15 s for a node to close. */
const REMOVE_WITHIN = 10_000
/** Ms in which an equal post is the same event, sent again because the vendor missed the response. */
const REPEATS_WITHIN = 600_000
const MOST_REMEMBERED = 1000

const WRONG = {
  events: (vendor: string, reason: Sentence) => sentence`${vendor} events: "${formText('Events')}" ${reason}; correct it in the node`,
  publicUrl: (vendor: string, reason: Sentence) => sentence`${vendor} events: "${formText(eventProperties.publicUrl.label)}" ${reason}; correct it in the node`,
  path: (vendor: string, reason: Sentence) => sentence`${vendor} events: "${formText(eventProperties.path.label)}" ${reason}; correct it in the node`,
} as const

/** What survives a restart. */
interface SavedCallback {
  /** The node's own path; else one that was made up once. */
  path: string
  /** Address that was registered. */
  url: string | undefined
}

export class CallbackSource implements EventSource {
  readonly afterFailure = AFTER_FAILURE
  readonly #context: EventContext
  readonly #events: CallbackEvents
  readonly #wanted: readonly string[]
  readonly #base: URL
  /** Monotonic ms of each post, by its digest. */
  readonly #received = new Map<string, number>()
  #saved: SavedCallback | undefined
  #end: (() => void) | undefined

  /** @throws ApiError CONFIG */
  constructor(context: EventContext, events: CallbackEvents) {
    this.#context = context
    this.#events = events
    this.#wanted = this.#read(WRONG.events, () => wantedEvents(events, context.config.events))
    this.#base = this.#read(WRONG.publicUrl, () => publicBase(context))
  }

  async poll(): Promise<number> {
    const { options } = this.#context
    const saved = (this.#saved ??= await this.#load())
    const { path } = saved
    this.#end ??= this.#read(WRONG.path, () => receive(this.#context.RED.httpNode, path, (body, text) => this.#accept(body, text)))
    const url = this.#base.href + path.slice(1)
    const isOwn = ownerOf(path, saved.url)
    await (await this.#callbacks(path, options.signal)).ensure({ url, events: this.#wanted }, isOwn)
    if (saved.url !== url) {
      saved.url = url
      await this.#save(saved)
    }
    return CHECK_EVERY
  }

  async close(removed: boolean): Promise<void> {
    this.#end?.()
    if (!removed) return
    const { RED, node, store, vendor } = this.#context
    try {
      const { path, url } = (this.#saved ??= await this.#load())
      // First, since a store that closes with its account does not wait for the vendor. If it is closed already, only an
      // unused path stays there, while a callback that stays at the vendor would go on posting.
      await store?.delete(storeKey(node)).catch(() => undefined)
      await (await this.#callbacks(path, AbortSignal.timeout(REMOVE_WITHIN))).remove(ownerOf(path, url))
    } catch (error) {
      node.warn(localize(RED, sentence`${sentenceOf(error)}; delete the callback of this node at ${vendor.title} yourself`))
    }
  }

  async #callbacks(path: string, signal: AbortSignal): Promise<WebhookRegistrations> {
    const { account, options } = this.#context
    return new WebhookRegistrations(await account.account(), this.#events, path, { ...options, signal })
  }

  async #load(): Promise<SavedCallback> {
    const stored = readSaved(await this.#context.store?.get(storeKey(this.#context.node)))
    const given = this.#context.config.path
    if (typeof given === 'string' && given !== '') return { path: this.#checked(given), url: stored.url }
    if (stored.path !== undefined) return { path: stored.path, url: stored.url }
    const saved = { path: `${SECRET_PATHS}${randomBytes(24).toString('base64url')}`, url: stored.url }
    // Before it is registered, so that a crash leaves no callback that nobody knows.
    await this.#save(saved)
    return saved
  }

  async #save(saved: SavedCallback): Promise<void> {
    await this.#context.store?.set(storeKey(this.#context.node), JSON.stringify(saved))
  }

  #checked(path: string): string {
    return this.#read(WRONG.path, () => {
      const problem = callbackPathProblem(path)
      if (problem !== undefined) throw new FieldError(problem)
      return path
    })
  }

  #accept(body: unknown, text: string): () => void {
    const { clock, emit } = this.#context
    const event = this.#events.decode(body, clock.now())
    if (this.#isRepeat(text, clock.monotonic())) return () => undefined
    return () => emit(event)
  }

  #isRepeat(text: string, now: number): boolean {
    const id = createHash('sha256').update(text).digest('base64')
    const before = this.#received.get(id)
    this.#received.delete(id)
    this.#received.set(id, now)
    for (const [old, at] of this.#received) {
      if (at > now - REPEATS_WITHIN && this.#received.size <= MOST_REMEMBERED) break
      this.#received.delete(old)
    }
    return before !== undefined && before > now - REPEATS_WITHIN
  }

  /** @throws ApiError CONFIG in place of any error about a property */
  #read<T>(wrong: (vendor: string, reason: Sentence) => Sentence, read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw new ApiError('CONFIG', wrong(this.#context.vendor.title, sentenceOf(error)), { summary: sentence`check the settings of the node` })
    }
  }
}

/** A callback is the node's own by its path, at any address of this Node-RED, or as the one that was registered last. */
const ownerOf =
  (path: string, registered: string | undefined) =>
  (url: string): boolean =>
    url === registered || (URL.canParse(url) && new URL(url).pathname.endsWith(path))

/** Names of events; none given means all. */
function wantedEvents({ choices }: CallbackEvents, given: unknown): string[] {
  const names: string[] = choices.map(({ value }) => value)
  const field = list({ in: 'none', label: 'Events', required: false, pattern: names.join('|'), patternHint: names.join(', ') })
  const chosen: unknown = Array.isArray(given) && given.length === 0 ? undefined : readField(field, given)
  return Array.isArray(chosen) ? names.filter((name) => chosen.includes(name)) : names
}

function readSaved(text: string | undefined): Partial<SavedCallback> {
  const { path, url } = readRegistration(text)
  return { ...(path !== undefined && callbackPathProblem(path) === undefined ? { path } : {}), url }
}

/** The address before the nodes' paths, as the vendor reaches it: that of this Node-RED and the root of its HTTP nodes. */
function publicBase({ RED, config }: EventContext): URL {
  const root = RED.settings.httpNodeRoot
  if (root === false) throw new SentenceError(sentence`cannot be used, because httpNodeRoot in settings.js turns the HTTP nodes off; change it there`)
  const base = baseAddress(typeof config.publicUrl === 'string' ? config.publicUrl : '')
  const path = (root ?? '').split('/').filter(Boolean)
  return path.length === 0 ? base : new URL(`${path.join('/')}/`, base)
}
