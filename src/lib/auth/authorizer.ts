/** Authenticates requests: fixed headers, or one token for all requests. Waiting requests share one token request. */
import * as v from 'valibot'
import { sentence } from '../base/sentence'
import type { Credentials, Token, Vendor } from '../vocabulary/vendor'
import { untilAborted, type AbortSignalLike } from '../base/abort-signal'
import type { Clock } from '../base/clock'
import { ApiError } from '../base/api-error'
import type { Redactor } from '../base/redaction'
import type { EncryptedStore } from '../cache/encrypted-store'
import { requestToken, type TokenSender } from './token-request'

/** A token is renewed so many ms before it expires, or after nine tenths of a short life. */
const RENEW_BEFORE = 60_000
const renewBefore = (lifetime: number): number => Math.min(RENEW_BEFORE, lifetime * 0.1)

/** What Node.js sends in a header; line ends are left out on the way. */
const SENDABLE = /^[\t\r\n\x20-\x7e\x80-\xff]*$/

/** As it stands in a store: ms, and epoch ms. */
const tokenRecord = v.object({ value: v.string(), lifetime: v.number(), expiresAt: v.number() })

interface CurrentToken {
  value: string
  /** Monotonic ms. */
  renewAt: number
}

export interface AuthorizerOptions {
  vendor: Vendor
  credentials: Credentials
  clock: Clock
  /** Learns every token. */
  redactor: Redactor
  /** Ends token requests, which serve all who wait and not only the call that began one. */
  signal: AbortSignalLike
}

export class Authorizer {
  readonly #options: AuthorizerOptions
  /** Where tokens are kept over a restart and shared by processes. */
  store: EncryptedStore | undefined
  #current: CurrentToken | undefined
  /** The token that the vendor refused last, which is of no use in the store either. */
  #refused: string | undefined
  #renewing: Promise<CurrentToken> | undefined

  constructor(options: AuthorizerOptions) {
    this.#options = options
  }

  /** Whether a refused request can be repeated with a new token. */
  get renewable(): boolean {
    return this.#options.vendor.auth.kind === 'token'
  }

  /**
   * Headers for one request.
   * @param sender what a token request is sent with, where one is needed
   * @throws ApiError CONFIG for a credential that no header can carry; what a token request throws
   */
  async headers(sender: TokenSender, signal: AbortSignalLike): Promise<Record<string, string>> {
    const { auth } = this.#options.vendor
    const name = auth.kind === 'header' ? auth.name : 'Authorization'
    const value = auth.kind === 'token' ? auth.header(await this.#token(sender, signal), sender.settings) : fixedValue(auth, this.#options.credentials)
    if (!SENDABLE.test(value)) throw new ApiError('CONFIG', sentence`a credential contains a character that cannot be sent, perhaps an invisible one; enter it again in the account`)
    return { [name]: value }
  }

  /** Forgets the token of a refused request; a newer one, which another request brought meanwhile, stays. */
  refused(headers: Readonly<Record<string, string>>): void {
    const { value: token } = this.#current ?? {}
    if (token === undefined || !Object.values(headers).some((value) => value.includes(token))) return
    this.#refused = token
    this.#current = undefined
  }

  async #token(sender: TokenSender, signal: AbortSignalLike): Promise<string> {
    if (this.#current && this.#current.renewAt > this.#options.clock.monotonic()) return this.#current.value
    this.#renewing ??= this.#renew(sender).finally(() => {
      this.#renewing = undefined
    })
    return (await untilAborted(this.#renewing, signal)).value
  }

  async #renew(sender: TokenSender): Promise<CurrentToken> {
    const { clock } = this.#options
    const stored = await this.#stored()
    if (stored) return (this.#current = stored)
    const token: Token = await requestToken(this.#options, sender)
    const lifetime = token.lifetime * 1000
    const record: v.InferOutput<typeof tokenRecord> = { value: token.value, lifetime, expiresAt: clock.now() + lifetime }
    // A store that fails costs one more token after a restart, no more.
    this.store?.set('token', '', record, lifetime).catch(() => undefined)
    return (this.#current = { value: token.value, renewAt: clock.monotonic() + lifetime - renewBefore(lifetime) })
  }

  /** The token of an earlier run or another process, while it is good. */
  async #stored(): Promise<CurrentToken | undefined> {
    const { clock, redactor } = this.#options
    const token = await this.store?.get('token', '').catch(() => undefined)
    // The present token has just ended by the clock that nobody sets.
    if (!v.is(tokenRecord, token) || token.value === this.#refused || token.value === this.#current?.value) return undefined
    const left = token.expiresAt - clock.now() - renewBefore(token.lifetime)
    // A token from the future was stored by another clock than the present one, so its age is not known.
    if (left <= 0 || left > token.lifetime) return undefined
    redactor.addToken(token.value)
    return { value: token.value, renewAt: clock.monotonic() + left }
  }
}

function fixedValue(auth: Exclude<Vendor['auth'], { kind: 'token' }>, credentials: Credentials): string {
  if (auth.kind === 'basic') return basic(credentials[auth.user] ?? '', credentials[auth.password] ?? '')
  const secret = credentials[auth.credential] ?? ''
  return auth.kind === 'bearer' ? `Bearer ${secret}` : secret
}

/** RFC 7617; UTF-8, as every vendor's server of today reads it. */
export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`
