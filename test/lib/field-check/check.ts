/** Checks accounts on the simulator, without Node-RED. */
import { Account } from '../../../src/lib/client/account'
import { ClientPool } from '../../../src/lib/client/pool'
import type { OperationReport } from '../../../src/lib/field-check/report'
import { checkAccount, type CheckRow } from '../../../src/lib/field-check/run'
import { vendors } from '../../../src/lib/vendors'
import type { Vendor } from '../../../src/lib/vocabulary/vendor'
import { accountsOn, type VendorId } from '../../nodes/harness'
import type { Simulator } from '../../simulator'

export interface Checked {
  rows: CheckRow[]
  /** The report of an operation. */
  of(operation: string): OperationReport
  /** Why an operation does not work, in English. */
  why(operation: string): string
}

interface Options {
  settings?: Record<string, unknown>
  pool?: ClientPool
  signal?: AbortSignal
  /** Called after each row. */
  onRow?(row: CheckRow): void
}

/** More requests a second than the cautious default of a vendor without a documented limit. */
const FAST: Readonly<Partial<Record<VendorId, object>>> = {
  'senquip-v1': { requestsPerSecond: 1000 }, thingsee: { requestsPerSecond: 1000 }, sensorist: { requestsPerSecond: 1000 },
}

export const accountOn = (simulator: Simulator, id: VendorId, settings: Record<string, unknown> = {}, pool = new ClientPool()): Account => {
  const { settings: own, credentials } = accountsOn(simulator)[id]
  const vendor: Vendor = vendors[id]
  return new Account({ vendor, settings: { ...own, ...FAST[id], ...settings }, credentials: credentials as Record<string, string>, timeout: 1000 }, pool)
}

export async function check(simulator: Simulator, id: VendorId, { settings, pool, signal = new AbortController().signal, onRow }: Options = {}): Promise<Checked> {
  const account = accountOn(simulator, id, settings, pool)
  const rows: CheckRow[] = []
  try {
    for await (const row of checkAccount(account, signal)) {
      rows.push(row)
      onRow?.(row)
    }
  } finally {
    await account.close()
  }
  const find = (operation: string): CheckRow => {
    const row = rows.find(({ report }) => report.operation === operation)
    if (!row) throw new Error(`no row for ${operation}`)
    return row
  }
  return { rows, of: (operation) => find(operation).report, why: (operation) => String(find(operation).why ?? '') }
}
