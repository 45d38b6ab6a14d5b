/** Commands, alarms and registrations: one call, or one for each row of a list. */
import { ApiError } from '../../lib/base/api-error'
import type { Call, CallResponse, Written } from '../../lib/client/call'
import { sentence, sentenceOf } from '../../lib/base/sentence'
import { say } from '../runtime/language'
import { OWN_DEFAULTS } from '../runtime/defaults'
import type { Work } from './input-handler'
import { follow, type Followed } from './follow'

/** s; of an empty one too. */
const DEFAULT_AWAIT = Number(OWN_DEFAULTS['send-command'].awaitTimeout)

/** Sends one command; waits for its result where the node says so. */
export async function sendCommand(work: Work): Promise<void> {
  const { data, nextLookAt } = await perform(work, work.call, work.values)
  finish(work, data, nextLookAt === undefined ? work.call.response : { ...work.call.response, nextLookAt })
}

/** Sets an alarm, unless it is there already and the node leaves such alone. */
export async function setAlarm(work: Work): Promise<void> {
  const { RED, call, config, node, values } = work
  const { data, existing, warnings } = await call.write(values, Boolean(config.ifAbsent))
  for (const warning of warnings) node.warn(say(RED, warning))
  finish(work, data, existing ? { ...call.response, existing } : call.response)
}

/** Registers one device, or, when the payload is a list of rows, one after another. */
export async function registerDevice(work: Work): Promise<void> {
  const { payload } = work.message
  if (Array.isArray(payload)) return registerAll(work, payload as unknown[])
  const { data } = await perform(work, work.call, work.values)
  finish(work, data, work.call.response)
}

interface Row {
  index: number
  ok: boolean
  result?: unknown
  error?: { message: string; code: string }
}

/** One bad row does not stop the rest: each has its own result. */
async function registerAll(work: Work, rows: readonly unknown[]): Promise<void> {
  const results: Row[] = []
  let response = work.call.response
  for (const [index, row] of rows.entries()) {
    work.status.rows(index + 1, rows.length)
    const call = work.newCall()
    try {
      const { data } = await perform(work, call, { ...work.values, ...rowValues(row, call) })
      results.push({ index, ok: true, result: data })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code === 'CLOSED') throw interrupted(work, error, results, rows.length)
      results.push({ index, ok: false, error: { message: say(work.RED, error.sentence), code: error.code } })
    }
    response = call.response
  }
  work.message.payload = results
  work.message.response = response
  work.send(work.message)
  work.status.succeeded('rows', { done: results.filter(({ ok }) => ok).length, count: rows.length })
}

/** A closed node registers no more; the message tells which rows were done. */
function interrupted(work: Work, error: ApiError, results: readonly Row[], count: number): ApiError {
  work.message.payload = results
  return new ApiError('CLOSED', sentence`${sentenceOf(error)}; ${results.length} of ${count} rows were done, send the others again`)
}

function rowValues(row: unknown, call: Call): Readonly<Record<string, unknown>> {
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Record<string, unknown>
  throw call.explained(new ApiError('INVALID', sentence`a row must be an object with a value for each param; correct the list`))
}

interface Performed {
  data: unknown
  /** Epoch ms before which the vendor allows no new look at the command, when its end was waited for but not seen. */
  nextLookAt?: number
}

async function perform(work: Work, call: Call, values: Work['values']): Promise<Performed> {
  const { data, warnings, poll } = await call.write(values, false)
  for (const warning of warnings) work.node.warn(say(work.RED, warning))
  if (work.config.awaitResult !== true || !poll) return { data }
  try {
    const { data: result = data, unseenFor, note } = await followed(work, call, poll)
    if (note) work.node.warn(say(work.RED, note))
    return unseenFor === undefined ? { data: result } : { data: result, nextLookAt: unseen(work, unseenFor) }
  } catch (error) {
    throw call.explained(error)
  }
}

/** The process that a command began, at its end. */
function followed({ config, signal, status }: Work, call: Call, poll: NonNullable<Written['poll']>): Promise<Followed> {
  const seconds = Number(config.awaitTimeout)
  return follow({
    look: poll,
    freshFor: () => call.freshFor,
    timeout: (seconds > 0 ? seconds : DEFAULT_AWAIT) * 1000,
    signal,
    tell: (state) => status.state(state),
  })
}

/**
 * Tells the log that the end of a command is not known.
 * @param ms until the next look at it
 * @returns epoch ms of that look
 */
function unseen({ RED, node }: Work, ms: number): number {
  const at = Date.now() + Math.ceil(ms)
  const time = new Date(at).toISOString()
  node.warn(say(RED, sentence`the command was accepted, but its end cannot be seen before ${time}, as the cloud allows no new look at it until then; look again after that`))
  return at
}

function finish(work: Work, data: unknown, response: CallResponse & { existing?: boolean; nextLookAt?: number }): void {
  work.send(Object.assign(work.message, { payload: data, response }))
  work.status.succeeded(response.existing ? 'existing' : response.nextLookAt === undefined ? 'ok' : 'accepted')
}
