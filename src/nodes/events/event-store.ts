/** Where the event nodes of an account keep what they must know after a restart. */
import type { Store } from '../../lib/store/store'
import type { AccountNode } from '../accounts/account-node'

export type StoreOf = (account: AccountNode) => Promise<Store | undefined>

export const storeOf: StoreOf = (account) => account.store()
