/** `POST /sensor-clouds/test`: tests the values in an account's dialog. */
import type { NodeAPI } from 'node-red'
import type { Account } from '../../lib/client/account'
import { probeAccount } from '../../lib/client/probe'
import { sentence, type Sentence } from '../../lib/base/sentence'
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
  let waiting = 0
  const ask = (signal: AbortSignal): Promise<Sentence> =>
    probeAccount(account, { title: sentence`connection test`, signal, fresh: true, onWait: (ms) => void (waiting = ms) })
  return within(DEADLINE, () => lateSentence(waiting), ask)
}

const lateSentence = (waiting: number): Sentence =>
  waiting > DEADLINE
    ? sentence`the limits of the account allow the next request in ${Math.ceil(waiting / 1000)} s; try again then`
    : sentence`no response within ${DEADLINE / 1000} s; check the address, the proxy and the network`
