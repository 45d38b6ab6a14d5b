/** Proves to the vendor who sends a request: fixed headers, or a token that is fetched once for all who wait. */
import type { Auth, Credentials, Settings, Token } from '../vendor'
import { untilAborted } from './abort'
import type { Clock } from './clock'

/** Fetches a token with the account's credentials; given by the client, which owns the transport. */
export type FetchToken = () => Promise<Token>

/** A token is renewed this long before it expires, or after nine tenths of a short life. */
const MARGIN = 60_000

interface Held {
  value: string
  /** Monotonic ms. */
  renewAt: number
}

export class Authorizer {
  readonly #auth: Auth
  readonly #credentials: Credentials
  readonly #clock: Clock
  #held: Held | undefined
  #fetching: Promise<Held> | undefined

  constructor(auth: Auth, credentials: Credentials, clock: Clock) {
    this.#auth = auth
    this.#credentials = credentials
    this.#clock = clock
  }

  /** Whether a refused request can be repeated with a new token. */
  get renewable(): boolean {
    return this.#auth.kind === 'token'
  }

  /** Headers for one request. Rejects with what `fetchToken` throws. */
  async headers(settings: Settings, fetchToken: FetchToken, signal: AbortSignal): Promise<Record<string, string>> {
    const { header, value } = await this.#header(settings, fetchToken, signal)
    return { [header]: value }
  }

  /** Forgets the token of a refused request; a newer one, which another request fetched meanwhile, stays. */
  refused(headers: Readonly<Record<string, string>>): void {
    if (this.#held && Object.values(headers).some((value) => value.includes(this.#held?.value ?? ' '))) this.#held = undefined
  }

  async #header(settings: Settings, fetchToken: FetchToken, signal: AbortSignal): Promise<{ header: string; value: string }> {
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

  async #token(fetchToken: FetchToken, signal: AbortSignal): Promise<string> {
    if (this.#held && this.#held.renewAt > this.#clock.monotonic()) return this.#held.value
    this.#fetching ??= this.#fetch(fetchToken).finally(() => {
      this.#fetching = undefined
    })
    return (await untilAborted(this.#fetching, signal)).value
  }

  async #fetch(fetchToken: FetchToken): Promise<Held> {
    const { value, lifetime } = await fetchToken()
    const life = lifetime * 1000
    this.#held = { value, renewAt: this.#clock.monotonic() + Math.max(life - MARGIN, life * 0.9) }
    return this.#held
  }
}

/** RFC 7617; UTF-8, as every vendor's server of today reads it. */
export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`
