/** Stands in for the engine on files until that one is merged. */
import { StoreError, type Store } from './store'

export const openEmbedded = (folder: string): Promise<Store> =>
  Promise.reject(new StoreError('UNUSABLE', `the store at ${folder} cannot be opened; choose a Redis store`))
