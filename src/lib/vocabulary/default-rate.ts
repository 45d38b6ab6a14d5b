/** The default rate: a limit for the accounts of vendors that document none. */
import { number, type Evidence } from './operation'
import type { Settings, Vendor } from './vendor'

const CAUTION: Evidence = { unverified: 'The vendor documents no limit; this one is caution.' }

/**
 * The setting `requestsPerSecond` of an account, and the budget that follows from it.
 * @param usual requests a second where the account says nothing
 */
export const cautiousRate = (usual: number) => ({
  setting: number({
    in: 'none',
    label: 'Requests a second',
    help: 'Give the maximum number of requests a second. The vendor documents no limit, so the default is a precaution.',
    required: false,
    default: usual,
    min: 0.01,
    max: 1000,
  }),
  /** One budget; with less than one request a second, or a fraction, its window is longer than a second. */
  budgets({ requestsPerSecond: given }: Settings): ReturnType<Vendor['budgets']> {
    const rate = typeof given === 'number' ? given : usual
    const limit = Math.max(1, Math.floor(rate))
    const window = Math.round((1000 * limit) / rate)
    return [{ name: window === 1000 ? 'per second' : `in ${window / 1000} seconds`, limit, window, scope: 'account', evidence: CAUTION }]
  },
})

/** The rate of most vendors. */
export const { setting: requestsPerSecond, budgets: defaultRate } = cautiousRate(5)
