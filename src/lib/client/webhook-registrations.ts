/** WebhookRegistrations that stand at a vendor: registered once, changed, removed. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Account } from './account'
import { Call, type CallOptions } from './call'
import { ApiError } from '../base/api-error'
import { Redactor } from '../base/redaction'
import type { CallbackEvents, RegisteredCallback } from '../vocabulary/events'

/** What is to stand at the vendor. */
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

  /** @param secret part of the address that nobody may see; taken out of every error */
  constructor(account: Account, events: CallbackEvents, secret: string, options: CallOptions) {
    this.#account = account
    this.#events = events
    this.#options = options
    this.#redactor.add(secret)
  }

  /**
   * Makes sure that the callback stands at the vendor exactly once.
   * @param isOwn whether a callback at the vendor was made for this purpose
   * @throws ApiError
   */
  async ensure(wanted: WantedWebhook, isOwn: (url: string) => boolean): Promise<void> {
    await this.#guarded(async () => {
      const own = (await this.#list()).filter(({ url }) => isOwn(url))
      const right = own.find((callback) => isSame(callback, wanted))
      // The new one first, so that nothing happens unheard in between.
      if (!right) await this.#write('create-callback', this.#events.create, { ...wanted })
      for (const callback of own) if (callback !== right) await this.#remove(callback)
    })
  }

  /**
   * Removes those that were made for this purpose.
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
    for await (const page of call.pages({})) found.push(...(page.data as RegisteredCallback[]))
    return found
  }

  async #remove({ id }: RegisteredCallback): Promise<void> {
    try {
      await this.#write('delete-callback', this.#events.remove, { callbackId: id })
    } catch (error) {
      // Somebody was faster.
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

/** Compares in a time that does not tell how much was right. */
export const isSecret = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret))
