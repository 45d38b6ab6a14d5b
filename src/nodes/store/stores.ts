/** The store of an account. */
import type { NodeAPI, NodeDef } from 'node-red'
import type { StoreLease } from '../../lib/outbox/outbox'
import { StoreError } from '../../lib/store/store'

/** A share of the store that an account names, or of the default one. */
export type StoreOf = (RED: NodeAPI, account: NodeDef & Readonly<Record<string, unknown>>) => StoreLease

export const storeOf: StoreOf = () => ({
  open: () => Promise.reject(new StoreError('UNUSABLE', 'there is no store')),
  release: () => Promise.resolve(),
})
