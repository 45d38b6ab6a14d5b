/** Where the event nodes of an account keep what they must know after a restart. */
import type { Store } from '../../lib/store/store'
import type { AccountNode } from '../accounts/register'

/** An account that has a store. */
interface WithStore {
  store?(): Store | undefined | Promise<Store | undefined>
}

export type StoreOf = (account: AccountNode) => Promise<Store | undefined>

export const storeOf: StoreOf = async (account) => (account as WithStore).store?.()
