/** The request that shows whether an account works, for the connection test and the check at deploy. */
import { ApiError } from '../base/api-error'
import { sentence, verbatim, type Sentence } from '../base/sentence'
import type { Probe } from '../vocabulary/vendor'
import type { Account } from './account'
import { Call, type CallOptions } from './call'

type ProbeOptions = Pick<CallOptions, 'signal' | 'fresh' | 'onWait'> & { title: Sentence }

/**
 * Sends the request of the vendor's probe once.
 * @returns who or what answered
 * @throws ApiError
 */
export async function probeAccount(account: Account, options: ProbeOptions): Promise<Sentence> {
  const { client, vendor } = account
  const { probe } = vendor
  if (!probe) throw new ApiError('CONFIG', sentence`${vendor.title} has no request that can test the connection`)
  try {
    for await (const { data } of callOf(account, probe, options).pages(probe.params)) return probe.says(data).finished((text) => client.redactor.text(text))
    return verbatim('')
  } catch (error) {
    const refused = acceptedRefusal(probe, error)
    if (refused === undefined) throw error
    return refused
  }
}

/**
 * Finds out with one request at most whether the vendor accepts the credentials. It sends none where a valid token or a
 * fresh answer is known.
 * @throws ApiError
 */
export async function checkCredentials(account: Account, options: ProbeOptions): Promise<void> {
  const { vendor } = account
  if (!vendor.probe) return
  if (vendor.auth.kind !== 'token') {
    await probeAccount(account, options)
    return
  }
  try {
    await account.client.signIn(account, options.signal)
  } catch (error) {
    throw callOf(account, vendor.probe, options).explained(error)
  }
}

function callOf(account: Account, probe: Probe, options: ProbeOptions): Call {
  const getOnly = probe.operation.route.startsWith('GET ')
  return new Call(account, 'connection test', probe.operation, { ...options, noRetry: true, getOnly })
}

const acceptedRefusal = ({ refusal }: Probe, error: unknown): Sentence | undefined =>
  refusal && error instanceof ApiError && error.statusCode === refusal.status ? refusal.says : undefined
