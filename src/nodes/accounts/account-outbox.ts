/** The outbox of an account node: starts with the flows, ends with the node. */
import type { Node, NodeAPI } from 'node-red'
import type { Account } from '../../lib/client/account'
import type { ApiError } from '../../lib/base/api-error'
import type { Item } from '../../lib/outbox/item'
import { Outbox } from '../../lib/outbox/outbox'
import { plural, sentence, sentenceOf, type Sentence } from '../../lib/base/sentence'
import type { StoreLease } from '../../lib/store/store'
import type { Vendor } from '../../lib/vocabulary/vendor'
import { localize, localizedError } from '../runtime/language'

interface OutboxOptions {
  RED: NodeAPI
  /** The account's. */
  node: Node
  vendor: Vendor
  account(): Promise<Account>
  store: StoreLease
}

export interface AccountOutbox {
  outbox: Outbox
  /** Never fails: what goes wrong is logged. */
  close(removed: boolean): Promise<void>
}

interface Remainder {
  place: string
  depth: number
}

/** What outboxes held when they closed, by account. */
const remainders = new Map<string, Remainder>()

/** Ms to read the depth from the store: Node-RED waits for a node to close. */
const DEPTH_TIMEOUT = 1000

/** undefined when the store does not answer in time. */
async function remainderOf(outbox: Outbox, store: StoreLease): Promise<Remainder | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), DEPTH_TIMEOUT)))
  const read = async (): Promise<Remainder> => ({ place: (await store.open()).place, depth: (await outbox.state()).depth })
  try {
    return await Promise.race([read().catch(() => undefined), late])
  } finally {
    clearTimeout(timer)
  }
}

/** undefined where the vendor takes no readings. */
export function openOutbox({ RED, node, vendor, account, store }: OutboxOptions): AccountOutbox | undefined {
  const { delivery } = vendor
  if (!delivery) return undefined
  const outbox = new Outbox({
    name: node.id,
    vendor,
    delivery,
    store,
    account,
    onRefused: (item, error) => reportRefused(RED, node, item, error),
    log: (level, message) => (level === 'warn' ? node.warn(localize(RED, message)) : node.log(localize(RED, message))),
  })
  // Readings of an earlier run are sent before any message comes.
  const start = (): void => {
    outbox.start()
    void warnOfRemainder().catch(() => undefined)
  }
  /** Readings in another store stay there: only an account that names that store can open it. */
  const warnOfRemainder = async (): Promise<void> => {
    const before = remainders.get(node.id)
    if (!before || before.place === (await store.open()).place) return
    remainders.delete(node.id)
    node.warn(localize(RED, remainderText(before)))
  }
  RED.events.on('flows:started', start)
  const close = async (removed: boolean): Promise<void> => {
    RED.events.off('flows:started', start)
    const remainder = removed ? undefined : await remainderOf(outbox, store)
    if (remainder && remainder.depth > 0) remainders.set(node.id, remainder)
    else remainders.delete(node.id)
    try {
      const dropped = await outbox.close(removed)
      if (dropped > 0) node.warn(localize(RED, droppedText(dropped)))
    } catch (error) {
      node.warn(localize(RED, sentence`the outbox could not be closed: ${sentenceOf(error)}`))
    }
  }
  return { outbox, close }
}

const remainderText = ({ depth, place }: Remainder): Sentence =>
  plural(
    depth,
    sentence`the account now has another store, but 1 reading of its outbox is still in ${place}; choose that store again to send it`,
    sentence`the account now has another store, but ${depth} readings of its outbox are still in ${place}; choose that store again to send them`,
  )

const droppedText = (count: number): Sentence =>
  plural(count, sentence`the account was removed; 1 reading in its outbox was dropped`, sentence`the account was removed; ${count} readings in its outbox were dropped`)

/** The message of an earlier run is gone: its node reports the error, or the account where that node is gone too. */
function reportRefused(RED: NodeAPI, account: Node, item: Item, error: ApiError): void {
  const node = RED.nodes.getNode(item.node) as Node | null
  const message = { payload: item.reading, response: 'response' in error ? error.response : undefined }
  if (node) node.error(localizedError(RED, error), message)
  else account.error(localize(RED, sentence`${error.sentence}; the reading was dropped: ${JSON.stringify(item.reading)}`), message)
}
