import type { Simulator } from '..'
import type { VendorId } from '../request'
import type { Call } from './call'
import type { Shape } from './shape'

/** One request and its answer as a vendor's text has it, or as it follows from the text. */
export interface Exchange {
  vendor: VendorId
  /** the row of the vendor's documentation: 'GET /things/{tuid}' */
  endpoint: string
  name: string
  /** keys of ../shared/vendors: where the text says so; U = the simulator's choice */
  source: string
  /** relative to the vendor's base URL, with the query */
  path: string
  call: Call
  /** no credentials are sent; otherwise the account's own */
  anonymous?: true
  arrange?: (simulator: Simulator) => void
  status: number
  /** exact text, or a pattern */
  headers?: Record<string, string | RegExp>
  body: Shape
}
