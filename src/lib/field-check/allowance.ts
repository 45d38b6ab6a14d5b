/** How many requests a check may send: a small part of what is left of the limits of a day or month. */
import type { Account } from '../client/account'
import { isCalendar } from '../vocabulary/budget'

/** Part of what is left of a limit. */
export const SHARE = 0.05

export class Allowance {
  readonly #account: Account
  /** Requests of the check so far. */
  readonly #sent: () => number
  /** The requests of the check when a device was first asked for, by its id. */
  readonly #sentBefore = new Map<string, number>()

  constructor(account: Account, sent: () => number) {
    this.#account = account
    this.#sent = sent
  }

  /**
   * Whether another request may be sent.
   * @param device that the request counts against
   */
  permits(device?: string): boolean {
    return this.#permitsOf('account', 0) && (device === undefined || this.#permitsOf('device', this.#before(device), device))
  }

  #before(device: string): number {
    const before = this.#sentBefore.get(device) ?? this.#sent()
    this.#sentBefore.set(device, before)
    return before
  }

  /** The limits are asked each time: saved counts are known only after the first request. */
  #permitsOf(scope: 'account' | 'device', before: number, device?: string): boolean {
    const budgets = this.#account.budgets(device).filter((budget) => isCalendar(budget) && budget.scope === scope)
    const used = this.#sent() - before
    return this.#account.client.budgets(budgets, device).every(({ remaining }) => used < Math.floor((remaining + used) * SHARE))
  }
}
