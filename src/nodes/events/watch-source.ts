/** What the node finds itself, in the readings of the account: silent sensors, low batteries, missing devices. */
import { ApiError } from '../../lib/base/api-error'
import { formText, sentence } from '../../lib/base/sentence'
import { FieldError, readField } from '../../lib/vocabulary/validation'
import { BatteryWatch } from '../../lib/watch/battery'
import { DeviceWatch } from '../../lib/watch/devices'
import { SilenceWatch } from '../../lib/watch/silence-watch'
import type { Watch } from '../../lib/watch/watch'
import { Watcher } from '../../lib/watch/watcher'
import { propertyFields, propertyValues, type PropertyValues } from '../runtime/node-property'
import { LEAST_WATCH_INTERVAL, WATCH_INTERVALS, type WatchedSource } from '../runtime/shared-with-forms'
import { storeKey, type EventContext, type EventSource, type SourceState } from './event-source'
import { eventProperties } from './properties'

export { watchedSource } from '../runtime/shared-with-forms'

type Values = PropertyValues<typeof eventProperties>

const STATE_KEYS = { silence: 'sensors', battery: 'batteries', devices: 'devices' } as const

export class WatchSource implements EventSource {
  /** Ms. */
  readonly #interval: number
  readonly #kind: WatchedSource
  readonly #watch: Watch
  readonly #watcher: Watcher

  /** @throws ApiError CONFIG */
  constructor(context: EventContext, kind: WatchedSource) {
    const { account, clock, config, emit, node, options, store, vendor } = context
    if (!vendor.watch) throw new ApiError('CONFIG', sentence`${vendor.title} has nothing to watch, because it cannot be read; choose another vendor in the node`)
    const values = propertyValues(eventProperties, config)
    this.#interval = intervalOf(context, kind) * 1000
    this.#kind = kind
    this.#watch = watchOf(kind, values)
    const chosen = kind !== 'devices' && values.devices?.length ? values.devices : undefined
    this.#watcher = new Watcher({
      account: () => account.account(),
      plan: vendor.watch,
      watch: this.#watch,
      chosen,
      interval: this.#interval,
      clock,
      store,
      key: storeKey(node),
      about: JSON.stringify([vendor.id, account.id, kind, chosen ?? null]),
      call: options,
      emit,
    })
  }

  get afterFailure(): number {
    return this.#watcher.wait
  }

  get state(): SourceState {
    return { key: STATE_KEYS[this.#kind], values: { ...this.#watch.counts } }
  }

  poll(): Promise<number> {
    return this.#watcher.poll()
  }

  close(removed: boolean): Promise<void> {
    return this.#watcher.close(removed)
  }
}

function watchOf(kind: WatchedSource, values: Values): Watch {
  const { batteryBelow, intervals, reportUnread, silentAfter, usualInterval, voltageBelow } = values
  if (kind === 'battery') return new BatteryWatch({ battery: batteryBelow, voltage: voltageBelow })
  if (kind === 'devices') return new DeviceWatch(reportUnread)
  return new SilenceWatch({ intervals, usual: inMs(usualInterval), after: inMs(silentAfter) })
}

const inMs = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1000)

/** Seconds. */
function intervalOf({ config, vendor }: EventContext, kind: WatchedSource): number {
  const field = { ...propertyFields(eventProperties).interval, kind: 'number', in: 'none', required: false, label: eventProperties.interval.label, min: LEAST_WATCH_INTERVAL } as const
  try {
    const given = readField(field, config.interval === '' ? undefined : config.interval)
    return typeof given === 'number' ? given : WATCH_INTERVALS[kind]
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    throw new ApiError('CONFIG', sentence`${vendor.title} events: "${formText(field.label)}" ${error.sentence}; correct it in the node`, { summary: sentence`check "${formText(field.label)}"` })
  }
}
