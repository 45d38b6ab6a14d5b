/** What a vendor is: a folder of data. Client, nodes and form read it; none of them names a vendor. */
import type { Budget } from './client/budget'
import type { Events } from './events'
import type { Fields, Operation, Verb } from './spec'

export interface CredentialField {
  label: string
  help: string
}

/** The checked settings of an account. */
export type Settings = Readonly<Record<string, unknown>>
export type Credentials = Readonly<Record<string, string>>

export interface TokenRequest {
  url: string
  headers: Readonly<Record<string, string>>
  body: string
}

export interface Token {
  value: string
  /** Seconds for which the vendor takes it. */
  lifetime: number
}

/** How requests prove who sends them. Names are those of credentials. */
export type Auth =
  | { kind: 'header'; name: string; credential: string }
  | { kind: 'basic'; user: string; password: string }
  | { kind: 'bearer'; credential: string }
  | {
      kind: 'token'
      request(settings: Settings, credentials: Credentials): TokenRequest
      decode(body: unknown): Token
      /** The Authorization header of a token. */
      header(token: string, settings: Settings): string
    }

export interface Vendor {
  id: string
  title: string
  /** Type of its config node. */
  accountType: string
  /** What the account is called where a user chooses it. */
  accountLabel: string
  docs: string
  /** What of the account is not published by the vendor: one sentence. */
  unverified?: string
  settings: Fields
  credentials: Readonly<Record<string, CredentialField>>
  /** Setting that holds the address which routes are relative to. */
  address: string
  auth: Auth
  /** How a POST body travels unless its operation says otherwise. */
  bodyAs: 'json' | 'form'
  budgets(settings: Settings): readonly Budget[]
  /** Query values that every request of the account carries. */
  query?(settings: Settings): Readonly<Record<string, string>>
  /**
   * The body without the vendor's envelope.
   * @throws WireError when it is not that envelope
   */
  unwrap?(body: unknown): unknown
  /** Status that an answer with HTTP 200 really has, where the vendor's envelope has a code of its own. */
  statusOf?(body: unknown): number | undefined
  /** The vendor's own words about a failure. */
  reason?(body: unknown): string | undefined
  /** Header with the requests that are left in the budget of that name. */
  remaining?: { header: string; budget: string }
  /** Requests that are left, where an answer's body says so. */
  apiRequestsRemaining?(body: unknown): number | undefined
  /** How it tells what happens, where it does. */
  events?: Events
  /** By file name. */
  operations: Readonly<Record<string, Operation>>
}

/** Declares a vendor; only there to check the data against the type. */
export const vendor = <const V extends Vendor>(definition: V): V => definition

/** Name of the action nodes' property that holds this vendor's account: `accountSenquipV1` for `senquip-v1`. */
export const accountProperty = (vendorId: string): string =>
  `account${vendorId.replace(/(?:^|-)(.)/g, (_match, letter: string) => letter.toUpperCase())}`

/** The id of what a node of this verb does when its flow names no operation; '' where that must be said. */
export const preferredOperation = (vendor: Vendor, verb: Verb): string =>
  Object.entries(operationsOf(vendor, verb)).find(([, operation]) => operation.preferred)?.[0] ?? ''

/** The operations of a verb by their ids in flows. */
export const operationsOf = (vendor: Vendor, verb: Verb): Record<string, Operation> =>
  Object.fromEntries(
    Object.entries(vendor.operations)
      .filter(([, operation]) => operation.verb === verb)
      .map(([file, operation]) => [operation.id ?? file, operation]),
  )
