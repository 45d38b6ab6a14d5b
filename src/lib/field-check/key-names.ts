/** Which keys of an answer may stand in a report. All others may be ids or names, and are shown by their form. */
import type * as v from 'valibot'
import type { Operation } from '../vocabulary/operation'
import { schemaOf } from '../vocabulary/validation'
import type { Vendor } from '../vocabulary/vendor'
import { formOf } from './text-form'

/** Gives the key itself where it is documented, else a placeholder such as `<digits>`. */
export type NameKey = (key: string) => string

/** @returns what names the keys in answers of this vendor */
export function keyNames(vendor: Vendor): NameKey {
  const decoders = Object.values<Operation>(vendor.operations).flatMap((operation) => ('decode' in operation ? [operation.decode] : []))
  const documented = new Set([...(vendor.answerKeys ?? []), ...decoders.flatMap((decoder) => [...keysOf(schemaOf(decoder))])])
  const isDocumented = (key: string): boolean => documented.has(key) || documented.has(key.replace(/\d{1,2}$/, '#'))
  return (key) => (isDocumented(key) ? key : `<${formOf(key)}>`)
}

/** The parts of a schema of valibot that hold other schemas. */
interface Parts {
  entries?: Readonly<Record<string, v.GenericSchema>>
  item?: v.GenericSchema
  items?: readonly v.GenericSchema[]
  options?: readonly v.GenericSchema[]
  pipe?: readonly v.GenericSchema[]
  value?: v.GenericSchema
  wrapped?: v.GenericSchema
}

/** The keys of all objects in a schema. */
function* keysOf(schema: (v.GenericSchema & Parts) | undefined): Generator<string> {
  // The options of a picklist are texts.
  if (typeof schema !== 'object') return
  const { entries = {}, item, items = [], options = [], pipe = [], value, wrapped } = schema
  yield* Object.keys(entries)
  // The first part of a pipe is the schema itself, without its pipe.
  const inner = [...Object.values(entries), item, ...items, ...options, ...pipe.slice(1), value, wrapped]
  for (const part of inner) yield* keysOf(part)
}
