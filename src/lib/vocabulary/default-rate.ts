/** The default rate: a limit for the accounts of vendors that document none. */
import { number } from './operation'
import type { Settings, Vendor } from './vendor'

/** Requests a second, unless the account has another rate. */
const DEFAULT = 5

/** The setting of an account. */
export const requestsPerSecond = number({
  in: 'none',
  label: 'Requests a second',
  help: 'Give how many requests a second may be sent; the vendor documents no limit, so this one is caution.',
  required: false,
  default: DEFAULT,
  min: 0.01,
  max: 1000,
})

/** One budget. Its window is longer than a second where the rate is below one request a second or has a fraction. */
export function defaultRate({ requestsPerSecond: given }: Settings): ReturnType<Vendor['budgets']> {
  const rate = typeof given === 'number' ? given : DEFAULT
  const limit = Math.max(1, Math.floor(rate))
  const window = Math.round((1000 * limit) / rate)
  return [{ name: window === 1000 ? 'per second' : `in ${window / 1000} seconds`, limit, window, scope: 'account' }]
}
