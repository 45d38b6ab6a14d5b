/** The diagnostics of an account, with the state of its outbox. */
import type { NodeAPI } from 'node-red'
import type { Account } from '../../lib/client/account'
import type { Diagnostics } from '../../lib/client/diagnostics'
import type { Outbox } from '../../lib/outbox/outbox'
import { failureOf } from '../runtime/failure'

export async function diagnosticsOf(RED: NodeAPI, account: Account, outbox: Outbox | undefined): Promise<Diagnostics> {
  const state = await stateOf(RED, outbox)
  return { ...account.diagnostics(), ...(state ? { outbox: state } : {}) }
}

/** Undefined when the store fails, so that the rest can still be shown. */
async function stateOf(RED: NodeAPI, outbox: Outbox | undefined): Promise<Diagnostics['outbox']> {
  try {
    const state = await outbox?.state()
    if (!state) return undefined
    const { depth, failing, failure, oldest } = state
    return { depth, stuck: failing, ...(oldest === undefined ? {} : { oldest }), ...(failure ? { failure: failureOf(RED, failure) } : {}) }
  } catch {
    return undefined
  }
}
