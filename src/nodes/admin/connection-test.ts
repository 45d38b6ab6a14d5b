/** `POST /sensor-clouds/test`: tests the values in an account's dialog. */
import type { NodeAPI } from 'node-red'
import type { Account } from '../../lib/client/account'
import { Call } from '../../lib/client/call'
import { ApiError } from '../../lib/base/api-error'
import { sentence, verbatim, type Sentence } from '../../lib/base/sentence'
import type { Probe } from '../../lib/vocabulary/vendor'
import { localize, failureOf, type Failure } from '../runtime/language'
import { within } from './admin-route'
import { openTyped, readAccount, readBody } from './typed-account'

/** `duration` in ms. */
export type TestResult = ({ ok: true; says: string } | ({ ok: false } & Failure)) & { duration: number }

/** ms for the whole test, and for one attempt of it. */
const DEADLINE = 15_000
const ATTEMPT_TIMEOUT = 10_000

/** @throws Refusal */
export async function testConnection(RED: NodeAPI, body: unknown): Promise<TestResult> {
  const typed = readAccount(RED, readBody(body))
  const started = performance.now()
  const duration = (): number => Math.round(performance.now() - started)
  let account: Account | undefined
  try {
    account = openTyped(RED, typed, ATTEMPT_TIMEOUT)
    const says = localize(RED, await responseOf(account))
    return { ok: true, says, duration: duration() }
  } catch (error) {
    return { ok: false, ...failureOf(RED, error), duration: duration() }
  } finally {
    await account?.close()
  }
}

async function responseOf(account: Account): Promise<Sentence> {
  const { client, vendor } = account
  const { probe } = vendor
  if (!probe) throw new ApiError('CONFIG', sentence`${vendor.title} has no request that can test the connection`)
  let waiting = 0
  const ask = async (signal: AbortSignal): Promise<Sentence> => {
    const getOnly = probe.operation.route.startsWith('GET ')
    const options = { title: sentence`connection test`, signal, noRetry: true, fresh: true, getOnly, onWait: (ms: number) => void (waiting = ms) }
    const call = new Call(account, 'connection test', probe.operation, options)
    for await (const { data } of call.pages(probe.params)) return probe.says(data).finished((text) => client.redactor.text(text))
    return verbatim('')
  }
  try {
    return await within(DEADLINE, () => lateSentence(waiting), ask)
  } catch (error) {
    const refused = acceptedRefusal(probe, error)
    if (refused === undefined) throw error
    return refused
  }
}

const acceptedRefusal = ({ refusal }: Probe, error: unknown): Sentence | undefined =>
  refusal && error instanceof ApiError && error.statusCode === refusal.status ? refusal.says : undefined

const lateSentence = (waiting: number): Sentence =>
  waiting > DEADLINE
    ? sentence`the limits of the account allow the next request in ${Math.ceil(waiting / 1000)} s; try again then`
    : sentence`no response within ${DEADLINE / 1000} s; check the address, the proxy and the network`
