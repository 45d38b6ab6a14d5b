/** Proves to the vendor who sends a request: fixed headers, or a token that is fetched once for all who wait. */
import * as v from 'valibot'
import { sentence } from '../base/sentence'
import type { Auth, Credentials, Settings, Token } from '../vocabulary/vendor'
import { untilAborted, type AbortSignalLike } from '../base/abort-signal'
import type { Clock } from '../base/clock'
import { ApiError } from '../base/api-error'
import type { Redactor } from '../base/redaction'
import type { EncryptedStore } from '../cache/encrypted-store'

/** Fetches a token with the account's credentials; given by the client, which owns the transport. */
export type FetchToken = () => Promise<Token>

/** A token is renewed this long before it expires, or after nine tenths of a short life. */
const MARGIN = 60_000
const marginOf = (lifetime: number): number => Math.min(MARGIN, lifetime * 0.1)

/** What Node.js sends in a header; line ends are left out on the way. */
const SENDABLE = /^[\t\r\n\x20-\x7e\x80-\xff]*$/

const kept = v.object({ value: v.string(), lifetime: v.number(), expiresAt: v.number() })

interface Held {
  value: string
  /** Monotonic ms. */
  renewAt: number
}

export class Authorizer {
  readonly #auth: Auth
  readonly #credentials: Credentials
  readonly #clock: Clock
  readonly #redactor: Redactor | undefined
  /** Where tokens are kept over a restart and shared by processes. */
  vault: EncryptedStore | undefined
  #held: Held | undefined
  /** The token that the vendor refused last, which is of no use in the vault either. */
  #refused: string | undefined
  #fetching: Promise<Held> | undefined

  /** @param redactor learns tokens that come from the vault */
  constructor(auth: Auth, credentials: Credentials, clock: Clock, redactor?: Redactor) {
    this.#auth = auth
    this.#credentials = credentials
    this.#clock = clock
    this.#redactor = redactor
  }

  /** Whether a refused request can be repeated with a new token. */
  get renewable(): boolean {
    return this.#auth.kind === 'token'
  }

  /**
   * Headers for one request. Rejects with what `fetchToken` throws.
   * @throws ApiError CONFIG for a credential that no header can carry
   */
  async headers(settings: Settings, fetchToken: FetchToken, signal: AbortSignalLike): Promise<Record<string, string>> {
    const { header, value } = await this.#header(settings, fetchToken, signal)
    if (!SENDABLE.test(value)) throw new ApiError('CONFIG', sentence`a credential holds a character that cannot be sent, perhaps an invisible one; enter it again in the account`)
    return { [header]: value }
  }

  /** Forgets the token of a refused request; a newer one, which another request fetched meanwhile, stays. */
  refused(headers: Readonly<Record<string, string>>): void {
    const { value: token } = this.#held ?? {}
    if (token === undefined || !Object.values(headers).some((value) => value.includes(token))) return
    this.#refused = token
    this.#held = undefined
  }

  async #header(settings: Settings, fetchToken: FetchToken, signal: AbortSignalLike): Promise<{ header: string; value: string }> {
    const auth = this.#auth
    const secret = (name: string): string => this.#credentials[name] ?? ''
    switch (auth.kind) {
      case 'header':
        return { header: auth.name, value: secret(auth.credential) }
      case 'basic':
        return { header: 'Authorization', value: basic(secret(auth.user), secret(auth.password)) }
      case 'bearer':
        return { header: 'Authorization', value: `Bearer ${secret(auth.credential)}` }
      case 'token': {
        const token = await this.#token(fetchToken, signal)
        return { header: 'Authorization', value: auth.header(token, settings) }
      }
    }
  }

  async #token(fetchToken: FetchToken, signal: AbortSignalLike): Promise<string> {
    if (this.#held && this.#held.renewAt > this.#clock.monotonic()) return this.#held.value
    this.#fetching ??= this.#fetch(fetchToken).finally(() => {
      this.#fetching = undefined
    })
    return (await untilAborted(this.#fetching, signal)).value
  }

  async #fetch(fetchToken: FetchToken): Promise<Held> {
    const known = await this.#kept()
    if (known) return (this.#held = known)
    const token = await fetchToken()
    const lifetime = token.lifetime * 1000
    // A store that fails costs one more token after a restart, no more.
    this.vault?.set('token', '', { value: token.value, lifetime, expiresAt: this.#clock.now() + lifetime }, lifetime).catch(() => undefined)
    return (this.#held = { value: token.value, renewAt: this.#clock.monotonic() + lifetime - marginOf(lifetime) })
  }

  /** The token of an earlier run or another process, while it is good. */
  async #kept(): Promise<Held | undefined> {
    const token = await this.vault?.get('token', '').catch(() => undefined)
    if (!v.is(kept, token) || token.value === this.#refused) return undefined
    // Never longer than it was given, should the clock have been set back.
    const left = Math.min(token.expiresAt - this.#clock.now(), token.lifetime) - marginOf(token.lifetime)
    if (left <= 0) return undefined
    this.#redactor?.addToken(token.value)
    return { value: token.value, renewAt: this.#clock.monotonic() + left }
  }
}

/** RFC 7617; UTF-8, as every vendor's server of today reads it. */
export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`
