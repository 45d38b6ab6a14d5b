/** Defaults that nodes of several kinds share. */
import { accountProperty, type Vendor } from '../../lib/vocabulary/vendor'
import type { Config } from './migrations/migrate'

/**
 * Not the present version. The editor gives defaults to a suggested node that lacks them, and a node without a version
 * would then pass for one of this version. A node gets its version when its dialog is saved.
 */
export const UNVERSIONED = { version: 0 } as const

/** One account property for each vendor. */
export const accountReferences = (vendors: readonly Vendor[]): Config =>
  Object.fromEntries(vendors.map(({ id }) => [accountProperty(id), '']))
