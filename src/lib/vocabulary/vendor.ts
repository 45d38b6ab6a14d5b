/** The description of a vendor: a folder of data. Client, nodes and form read it; none of them names a vendor. */
import type { Budget } from './budget'
import type { Events } from './events'
import type { StatusMeaning } from '../base/api-error'
import type { Sentence } from '../base/sentence'
import type { Caller, Evidence, Fields, Operation, OutgoingReading, Params, SingleOperation, Verb } from './operation'

export interface CredentialField {
  label: string
  help: string
  /** Names the user and opens nothing by itself, so that the editor may show what is stored. It is personal all the same. */
  readable?: boolean
  /** Chosen by a person, so that blanks at its ends may belong to it; around others they came along when it was copied. */
  blanks?: boolean
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

/** How readings that waited travel to the vendor. */
export interface Delivery {
  /** Most readings of a request. */
  largest: number
  /** Whether two readings may share a request. */
  canShareRequest(one: OutgoingReading, other: OutgoingReading): boolean
  /**
   * The operation that takes these readings in one request, by its file, and its params.
   * @param chosen the operation of the flow, where it is the same for all of them
   */
  request(readings: readonly OutgoingReading[], chosen: string | undefined): { operation: string; params: Readonly<Record<string, unknown>> }
  /** What errors of the vendor call the reading at this place of its request. */
  itemLabel(index: number): string
}

/** A request that shows whether an account works, and changes nothing at the vendor. */
export interface Probe<F extends Fields = Fields, B = unknown> {
  operation: SingleOperation<F, B>
  params: Params<F>
  /** Who or what answered, in a few words such as `devices: 12`; never a credential. */
  says(data: B): Sentence
  /** A refusal that shows as well that the account was accepted, where the vendor lets nothing be read. */
  refusal?: { status: number; says: Sentence }
}

/** Declares a probe; its params and what it says follow from its operation. */
export const probe = <F extends Fields, B>(definition: Probe<F, B>): Probe<F, B> => definition

/** A value that a form offers for a param. */
export interface PickOption {
  value: string
  label: string
  /** What tells it from others of the same label. */
  detail?: string
  /** What people call it, where the label alone does not say which one it is. */
  name?: string
}

/** What a form offers for fields whose `pick` is its name: known beforehand, or asked of the vendor. */
export type Picker =
  | { options: readonly PickOption[] }
  | {
      load(call: Caller<unknown>['call']): Promise<readonly PickOption[]>
      /** One value, where that takes fewer requests than all of them. */
      loadOne?(call: Caller<unknown>['call']): Promise<string | undefined>
    }

/** What an account's limits depend on. */
export interface Counted {
  /** Devices that the limits grow with; absent when that is not known. */
  devices?: number
  /** Devices with an allowance of their own. */
  limited: readonly string[]
}

/** How that is counted. */
export interface DeviceCountPlan {
  /** Ms after which it is counted again. */
  every: number
  /** Operation whose data is counted, by file name. */
  operation: string
  /** What is counted, for a sentence about a count that failed. */
  what: string
  /** Whether these settings leave it to be counted. */
  wanted(settings: Settings): boolean
  count(data: unknown): Counted
}

/** Where a vendor lists the names that people gave devices and sensors. */
export interface LabelPlan {
  /** Takes nothing. Its answer, or those of the operations that it calls, have `names`. */
  list: Operation
}

/** A place that gives readings. */
export interface WatchedPlace {
  device: string
  /** Null where the devices of the vendor have no such level. */
  sensor: string | null
}

/** How the vendor's devices are watched: for silence, for empty batteries, and whether they are still there. */
export interface WatchPlan {
  /** The picker of devices. */
  pick: string
  /** Whether devices have sensors of their own, so that only the list tells which readings to expect. */
  hasSensors?: true
  /** Takes nothing; its data are WatchedPlace[], a page at a time. */
  list: Operation
  /** Reads the newest readings of one device, battery included. */
  read: Operation
  /** The params with which it reads a device. */
  params(device: string): Readonly<Record<string, unknown>>
}

/** A text that shows how a vendor's API is. */
export interface Source {
  title: string
  address: string
}

/** A vendor; its own evidence is that of its address and its sign-in. */
export interface Vendor extends Evidence {
  id: string
  title: string
  /** Type of its config node. */
  accountType: string
  /** What the account is called where a user chooses it. */
  accountLabel: string
  docs: string
  /** The texts that its evidence cites, by their keys. */
  sources?: Readonly<Record<string, Source>>
  settings: Fields
  credentials: Readonly<Record<string, CredentialField>>
  /** Setting that holds the address which routes are relative to. */
  address: string
  auth: Auth
  /** How a POST body travels unless its operation says otherwise. */
  bodyAs: 'json' | 'form'
  /** Content type that requests without a body name too. */
  contentType?: string
  /** The limits of an account, with those of a device where that has its own. */
  budgets(settings: Settings, counted?: Counted, device?: string): readonly Budget[]
  deviceCount?: DeviceCountPlan
  /** Absent where no list has names. */
  labels?: LabelPlan
  /** Query values that every request of the account carries. */
  query?(settings: Settings): Readonly<Record<string, string>>
  /** Whether the form of a post carries them too, where the vendor does not say which place it reads. */
  queryInForm?: boolean
  /**
   * The body without the vendor's envelope.
   * @throws WireError when it is not that envelope
   */
  unwrap?(body: unknown): unknown
  /** Status that an answer with HTTP 200 really has, where the vendor's envelope has a code of its own. */
  statusOf?(body: unknown): number | undefined
  /** What a status means where the vendor documents more than HTTP does. */
  refusals?: Readonly<Record<number, StatusMeaning>>
  /**
   * The vendor's own words about a failure.
   * @param sent gives the body of the request: parsed JSON, else text
   */
  reason?(body: unknown, sent?: () => unknown): string | Sentence | undefined
  /** Header with the requests that are left in the budget of that name. */
  remaining?: { header: string; budget: string }
  /** Requests that are left, where an answer's body says so. */
  apiRequestsRemaining?(body: unknown): number | undefined
  /** Properties of a reading's `extra` that tell readings of one channel apart, such as the ids of two probes of a sensor. */
  seriesBy?: readonly string[]
  /** Set where readings may wait in an outbox; operations with `outgoing` use it. */
  delivery?: Delivery
  probe?: Probe
  /** By the `pick` of the fields that they are for. */
  pickers?: Readonly<Record<string, Picker>>
  /** Budget that they are of; a device whose answers name it has that budget. */
  allowance?: string
  /** How it tells what happens, where it does. */
  events?: Events
  /**
   * Keys of its answers that its schemas do not name. A `#` at the end stands for one or two digits. Reports show these
   * keys and those of the schemas; any other key may be an id or a name.
   */
  answerKeys?: readonly string[]
  /** Absent where nothing can be read. */
  watch?: WatchPlan
  /** By file name. */
  operations: Readonly<Record<string, Operation>>
}

/** Declares a vendor, and tells each of its operations the file that it is in. */
export function vendor<const V extends Vendor>(definition: V): V {
  for (const [file, operation] of Object.entries<Operation>(definition.operations)) operation.file = file
  return definition
}

/** How Node-RED keeps a credential: its editor gets back the stored value of a text, and never that of a password. */
export const credentialType = (vendor: Pick<Vendor, 'credentials'>, name: string): 'text' | 'password' =>
  vendor.credentials[name]?.readable ? 'text' : 'password'

/** Whether a setting is a URL that secrets are sent to: the base URL, and any whose name says so. */
export const isAddress = (vendor: Pick<Vendor, 'address'>, setting: string): boolean => setting === vendor.address || /url$/i.test(setting)

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
