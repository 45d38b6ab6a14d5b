/** What an account has done, with what waits in its outbox. */
import type { Account } from '../../lib/client/account'
import type { Diagnostics } from '../../lib/client/diagnostics'
import type { Outbox } from '../../lib/outbox/outbox'

export async function diagnosticsOf(account: Account, outbox: Outbox | undefined): Promise<Diagnostics> {
  const state = await stateOf(outbox)
  return { ...account.diagnostics(), ...(state ? { outbox: state } : {}) }
}

/** A store that fails is no reason to say nothing of the rest. */
async function stateOf(outbox: Outbox | undefined): Promise<Diagnostics['outbox']> {
  try {
    const state = await outbox?.state()
    return state && { depth: state.depth, ...(state.oldest === undefined ? {} : { oldest: state.oldest }) }
  } catch {
    return undefined
  }
}
