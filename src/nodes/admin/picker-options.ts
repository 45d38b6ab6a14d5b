/** What a form offers for a param, asked of the vendor at most once a minute. */
import type { NodeAPI } from 'node-red'
import type { Account } from '../../lib/client/account'
import { Call } from '../../lib/client/call'
import type { Client } from '../../lib/client/client'
import { sentence } from '../../lib/base/sentence'
import { sequence } from '../../lib/vocabulary/operation'
import type { PickOption, Picker } from '../../lib/vocabulary/vendor'
import { within } from './within-time'
import { failureOf, type Failure } from './failure-reply'
import { badRequest, openTyped, readAccount, readBody, type OpenAccount } from './typed-account'

export type OptionsReply = { options: readonly PickOption[] } | { error: Failure }

/** ms for which options are kept, however short the vendor's own max-age is. */
const KEPT = 60_000
/** ms for all requests of a picker: an account with many groups is asked about each, within its budget. */
const DEADLINE = 120_000
const ONE_TRY = 15_000

interface Kept {
  /** On the clock of `performance.now`. */
  until: number
  options: Promise<readonly PickOption[]>
}

type Loading = Extract<Picker, { load: unknown }>

/** By client, so that they go when it goes: it stands for address and credentials. */
const kept = new WeakMap<Client, Map<string, Kept>>()

/** @throws Refusal */
export async function pickOptions(RED: NodeAPI, open: OpenAccount, given: unknown): Promise<OptionsReply> {
  const body = readBody(given)
  const typed = readAccount(RED, body)
  const { pick, refresh } = body
  const picker = typeof pick === 'string' && Object.hasOwn(typed.vendor.pickers ?? {}, pick) ? typed.vendor.pickers?.[pick] : undefined
  if (typeof pick !== 'string' || !picker) throw badRequest(sentence`pick must be the name of something that this vendor offers`)
  if ('options' in picker) return { options: picker.options }
  let account: Account | undefined
  try {
    account = openTyped(RED, open, typed, ONE_TRY)
    // Other settings, such as on whose behalf one asks, may give other answers.
    const key = JSON.stringify([pick, account.settings, typed.settings.routes ?? {}])
    return { options: await shared(account, key, refresh === true, loaderOf(account, pick, picker, refresh === true)) }
  } catch (error) {
    return { error: failureOf(RED, error) }
  } finally {
    await account?.close()
  }
}

/** Joins what is being loaded; what failed is not kept. */
function shared({ client }: Account, key: string, refresh: boolean, load: () => Promise<readonly PickOption[]>): Kept['options'] {
  const entries = kept.get(client) ?? new Map<string, Kept>()
  kept.set(client, entries)
  const now = performance.now()
  for (const [name, entry] of entries) if (entry.until <= now) entries.delete(name)
  const known = entries.get(key)
  if (known && !refresh) return known.options
  const options = load()
  const entry = { until: now + KEPT, options }
  entries.set(key, entry)
  options.catch(() => {
    if (entries.get(key) === entry) entries.delete(key)
  })
  return options
}

const LATE = sentence`the cloud did not answer in time; type the value, or try again later`

const loaderOf = (account: Account, pick: string, { load }: Loading, fresh: boolean) => (): Promise<readonly PickOption[]> => {
  const whole = sequence({
    verb: 'get-data',
    title: pick,
    route: 'GET /',
    fields: {},
    measurements: false,
    async *run(caller) {
      yield { data: await load((operation, params) => caller.call(operation, params)) }
    },
  })
  return within(DEADLINE, () => LATE, async (signal) => {
    const options: PickOption[] = []
    for await (const { data } of new Call(account, pick, whole, { signal, noRetry: true, fresh }).pages({}))
      options.push(...(account.client.redactor.data(data) as PickOption[]))
    return options
  })
}
