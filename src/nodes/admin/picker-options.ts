/** `POST /sensor-clouds/options`: the options of a picker, requested from the vendor at most once a minute. */
import { pushAll } from '../../lib/base/foreign'
import type { NodeAPI } from 'node-red'
import type { Account } from '../../lib/client/account'
import { Call } from '../../lib/client/call'
import type { Client } from '../../lib/client/client'
import { sentence } from '../../lib/base/sentence'
import { sequence } from '../../lib/vocabulary/operation'
import type { PickOption, Picker } from '../../lib/vocabulary/vendor'
import { failureOf, type Failure } from '../runtime/language'
import { ownEntry } from '../runtime/node-types'
import { matchingOptions } from '../runtime/shared-with-forms'
import { badRequest, within } from './admin-route'
import { openTyped, readAccount, readBody, type TypedAccount } from './typed-account'

/** `count` is the number of options that match; those beyond `MOST_OPTIONS` are left out. `age` is in seconds. */
export type OptionsReply = { options: readonly PickOption[]; count: number; age?: number } | { error: Failure }

/** Options in a reply. The form asks again with what is typed when there are more. */
const MOST_OPTIONS = 5_000
/** Characters of a label or detail. */
const LONGEST_TEXT = 200
/** Characters of a value. A longer one is no id, and cutting it would make another value of it. */
const LONGEST_VALUE = 1_000
/** ms for which options are kept, however short the vendor's own max-age is. */
const KEPT_FOR = 60_000
/** ms for all requests of a picker: an account with many groups is asked about each, within its budget. */
const DEADLINE = 120_000
const ATTEMPT_TIMEOUT = 15_000

interface Loaded {
  options: readonly PickOption[]
  /** On the clock of `performance.now`. */
  at: number
}

interface Kept {
  /** On the clock of `performance.now`. */
  until: number
  loaded: Promise<Loaded>
}

type Loading = Extract<Picker, { load: unknown }>

/** By client, which stands for address and credentials: they are dropped with it. */
const keptOptions = new WeakMap<Client, Map<string, Kept>>()

/**
 * @param given `{ account, pick, refresh, search }`
 * @throws Refusal
 */
export async function pickerOptions(RED: NodeAPI, given: unknown): Promise<OptionsReply> {
  const body = readBody(given)
  const typed = readAccount(RED, body)
  const { pick, refresh } = body
  const search = typeof body.search === 'string' ? body.search : ''
  const picker = typeof pick === 'string' ? ownEntry(typed.vendor.pickers ?? {}, pick) : undefined
  if (typeof pick !== 'string' || !picker) throw badRequest(sentence`pick must be the name of a picker of this vendor`)
  if ('options' in picker) return replyOf(picker.options, search)
  let account: Account | undefined
  try {
    account = openTyped(RED, typed, ATTEMPT_TIMEOUT)
    const { options, at } = await shared(account, keyOf(account, typed, pick), refresh === true, loaderOf(account, pick, picker))
    return { ...replyOf(options, search), age: Math.round((performance.now() - at) / 1000) }
  } catch (error) {
    return { error: failureOf(RED, error) }
  } finally {
    await account?.close()
  }
}

/** Other settings, such as on whose behalf one asks, may give other options. */
const keyOf = ({ settings }: Account, typed: TypedAccount, pick: string): string => JSON.stringify([pick, settings, typed.settings.routes ?? {}])

const shortened = (text: string): string => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text)

function replyOf(options: readonly PickOption[], search: string): { options: PickOption[]; count: number } {
  const found = matchingOptions(options, search)
  const short = found.slice(0, MOST_OPTIONS).map(({ value, label, detail, name }) => ({
    value,
    label: shortened(label),
    ...(detail === undefined ? {} : { detail: shortened(detail) }),
    ...(name === undefined ? {} : { name: shortened(name) }),
  }))
  return { options: short, count: found.length }
}

/** Joins what is being loaded; a failure is not kept. */
function shared({ client }: Account, key: string, refresh: boolean, load: () => Promise<Loaded>): Promise<Loaded> {
  const entries = keptOptions.get(client) ?? new Map<string, Kept>()
  keptOptions.set(client, entries)
  const now = performance.now()
  for (const [name, entry] of entries) if (entry.until <= now) entries.delete(name)
  const known = entries.get(key)
  if (known && !refresh) return known.loaded
  const entry = { until: now + KEPT_FOR, loaded: load() }
  entries.set(key, entry)
  entry.loaded.catch(() => {
    if (entries.get(key) === entry) entries.delete(key)
  })
  return entry.loaded
}

const LATE = sentence`no response from the cloud within ${DEADLINE / 1000} s; type the value, or try again later`

/** Also a refresh may use a cached response, for as long as the vendor's max-age says that it stands. */
const loaderOf = (account: Account, pick: string, { load }: Loading) => (): Promise<Loaded> => {
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
    const call = new Call(account, pick, whole, { signal, noRetry: true, getOnly: true })
    for await (const { data } of call.pages({})) pushAll(options, usable(account, data as readonly PickOption[]))
    return { options, at: performance.now() - call.answerAge }
  })
}

const usable = ({ client }: Account, options: readonly PickOption[]): PickOption[] =>
  (client.redactor.data(options) as PickOption[]).filter(({ value }) => value.length <= LONGEST_VALUE)
