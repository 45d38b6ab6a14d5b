/** Registrations of webhooks at a vendor: creates, corrects and removes those of one node. */
import { pushAll } from '../base/foreign'
import { createHash, timingSafeEqual } from 'node:crypto'
import * as v from 'valibot'
import type { Account } from './account'
import { Call, type CallOptions } from './call'
import { ApiError } from '../base/api-error'
import { Redactor } from '../base/redaction'
import type { CallbackEvents, RegisteredCallback } from '../vocabulary/events'

/** What a node stores of its registration; what cannot be read counts as absent. */
const registrationRecord = v.fallback(
  v.pipe(v.string(), v.parseJson(), v.object({ path: v.fallback(v.optional(v.string()), undefined), url: v.fallback(v.optional(v.string()), undefined) })),
  {},
)

/** @param text as it was stored */
export const readRegistration = (text: string | undefined): v.InferOutput<typeof registrationRecord> => v.parse(registrationRecord, text)

/** The registration that a node needs. */
export interface WantedWebhook {
  url: string
  /** Names of the vendor's choices. */
  events: readonly string[]
}

export class WebhookRegistrations {
  readonly #account: Account
  readonly #events: CallbackEvents
  readonly #options: CallOptions
  readonly #redactor = new Redactor()

  /** @param secret part of the address that nobody may see; it is removed from every error */
  constructor(account: Account, events: CallbackEvents, secret: string, options: CallOptions) {
    this.#account = account
    this.#events = events
    this.#options = options
    this.#redactor.add(secret)
  }

  /**
   * Makes sure that the webhook is registered exactly once.
   * @param isOwn whether a registration at the vendor is this node's
   * @throws ApiError
   */
  async ensure(wanted: WantedWebhook, isOwn: (url: string) => boolean): Promise<void> {
    await this.#guarded(async () => {
      const own = (await this.#list()).filter(({ url }) => isOwn(url))
      const right = own.find((callback) => isSame(callback, wanted))
      // The new one first, so that no event is lost in between.
      if (!right) await this.#write('create-callback', this.#events.create, { ...wanted })
      for (const callback of own) if (callback !== right) await this.#remove(callback)
    })
  }

  /**
   * Removes the registrations of this node.
   * @param isOwn as in `ensure`
   * @throws ApiError
   */
  async remove(isOwn: (url: string) => boolean): Promise<void> {
    await this.#guarded(async () => {
      for (const callback of await this.#list()) if (isOwn(callback.url)) await this.#remove(callback)
    })
  }

  async #list(): Promise<readonly RegisteredCallback[]> {
    const call = new Call(this.#account, 'callbacks', this.#events.list, this.#options)
    const found: RegisteredCallback[] = []
    for await (const page of call.pages({})) pushAll(found, page.data as RegisteredCallback[])
    return found
  }

  async #remove({ id }: RegisteredCallback): Promise<void> {
    try {
      await this.#write('delete-callback', this.#events.remove, { callbackId: id })
    } catch (error) {
      // It is gone already.
      if (!(error instanceof ApiError && error.code === 'NOT_FOUND')) throw error
    }
  }

  async #write(id: string, operation: CallbackEvents['create'], values: Readonly<Record<string, unknown>>): Promise<void> {
    await new Call(this.#account, id, operation, this.#options).write(values, false)
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      throw new ApiError(error.code, error.sentence.finished((text) => this.#redactor.text(text)))
    }
  }
}

const isSame = ({ url, events }: RegisteredCallback, wanted: WantedWebhook): boolean =>
  url === wanted.url && (events === undefined || (events.length === wanted.events.length && wanted.events.every((name) => events.includes(name))))

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Takes the same time for every wrong secret, so that the time tells nothing of the right one. */
export const isSecret = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret))
