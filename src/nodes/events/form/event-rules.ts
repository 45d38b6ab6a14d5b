/** Validates an event node, and makes its label. Does not use the page. */
import { textOf } from '../../../lib/base/foreign'
import { baseAddress } from '../../../lib/http/base-url'
import { callbackPathProblem, isReference, LEAST_WATCH_INTERVAL, WATCH_INTERVALS, watchedSource, type WatchedSource } from '../../runtime/shared-with-forms'
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

/** The rules of the interval of what the node watches itself. */
const watchedInterval = (source: WatchedSource) => ({ kind: 'number', required: false, default: WATCH_INTERVALS[source], min: LEAST_WATCH_INTERVAL }) as const

export function intervalProblem(vendor: EventVendorDescriptor | undefined, value: unknown, translate: Translate, source?: WatchedSource): string | undefined {
  if (source) return wrongSetting(fieldWithTexts(watchedInterval(source), 'property.interval', translate), value, translate)
  if (vendor?.events?.kind !== 'poll') return undefined
  return wrongSetting(fieldWithTexts(vendor.events.interval, `${eventsKey(vendor.id)}.interval`, translate), value, translate)
}

function wrongSetting(field: ReturnType<typeof fieldWithTexts>, value: unknown, translate: Translate): string | undefined {
  const problem = settingProblem(field, value ?? '', translate)
  return problem === undefined ? undefined : translate('form.error.setting', { label: field.label, problem })
}

/** Rules that a property's declaration cannot express, for the events of a vendor. */
const RULES = { publicUrl: publicUrlProblem, path: ownPathProblem, interval: intervalProblem } as const

/** What a node listens to. */
export interface ChosenSource {
  vendor: EventVendorDescriptor | undefined
  /** Undefined for the events of the vendor. */
  watched: WatchedSource | undefined
}

/** @param source the property of the node */
export const chosenSource = (vendor: EventVendorDescriptor | undefined, source: unknown): ChosenSource => ({ vendor, watched: watchedSource(source) })

/** The sentence that says what is wrong with a property, or undefined; a property that is not shown is not checked. */
export function eventPropertyProblem(
  { properties }: EventDescriptor,
  { vendor, watched }: ChosenSource,
  name: string,
  value: unknown,
  translate: Translate,
  isTaken?: (path: string) => boolean,
): string | undefined {
  if (watched && name === 'interval') return intervalProblem(vendor, value, translate, watched)
  const own = watched ? undefined : Object.entries(RULES).find(([property]) => property === name)
  if (own?.[0] === 'path') return ownPathProblem(vendor, value, translate, isTaken)
  if (own) return own[1](vendor, value, translate)
  const property = properties[name]
  return property && isOfUse(property, traitsOf({ vendor, watched }), () => true) ? propertyProblem(properties, name, value, translate) : undefined
}

/** What properties may be `onlyFor`; see `eventProperties`. */
export function traitsOf({ vendor, watched }: ChosenSource): readonly string[] {
  if (watched) return [watched, 'interval', ...(watched === 'devices' ? [] : ['sensors'])]
  if (!vendor?.events) return []
  return vendor.events.kind === 'poll' ? ['poll', 'interval'] : ['callback']
}

/**
 * What a watch costs a day, for the form.
 * @param interval as typed
 * @param devices as typed: a list with commas
 */
export function costOf(watched: WatchedSource, interval: string, devices: string, translate: Translate): string {
  const seconds = Number(interval === '' ? WATCH_INTERVALS[watched] : interval)
  if (!(seconds >= LEAST_WATCH_INTERVAL)) return ''
  const count = watched === 'devices' ? 0 : devices.split(',').filter((id) => id.trim() !== '').length
  const requests = Math.ceil((86_400 / seconds) * Math.max(1, count))
  if (watched === 'devices') return translate('form.costOfList', { requests })
  return translate(count === 0 ? 'form.costOfAll' : 'form.costOfChosen', { requests })
}

/** One sentence for each param that is wrong. */
export const eventParamProblems = ({ vendor, watched }: ChosenSource, params: unknown, translate: Translate, canEvaluate: CanEvaluate = () => true): string[] =>
  !watched && vendor?.events?.kind === 'poll' ? fieldProblems(vendor.events.fields, eventsKey(vendor.id), params ?? {}, translate, canEvaluate) : []

/** The label on the canvas. */
export function eventNodeLabel(descriptor: EventDescriptor, node: Readonly<Record<string, unknown>>, translate: Translate): string {
  const name = textOf(node.name)
  if (name !== '') return name
  const vendor = findSource(descriptor, node.vendor)
  if (!vendor) return translate('palette.label')
  const watched = watchedSource(node.source)
  const title = translate(`vendor.${vendor.id}.title`)
  return watched ? `${title}: ${translate(`property.source.choice.${watched}`)}` : translate('form.labelOf', { title })
}
