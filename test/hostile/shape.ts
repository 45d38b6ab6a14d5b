/** Whether what a flow gets is what the contract promises, whatever a message brought and whatever was answered. */
import type { Outcome } from './protocol'

/** Codes that a Catch node may see. */
export const CODES: ReadonlySet<string | undefined> = new Set([
  'CONFIG', 'INVALID', 'AUTH', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'RATE_LIMITED', 'QUOTA', 'TIMEOUT', 'NETWORK', 'VENDOR', 'PROTOCOL',
  'OUTBOX_FULL', 'EXPIRED', 'CLOSED',
])

const isText = (value: unknown): boolean => typeof value === 'string'
const isTextOrNull = (value: unknown): boolean => value === null || isText(value)
/** A measurement that its message says has failed has null. */
const isValue = (value: unknown): boolean => value === null || ['number', 'string', 'boolean'].includes(typeof value)
/** The range that a Date can hold. */
const isMoment = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= 8.64e15

const PROPERTIES: Readonly<Record<string, (value: unknown) => boolean>> = {
  vendor: isText,
  device: isText,
  sensor: isTextOrNull,
  label: isTextOrNull,
  quantity: isText,
  channel: isText,
  value: isValue,
  unit: isTextOrNull,
  timestamp: isMoment,
}

/** What is wrong with something that should be a reading; undefined when nothing is. */
export function wrongInReading(reading: unknown): string | undefined {
  if (typeof reading !== 'object' || reading === null) return `a reading is ${String(reading)}`
  const wrong = Object.entries(PROPERTIES).find(([name, isRight]) => !isRight((reading as Record<string, unknown>)[name]))
  return wrong && `${wrong[0]} of a reading is ${typeof (reading as Record<string, unknown>)[wrong[0]]} ${String((reading as Record<string, unknown>)[wrong[0]]).slice(0, 50)}`
}

/** Of a long list, its ends are looked at: a look at all of it would block what it measures. */
const LOOKED_AT = 500

/** What is wrong with a message that a node sent on. Its payload may also be the vendor's data, which has any shape. */
export function misshapen({ payload, response }: Readonly<Record<string, unknown>>): string[] {
  const wrong: string[] = []
  if (typeof response !== 'object' || response === null) wrong.push('the message has no response')
  if (!Array.isArray(payload)) return wrong
  const items = payload as unknown[]
  const looked = [...items.slice(0, LOOKED_AT), ...items.slice(-LOOKED_AT)]
  const readings = looked.filter((one) => typeof one === 'object' && one !== null && 'quantity' in one && 'vendor' in one)
  return [...wrong, ...readings.flatMap((reading) => wrongInReading(reading) ?? [])].slice(0, 5)
}

/** A sentence that a person can read at a glance, with what the vendor said. */
const LONGEST_SENTENCE = 1_500

/** What is wrong with what became of a message. */
export function wrongIn(outcome: Outcome, codes?: readonly string[]): string[] {
  const { caught, completed, leaked, logged, misshapen, sent } = outcome
  const wrong = [...misshapen]
  if (caught.length + completed + logged.length !== 1) wrong.push(`the node answered ${caught.length + completed + logged.length} times for one message`)
  if (caught.length > 0 && sent > 0) wrong.push('the node sent a message on and failed it too')
  for (const { code, message } of caught) {
    if (!CODES.has(code)) wrong.push(`the code ${String(code)} is none of the contract: ${message.slice(0, 200)}`)
    else if (codes && !codes.includes(code ?? '')) wrong.push(`the code is ${String(code)}, expected ${codes.join(' or ')}: ${message.slice(0, 200)}`)
    if (message.length > LONGEST_SENTENCE) wrong.push(`the error has ${message.length} characters or more`)
  }
  if (codes && caught.length === 0) wrong.push(`it succeeded, expected ${codes.join(' or ')}`)
  if (leaked.length > 0) wrong.push('a secret stands in an error, a response or the log')
  return wrong
}
