/**
 * The measurements of a Senquip device that have thresholds, and the settings that hold them.
 * Names are the "internal references" of the vendor's user guide [S1c]; that the API takes them is inferred from its example [S1].
 */
import { FieldError, ParamError, readField } from '../../../vocabulary/validation'
import { formText, joined, sentence, sentenceOf, type Sentence } from '../../../base/sentence'
import { number } from '../../../vocabulary/operation'

export interface Thresholds {
  channel: string
  warning?: string
  alarm?: string
  hysteresis?: number
}

type Level = 'warning' | 'alarm' | 'hysteresis'

export interface Channel {
  label: string
  /** Setting of each param that the channel has. */
  settings: Partial<Readonly<Record<Level, string>>>
  /** Setting that must be true for the threshold to work. */
  enable?: string
  /** Other channels whose hysteresis is the same setting. */
  shares?: readonly string[]
}

const levels = (path: string) => ({ warning: `${path}.warning`, alarm: `${path}.alarm` })
const withHysteresis = (path: string) => ({ ...levels(path), hysteresis: `${path}.hysteresis` })

const input = (path: string, label: string): [string, Channel] => [path, { label, settings: withHysteresis(path) }]

const TILTS = ['accel.pitch', 'accel.roll', 'accel.angle']
const tilt = (path: string, label: string): [string, Channel] => [
  path,
  { label, settings: { ...levels(path), hysteresis: 'accel.hysteresis' }, shares: TILTS.filter((other) => other !== path) },
]

const entries: readonly (readonly [string, Channel])[] = [
  input('ambient', 'Ambient temperature (°C)'),
  tilt('accel.pitch', 'Pitch (°)'),
  tilt('accel.roll', 'Roll (°)'),
  tilt('accel.angle', 'Angle (°)'),
  ['accel.motion', { label: 'Motion (milli-g)', settings: levels('accel.motion') }],
  input('input1', 'Input 1'),
  ['input1.pulse', { label: 'Pulse count of input 1', settings: levels('input1.pulse') }],
  input('input2', 'Input 2'),
  input('output1', 'Output 1'),
  input('current1', 'Current loop 1'),
  input('current2', 'Current loop 2'),
  input('tc1', 'Thermocouple 1 (°C)'),
  ...[1, 2, 3, 4, 5].map((index): [string, Channel] => [
    `mod${index}`,
    { label: `Modbus channel ${index}`, settings: levels(`mod${index}`) },
  ]),
  [
    'gps.speed',
    {
      label: 'GPS speed (km/h)',
      settings: { alarm: 'gps.speed.alert.threshold', hysteresis: 'gps.speed.alert.hysteresis' },
      enable: 'gps.speed.alert.enable',
    },
  ],
]

export const CHANNELS: Readonly<Record<string, Channel>> = Object.fromEntries<Channel>(entries)

/** Whole km/h [S1c]; all other thresholds are text. */
const SPEED = number({ in: 'none', label: 'Speed', integer: true, min: 1, max: 1000 })

/**
 * The settings that give a channel its thresholds.
 * @throws FieldError when none is given, or one that the channel does not have
 */
export function thresholdConfig(params: Thresholds): Record<string, unknown> {
  const channel = CHANNELS[params.channel]
  if (!channel) throw new ParamError((label) => sentence`"${label('channel')}" must be one of ${Object.keys(CHANNELS).join(', ')}`)
  const given = (['warning', 'alarm', 'hysteresis'] as const).filter((level) => params[level] !== undefined)
  if (given.length === 0) throw new ParamError((label) => sentence`"${label('warning')}", "${label('alarm')}" and "${label('hysteresis')}" are all empty; give at least one of them`)
  const config: Record<string, unknown> = {}
  for (const level of given) {
    const setting = channel.settings[level]
    if (setting === undefined) throw missing(channel, level)
    put(config, setting, channel.enable === undefined ? params[level] : speed(level, params[level]))
  }
  if (channel.enable !== undefined && params.alarm !== undefined) put(config, channel.enable, true)
  return config
}

function missing({ label: channel, settings }: Channel, level: Level): ParamError {
  const known = Object.keys(settings)
  return new ParamError((label) => sentence`"${label(level)}" is not a setting of "${formText(channel)}", which has ${joined(known.map((other) => sentence`"${label(other)}"`))}; leave it empty`)
}

function speed(level: Level, value: unknown): unknown {
  try {
    return readField(SPEED, value)
  } catch (error) {
    throw error instanceof FieldError ? new ParamError((label) => sentence`"${label(level)}" of the speed in km/h ${sentenceOf(error)}`) : error
  }
}

/** Sets `a.b.c` as nested objects. */
function put(config: Record<string, unknown>, setting: string, value: unknown): void {
  const parts = setting.split('.')
  const last = parts.pop() ?? setting
  let at = config
  for (const part of parts) at = (at[part] ??= {}) as Record<string, unknown>
  at[last] = value
}

/** What else a threshold changes. */
export function sideEffects({ channel, hysteresis }: Thresholds): Sentence[] {
  const shares = CHANNELS[channel]?.shares ?? []
  if (hysteresis === undefined || shares.length === 0) return []
  return [sentence`Senquip keeps one hysteresis for several channels: that of ${channel} is also that of ${joined(shares)}`]
}
