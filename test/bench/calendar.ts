/** Days and months of the limiter on a clock of its own: how much of a period's count is used, and whether it is ever exceeded. */
import { Limiter, LimiterError, type PermitRequest } from '../../src/lib/limiter/limiter'
import { periodEnd, periodStart } from '../../src/lib/limiter/calendar-window'
import { mostInAnyWindow } from '../lib/limiter/workload'
import { FakeClock, seededRandom } from '../lib/fake-clock'
import type { Figure } from './figure'
import type { Budget, Period } from '../../src/lib/vocabulary/budget'

interface Plan {
  title: string
  period: Period
  budgets: readonly Budget[]
  device?: string
  /** The first moment of the demand; the period that is measured is the next one that begins. */
  start: string
  /** Requests that are asked for at once, and the ms until the next so many. */
  burst: number
  every: number
}

const HOUR = 3_600_000

const perDay = (perSecond: number): Plan => ({
  title: `a day of ${perSecond} a second and ${perSecond * 1000} a day`,
  period: 'day',
  budgets: [
    { name: 'per second', limit: perSecond, window: 1000, scope: 'account' },
    { name: 'per day', limit: perSecond * 1000, window: 'day', scope: 'account' },
  ],
  // Little is used before midnight, so that nothing but the count keeps the two days apart.
  start: '2026-03-10T23:49:59.970Z',
  burst: perSecond * 2,
  every: 120_000,
})

const perMonth: Plan = {
  title: 'a month of 50 for a device',
  period: 'month',
  budgets: [
    { name: 'per second', limit: 1, window: 1000, scope: 'account' },
    { name: 'per month', limit: 50, window: 'month', scope: 'device' },
  ],
  device: 'D00000001',
  start: '2026-01-28T00:00:00Z',
  burst: 1,
  every: 6 * HOUR,
}

interface Seen {
  /** Epoch ms of each arrival. */
  arrivals: number[]
  /** Refused because the period is spent. */
  refused: number
}

/** The demand of a plan until one hour after the end of the measured period, over a network with 10 to 60 ms each way. */
async function simulate({ budgets, device, start, burst, every, period }: Plan): Promise<Seen> {
  const clock = new FakeClock(start)
  const limiter = new Limiter({ clock, concurrency: 16 })
  const random = seededRandom(burst)
  const way = (): number => 10 + random() * 50
  const seen: Seen = { arrivals: [], refused: 0 }
  const request: PermitRequest = { budgets, ...(device === undefined ? {} : { device }) }
  const one = async (): Promise<void> => {
    try {
      const permit = await limiter.take(request)
      const [there, back] = [way(), way()]
      clock.setTimeout(() => seen.arrivals.push(clock.now()), there)
      clock.setTimeout(() => permit.done({ roundTrip: there + back }), there + back)
    } catch (error) {
      if (!(error instanceof LimiterError) || error.code !== 'QUOTA') throw error
      seen.refused += 1
    }
  }
  const end = measured(period, clock.now()).to + HOUR
  const asked: Promise<void>[] = []
  while (clock.now() < end) {
    asked.push(...Array.from({ length: burst }, one))
    await clock.advance(every)
  }
  limiter.close()
  await Promise.all(asked)
  return seen
}

/** The first whole period after `epoch`. */
function measured(period: Period, epoch: number): { from: number; to: number } {
  const from = periodEnd(period, periodStart(period, epoch))
  return { from, to: periodEnd(period, from) }
}

function mostInAnyPeriod(period: Period, arrivals: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const at of arrivals) counts.set(periodStart(period, at), (counts.get(periodStart(period, at)) ?? 0) + 1)
  return Math.max(...counts.values())
}

async function figuresOf(plan: Plan): Promise<Figure[]> {
  const { title, period, budgets, start } = plan
  const { arrivals, refused } = await simulate(plan)
  const { from, to } = measured(period, Date.parse(start))
  const arrived = arrivals.filter((at) => at >= from && at < to).length
  return budgets.flatMap(({ name, limit, window }) => {
    if (typeof window === 'number') return [{ what: `${title}: most in any ${window / 1000} s`, value: mostInAnyWindow(arrivals, window), unit: '', most: limit }]
    return [
      { what: `${title}: most in any ${window} of UTC`, value: mostInAnyPeriod(window, arrivals), unit: '', most: limit },
      { what: `${title}: used of "${name}", with ${refused} refused`, value: (100 * arrived) / limit, unit: '%', least: 99 },
    ]
  })
}

export async function calendarFigures(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const plan of [perDay(9), perDay(1), perMonth]) figures.push(...(await figuresOf(plan)))
  return figures
}
