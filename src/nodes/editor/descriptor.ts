/** What the form knows of vendors and operations: data that the build embeds. Its texts stand in the catalog. */
import type { Field } from '../../lib/vocabulary/operation'
import type { Config } from '../runtime/migrations/migrate'

/** The rules of a field, without its texts. */
export type FieldDescriptor = Omit<Field, 'label' | 'help' | 'patternHint' | 'in' | 'wire' | 'wireAs' | 'choices' | 'builders' | 'present'> & {
  choices?: readonly string[]
  builders?: readonly BuilderDescriptor[]
  /** The value is a URL that secrets are sent to. */
  address?: boolean
}

/** A kind of item that the form can add to a JSON field. */
export interface BuilderDescriptor {
  id: string
  constants: Readonly<Record<string, string | number | boolean>>
  fields: FieldDescriptors
}

export type FieldDescriptors = Readonly<Record<string, FieldDescriptor>>

export interface OperationDescriptor {
  id: string
  fields: FieldDescriptors
  /** Whether its answers can be given as readings. */
  readings: boolean
  unverified: boolean
  /** Cannot be undone, and asks nothing back. */
  destructive: boolean
  /** Begins a process that can be followed to its end. */
  follows: boolean
  /** Can tell whether what it would create is there already. */
  findsExisting: boolean
  /** Can tell what is new. */
  since: boolean
  docs?: string
}

/** A vendor in the form of a node that has one. */
export interface VendorOfForm {
  id: string
  accountType: string
  /** Property of the nodes that names its account. */
  accountProperty: string
  /** Picks that are asked of the vendor, so that an account must be chosen first. */
  asked: readonly string[]
}

export interface VendorDescriptor extends VendorOfForm {
  /** What a node without an operation does; '' where one must be chosen. */
  preferred: string
  /** Those of one verb, in the order of the form. */
  operations: readonly OperationDescriptor[]
}

export interface ActionDescriptor {
  type: string
  defaults: Config
  vendors: readonly VendorDescriptor[]
}

export interface CallbackDescriptor {
  kind: 'callback'
  unverified: boolean
  choices: readonly string[]
}

export interface PollDescriptor {
  kind: 'poll'
  unverified: boolean
  fields: FieldDescriptors
  interval: FieldDescriptor
}

export interface EventVendorDescriptor extends VendorOfForm {
  /** Of a vendor that tells of none, nothing. */
  events?: CallbackDescriptor | PollDescriptor
}

export interface EventDescriptor {
  /** Of all properties of the node. */
  defaults: Config
  vendors: readonly EventVendorDescriptor[]
}

export interface RouteDescriptor {
  operation: string
  method: string
  path: string
}

export interface AccountDescriptor {
  type: string
  defaults: Config
  vendor: string
  docs: string
  settings: FieldDescriptors
  credentials: readonly string[]
  /** Setting that holds the base URL. */
  address: string
  /** Operations whose route the vendor has not published. */
  routes: readonly RouteDescriptor[]
}

/** Key part of a choice's label: catalogs take a dot or a colon for a separator. */
export const choiceKey = (value: string): string => value.replace(/[^\w-]/g, '_') || 'empty'

/** Key of a sentence, by its English template: catalogs take a dot or a colon for a separator. */
export const sentenceKey = (template: string): string => template.replace(/[.:]/g, '-')
