/** What makes an event node complete, and what it is called. Knows nothing of the page. */
import { textOf } from '../../../lib/base/foreign'
import { baseAddress } from '../../../lib/http/base-url'
import { pathProblem } from '../callback-path'
import { isReference } from '../../runtime/environment-reference'
import { fieldProblems } from '../../actions/form/action-rules'
import type { EventDescriptor, EventVendorDescriptor } from '../../editor/descriptor'
import { fieldWithTexts, problemOf, settingProblem, type CanEvaluate } from '../../editor/params/params'
import { say, type Translate } from '../../editor/platform/red'

/** The vendor of that id, if it tells of events. */
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
  return problem === undefined ? undefined : translate('form.error.setting', { label: translate('form.publicUrl'), problem })
}

/**
 * An empty one is made up when the node starts.
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
  const wrong = pathProblem(path)
  const problem = wrong ? say(translate, wrong) : isTaken(path) ? translate('form.error.pathTaken') : undefined
  return problem === undefined ? undefined : translate('form.error.setting', { label: translate('form.path'), problem })
}

export function intervalProblem(vendor: EventVendorDescriptor | undefined, value: unknown, translate: Translate): string | undefined {
  if (vendor?.events?.kind !== 'poll') return undefined
  const field = fieldWithTexts(vendor.events.interval, `${eventsKey(vendor.id)}.interval`, translate)
  const problem = settingProblem(field, value ?? '', translate)
  return problem === undefined ? undefined : translate('form.error.setting', { label: field.label, problem })
}

/** One sentence for each param that is wrong. */
export const eventParamProblems = (vendor: EventVendorDescriptor | undefined, params: unknown, translate: Translate, canEvaluate: CanEvaluate = () => true): string[] =>
  vendor?.events?.kind === 'poll' ? fieldProblems(vendor.events.fields, eventsKey(vendor.id), params ?? {}, translate, canEvaluate) : []

/** What a node is called on the canvas. */
export function eventLabel(descriptor: EventDescriptor, node: Readonly<Record<string, unknown>>, translate: Translate): string {
  const name = textOf(node.name)
  if (name !== '') return name
  const vendor = findSource(descriptor, node.vendor)
  return vendor ? translate('form.labelOf', { title: translate(`vendor.${vendor.id}.title`) }) : translate('palette.label')
}
