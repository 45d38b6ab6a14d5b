/**
 * Counts the devices with a Hosted plan. How the device list names plans is not published: a property that names a plan or
 * a subscription is assumed, with the words of the documentation [S1].
 */
import * as v from 'valibot'
import type { Counted } from '../../../vocabulary/vendor'

const rows = v.array(v.record(v.string(), v.unknown()))
const named = v.object({ name: v.string() })

const HOSTED = /^hosted\b/i
/** A trial is neither: it gives data, and is not counted as Hosted. */
const WITHOUT = /^(none|no plan|free|non-?hosted)?$/i

/** Without a number of devices when no row names a plan. */
export function countPlans(list: unknown): Counted {
  if (!v.is(rows, list)) return { limited: [] }
  const plans = list.map((row) => ({ device: idOf(row), plan: planOf(row) }))
  const limited = plans.flatMap(({ device, plan }) => (device !== undefined && plan !== undefined && WITHOUT.test(plan) ? [device] : []))
  if (plans.every(({ plan }) => plan === undefined)) return { limited }
  return { devices: plans.filter(({ plan }) => plan !== undefined && HOSTED.test(plan)).length, limited }
}

function planOf(row: Readonly<Record<string, unknown>>): string | undefined {
  const key = Object.keys(row).find((name) => /plan|subscription/i.test(name))
  if (key === undefined) return undefined
  const plan = row[key]
  if (plan === null) return ''
  if (typeof plan === 'string') return plan.trim()
  return v.is(named, plan) ? plan.name.trim() : undefined
}

function idOf(row: Readonly<Record<string, unknown>>): string | undefined {
  const key = Object.keys(row).find((name) => /^(device_?)?id$/i.test(name))
  const id = key === undefined ? undefined : row[key]
  return typeof id === 'string' ? id : undefined
}
