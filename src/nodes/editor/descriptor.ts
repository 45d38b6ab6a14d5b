/** The description of nodes, vendors and operations that the build embeds in a form. Its texts are in the catalog. */
import type { Field } from '../../lib/vocabulary/operation'
import type { EditableRoute } from '../../lib/http/route'
import type { Config } from '../runtime/migrations/migrate'
import type { NodeProperty } from '../runtime/node-property'

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

/**
 * What properties of a node may be `onlyFor`: its responses can be given as `readings`; it can be read `since` the last
 * time; it begins a process that the node `follows`; it `findsExisting` things that equal what it would create; it
 * `deletesMany` things at once; its readings can be `mapped` from those of other clouds.
 */
export type OperationTrait = 'readings' | 'since' | 'follows' | 'findsExisting' | 'deletesMany' | 'mapped'

/** The rules of a node's own property, without its texts. */
export type PropertyDescriptor = FieldDescriptor &
  Pick<NodeProperty, 'onlyFor' | 'needs'> & {
    /** Names of the columns of a table. */
    columns?: readonly string[]
  }
export type PropertyDescriptors = Readonly<Record<string, PropertyDescriptor>>

export interface OperationDescriptor {
  id: string
  fields: FieldDescriptors
  unverified: boolean
  /** Cannot be undone, and needs no confirmation. */
  destructive: boolean
  traits: readonly OperationTrait[]
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
  /** The operation that the form of a new node chooses; '' where the user must choose. */
  first: string
  /** Those of one verb, in the order of the form. */
  operations: readonly OperationDescriptor[]
}

export interface ActionDescriptor {
  type: string
  defaults: Config
  properties: PropertyDescriptors
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
  /** Absent where the vendor has no events. */
  events?: CallbackDescriptor | PollDescriptor
  /** The picker of the devices that the node can watch. */
  watchPick?: string
}

export interface EventDescriptor {
  /** Of all properties of the node. */
  defaults: Config
  properties: PropertyDescriptors
  vendors: readonly EventVendorDescriptor[]
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
  routes: readonly EditableRoute[]
}

/** Key part of a choice's label: catalogs take a dot or a colon for a separator. */
export const choiceKey = (value: string): string => value.replace(/[^\w-]/g, '_') || 'empty'

/** Key of a sentence, by its English template: catalogs take a dot or a colon for a separator. */
export const sentenceKey = (template: string): string => template.replace(/[.:]/g, '-')
