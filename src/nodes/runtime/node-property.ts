/**
 * The properties that a node has beside vendor, account, operation and params.
 * Each is declared once, as a field; default, validator, form row, help and catalog follow from that.
 */
import { accountProperty, type Vendor } from '../../lib/vocabulary/vendor'
import type { Config } from './migrations/migrate'
import { FieldError, readField } from '../../lib/vocabulary/validation'
import type { Choice, Field, FieldOptions } from '../../lib/vocabulary/field'

type Kind = 'boolean' | 'number' | 'choice' | 'text' | 'list' | 'json'

export interface PropertyOptions extends Omit<FieldOptions, 'in' | 'required'> {
  kind: Kind
  help: string
  /** Shown and checked only where the chosen operation, or the vendor's events, have this trait; see the form's descriptor. */
  onlyFor?: string
  /** Shown and checked only while this property of the node is ticked. */
  needs?: string
  /** Of a JSON property that is a table: the label of each column, by the name that it has in a row. */
  columns?: Readonly<Record<string, string>>
}

/** A property as form, help and catalog read it. */
export type NodeProperty = Field & Pick<PropertyOptions, 'help' | 'onlyFor' | 'needs' | 'columns'>
export type NodeProperties = Readonly<Record<string, PropertyOptions>>

type ValueOf<P> = P extends { kind: 'boolean' }
  ? boolean
  : P extends { kind: 'number' }
    ? P extends { default: number } ? number : number | undefined
    : P extends { kind: 'choice'; choices: readonly (infer C extends Choice)[] }
      ? C['value']
      : P extends { kind: 'list' } ? string[] | undefined : P extends { kind: 'json' } ? unknown[] : string | undefined

/** The values of declared properties. */
export type PropertyValues<P extends NodeProperties> = { readonly [N in keyof P]: ValueOf<P[N]> }

const fieldOf = (options: PropertyOptions): NodeProperty => ({ ...options, in: 'none', required: false })

/** Every property as a field. */
export const propertyFields = (properties: NodeProperties): Readonly<Record<string, NodeProperty>> =>
  Object.fromEntries(Object.entries(properties).map(([name, options]) => [name, fieldOf(options)]))

/** As a flow file and the form hold them: numbers and lists are texts, a table is a list of rows. */
export const propertyDefaults = (properties: NodeProperties): Config =>
  Object.fromEntries(Object.entries(properties).map(([name, options]) => [name, defaultOf(options)]))

function defaultOf({ kind, default: given }: PropertyOptions): unknown {
  if (kind === 'boolean') return given === true
  return kind === 'json' ? [] : String(given ?? '')
}

/** The values that a node works with. What is empty or wrong counts as the default: the form has marked it. */
export const propertyValues = <const P extends NodeProperties>(properties: P, config: Config): PropertyValues<P> =>
  Object.fromEntries(
    Object.entries(properties).map(([name, options]) => [name, valueOf(fieldOf(options), config[name])]),
  ) as PropertyValues<P>

function valueOf(field: Field, given: unknown): unknown {
  const fallback = field.kind === 'boolean' ? field.default === true : field.kind === 'json' ? [] : field.default
  try {
    return readField(field, given) ?? fallback
  } catch (error) {
    if (error instanceof FieldError) return fallback
    throw error
  }
}

/**
 * Not the present version. The editor gives defaults to a suggested node that lacks them, and a node without a version
 * would then pass for one of this version. A node gets its version when its dialog is saved.
 */
export const UNVERSIONED = { version: 0 } as const

/** One account property for each vendor. */
export const accountReferences = (vendors: readonly Vendor[]): Config =>
  Object.fromEntries(vendors.map(({ id }) => [accountProperty(id), '']))
