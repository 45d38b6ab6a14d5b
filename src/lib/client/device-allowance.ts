/** The requests that a vendor allows one device, as counted in its responses. */
import { sentence } from '../base/sentence'
import { localTime } from '../base/time'
import { ApiError } from '../base/api-error'
import type { Account } from './account'

/**
 * Lowers the budget of a device to what an answer says is left.
 * @param body of an answer that has just come, not of a cached one
 */
export function learnAllowance(account: Account, device: string | undefined, body: unknown): void {
  const { client, vendor } = account
  const remaining = vendor.apiRequestsRemaining?.(body)
  if (remaining === undefined || vendor.allowance === undefined || device === undefined) return
  client.deviceCount?.learn(device)
  client.observe(vendor.allowance, remaining, { budgets: account.budgets(device), device })
}

/**
 * The error of a request that the vendor refused. A 429 may say that the device has used its allowance: then its budget
 * is spent, and the code is QUOTA.
 */
export function allowanceError(account: Account, device: string | undefined, error: ApiError): ApiError {
  const { client, vendor } = account
  learnAllowance(account, device, error.body)
  if (error.statusCode !== 429 || device === undefined || vendor.apiRequestsRemaining?.(error.body) !== 0) return error
  const spent = client.budgets(account.budgets(device), device).find(({ name }) => name === vendor.allowance)
  // In the first minute of a month the vendor may still speak of the month before.
  if (!spent || spent.remaining > 0) return error
  const name = account.nameOf(device)
  const reset = localTime(spent.resetsAt)
  const said = sentence`device ${name} has used all its ${spent.limit} requests until ${reset} (429); trigger the nodes of this device less often`
  return new ApiError('QUOTA', said, { statusCode: error.statusCode, body: error.body, summary: sentence`limit of ${name} used up until ${reset}` })
}
