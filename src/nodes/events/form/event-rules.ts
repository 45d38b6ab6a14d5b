/** Validates an event node, and makes its label. Does not use the page. */
import { textOf } from '../../../lib/base/foreign'
import { baseAddress } from '../../../lib/http/base-url'
import { callbackPathProblem, isReference } from '../../runtime/shared-with-forms'
import type { EventDescriptor, EventVendorDescriptor } from '../../editor/descriptor'
import { isOfUse, propertyProblem } from '../../editor/params/property-rows'
import { fieldProblems, fieldWithTexts, problemOf, settingProblem, type CanEvaluate } from '../../editor/params/params'
import { translateSentence, type Translate } from '../../editor/platform/red'

/** The vendor of that id, if it has events. */
export const findSource = (descriptor: EventDescriptor, id: unknown): EventVendorDescriptor | undefined =>
  descriptor.vendors.find((vendor) => vendor.id === id && vendor.events !== undefined)

export const eventsKey = (vendor: string): string => `events.${vendor}`

/** Each rule gives the sentence that says what is wrong, or undefined. */
export function sourceProblem(descriptor: EventDescriptor, value: unknown, translate: Translate): string | undefined {
  if (textOf(value) === '') return translate('form.error.vendor')
  return findSource(descriptor, value) ? undefined : translate('form.error.unknownVendor', { value: textOf(value) })
}

export function publicUrlProblem(vendor: EventVendorDescriptor | undefined, value: unknown, translate: Translate): string | undefined {
  if (vendor?.events?.kind !== 'callback' || isReference(value)) return undefined
  const problem = problemOf(() => baseAddress(textOf(value)), translate)
  return problem === undefined ? undefined : translate('form.error.setting', { label: translate('property.publicUrl.label'), problem })
}

/**
 * The node makes up a path when it starts with an empty one.
 * @param isTaken whether another node takes posts there
 */
export function ownPathProblem(
  vendor: EventVendorDescriptor | undefined,
  value: unknown,
  translate: Translate,
  isTaken: (path: string) => boolean = () => false,
): string | undefined {
  const path = textOf(value)
  if (vendor?.events?.kind !== 'callback' || path === '' || isReference(path)) return undefined
  const wrong = callbackPathProblem(path)
  const problem = wrong ? translateSentence(translate, wrong) : isTaken(path) ? translate('form.error.pathTaken') : undefined
  return problem === undefined ? undefined : translate('form.error.setting', { label: translate('property.path.label'), problem })
}

export function intervalProblem(vendor: EventVendorDescriptor | undefined, value: unknown, translate: Translate): string | undefined {
  if (vendor?.events?.kind !== 'poll') return undefined
  const field = fieldWithTexts(vendor.events.interval, `${eventsKey(vendor.id)}.interval`, translate)
  const problem = settingProblem(field, value ?? '', translate)
  return problem === undefined ? undefined : translate('form.error.setting', { label: field.label, problem })
}

/** Rules that a property's declaration cannot express. */
const RULES = { publicUrl: publicUrlProblem, path: ownPathProblem, interval: intervalProblem } as const

/** The sentence that says what is wrong with a property, or undefined; a property that is not shown is not checked. */
export function eventPropertyProblem(
  { properties }: EventDescriptor,
  vendor: EventVendorDescriptor | undefined,
  name: string,
  value: unknown,
  translate: Translate,
  isTaken?: (path: string) => boolean,
): string | undefined {
  const own = Object.entries(RULES).find(([property]) => property === name)
  if (own) return own[1](vendor, value, translate, isTaken)
  const property = properties[name]
  return property && isOfUse(property, traitsOf(vendor), () => true) ? propertyProblem(properties, name, value, translate) : undefined
}

/** What properties may be `onlyFor`: the kind of the vendor's events. */
export const traitsOf = (vendor: EventVendorDescriptor | undefined): readonly string[] => (vendor?.events ? [vendor.events.kind] : [])

/** One sentence for each param that is wrong. */
export const eventParamProblems = (vendor: EventVendorDescriptor | undefined, params: unknown, translate: Translate, canEvaluate: CanEvaluate = () => true): string[] =>
  vendor?.events?.kind === 'poll' ? fieldProblems(vendor.events.fields, eventsKey(vendor.id), params ?? {}, translate, canEvaluate) : []

/** The label on the canvas. */
export function eventNodeLabel(descriptor: EventDescriptor, node: Readonly<Record<string, unknown>>, translate: Translate): string {
  const name = textOf(node.name)
  if (name !== '') return name
  const vendor = findSource(descriptor, node.vendor)
  return vendor ? translate('form.labelOf', { title: translate(`vendor.${vendor.id}.title`) }) : translate('palette.label')
}
