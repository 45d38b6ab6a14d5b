/** A vendor of the benches' own: one read and one write, and a limit that nothing reaches. */
import { operation, text, type SingleOperation } from '../../src/lib/vocabulary/operation'
import type { Vendor } from '../../src/lib/vocabulary/vendor'
import { anything } from '../../src/lib/vocabulary/validation'

const fields = { id: text({ in: 'path', label: 'Thing' }) }

export const things: SingleOperation = operation({ verb: 'get-data', title: 'Things', route: 'GET /things/{id}', fields, decode: anything })
export const change: SingleOperation = operation({ verb: 'send-command', title: 'Change', route: 'POST /things/{id}', fields, decode: anything })

export const vendor: Vendor = {
  id: 'bench', title: 'Bench', accountType: 'bench-account', accountLabel: 'Bench', docs: '', bodyAs: 'json',
  settings: { baseUrl: text({ in: 'none', label: 'Base URL' }) }, credentials: { token: { label: 'Token', help: '' } },
  address: 'baseUrl', auth: { kind: 'bearer', credential: 'token' }, operations: { things, change },
  budgets: () => [{ name: 'per second', limit: 1e6, window: 1000, scope: 'account' }],
}
