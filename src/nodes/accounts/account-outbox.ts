/** The outbox of an account node: starts with the flows, ends with the node. */
import type { Node, NodeAPI } from 'node-red'
import type { Account } from '../../lib/client/account'
import type { ApiError } from '../../lib/base/api-error'
import type { Item } from '../../lib/outbox/item'
import { Outbox } from '../../lib/outbox/outbox'
import { sentence, sentenceOf } from '../../lib/base/sentence'
import type { StoreLease } from '../../lib/store/store'
import type { Vendor } from '../../lib/vocabulary/vendor'
import { say, spoken } from '../runtime/language'

interface Parts {
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

interface Left {
  place: string
  depth: number
}

/** What outboxes held when they closed, by their account. */
const left = new Map<string, Left>()

/** Ms for a store to say how much it holds: Node-RED waits for a node to close. */
const ASKED_FOR = 1000

/** undefined when the store does not say so in time. */
async function leftIn(outbox: Outbox, store: StoreLease): Promise<Left | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ASKED_FOR)))
  const asked = async (): Promise<Left> => ({ place: (await store.open()).place, depth: (await outbox.state()).depth })
  try {
    return await Promise.race([asked().catch(() => undefined), late])
  } finally {
    clearTimeout(timer)
  }
}

/** undefined where the vendor takes no readings. */
export function openOutbox({ RED, node, vendor, account, store }: Parts): AccountOutbox | undefined {
  const { delivery } = vendor
  if (!delivery) return undefined
  const outbox = new Outbox({
    name: node.id,
    vendor,
    delivery,
    store,
    account,
    onRefused: (item, error) => tellRefused(RED, node, item, error),
    log: (level, said) => (level === 'warn' ? node.warn(say(RED, said)) : node.log(say(RED, said))),
  })
  // What an earlier run left is sent before any message comes.
  const start = (): void => {
    outbox.start()
    void tellLeft().catch(() => undefined)
  }
  /** What was in another store stays there: only an account that names it has the means to open it. */
  const tellLeft = async (): Promise<void> => {
    const before = left.get(node.id)
    if (!before || before.place === (await store.open()).place) return
    left.delete(node.id)
    node.warn(say(RED, sentence`the account has another store now, but ${before.depth} readings of its outbox are still in ${before.place}: they are sent once the account names that store again`))
  }
  RED.events.on('flows:started', start)
  const close = async (removed: boolean): Promise<void> => {
    RED.events.off('flows:started', start)
    const kept = removed ? undefined : await leftIn(outbox, store)
    if (kept && kept.depth > 0) left.set(node.id, kept)
    else left.delete(node.id)
    try {
      const dropped = await outbox.close(removed)
      if (dropped > 0) node.warn(say(RED, sentence`the account was removed with ${dropped} readings in its outbox: they are dropped`))
    } catch (error) {
      node.warn(say(RED, sentence`the outbox could not be closed: ${sentenceOf(error)}`))
    }
  }
  return { outbox, close }
}

/** A message of an earlier run is gone, so that its node speaks for it; without that node the account does. */
function tellRefused(RED: NodeAPI, account: Node, item: Item, error: ApiError): void {
  const node = RED.nodes.getNode(item.node) as Node | null
  const message = { payload: item.reading, response: 'response' in error ? error.response : undefined }
  if (node) node.error(spoken(RED, error), message)
  else account.error(say(RED, sentence`${error.sentence}; the reading is dropped: ${JSON.stringify(item.reading)}`), message)
}
