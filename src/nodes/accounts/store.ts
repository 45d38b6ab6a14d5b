/** The store of an account: the one place where nodes get it from. */
import type { NodeAPI } from 'node-red'
import { StoreError, type Store } from '../../lib/store/store'

export const stores = {
  /**
   * @param _id of the `sensor-cloud-store` node that the account names; '' for the embedded one
   * @throws StoreError
   */
  open: (_RED: NodeAPI, _id: string): Promise<Store> =>
    Promise.reject(new StoreError('UNUSABLE', 'no store is there to keep what was read; read without "Only new"')),
}
