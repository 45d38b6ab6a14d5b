/** The account of a node and its store. The first call that needs them opens them. */
import type { Account } from '../../lib/client/account'
import { ApiError } from '../../lib/base/api-error'
import { sentence, sentenceOf, type Sentence } from '../../lib/base/sentence'
import { storeFailure } from '../../lib/store/store-failure'
import { StoreError, type Store, type StoreLease } from '../../lib/store/store'

export interface LazyAccountOptions {
  /** @throws ApiError CONFIG when a setting or credential is missing or wrong */
  open(store: Store | undefined): Account
  lease: StoreLease
  /** Whether the account names its store. Others may share it, so that the account cannot work without it. */
  named: boolean
  warn(message: Sentence): void
}

export class LazyAccount {
  readonly #options: LazyAccountOptions
  #opening: Promise<Account> | undefined
  #closed = false

  constructor(options: LazyAccountOptions) {
    this.#options = options
  }

  /** @throws ApiError CONFIG when the account is not complete; CONFIG or NETWORK when the store that it names fails; CLOSED */
  account(): Promise<Account> {
    if (this.#opening) return this.#opening
    // Nobody would close an account that is opened now.
    if (this.#closed) return Promise.reject(new ApiError('CLOSED', sentence`the account was closed`))
    const opening = this.#open()
    this.#opening = opening
    opening.catch(() => {
      // The next call tries again.
      if (this.#opening === opening) this.#opening = undefined
    })
    return opening
  }

  /** @throws StoreError */
  store(): Promise<Store> {
    return this.#options.lease.open()
  }

  async close(): Promise<void> {
    this.#closed = true
    const account = await this.#opening?.catch(() => undefined)
    await account?.close()
    await this.#options.lease.release()
  }

  async #open(): Promise<Account> {
    return this.#options.open(await this.#store())
  }

  /** Without a store of its own choice, one process still keeps the limits as long as it runs. */
  async #store(): Promise<Store | undefined> {
    const { lease, named, warn } = this.#options
    try {
      return await lease.open()
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      if (named) throw storeFailure(sentence`the store of the account cannot be used`, error)
      warn(sentence`limits and tokens will be lost at the next restart: ${sentenceOf(error)}`)
      return undefined
    }
  }
}
