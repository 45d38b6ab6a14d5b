/** Commands, alarms and registrations: one call, or one for each row of a list. */
import { ApiError } from '../../lib/client/errors'
import type { Call, CallResponse, Written } from '../../lib/client/call'
import { sentence, sentenceOf } from '../../lib/sentence'
import { say } from '../language'
import { OWN_DEFAULTS } from '../defaults'
import type { Work } from './action'
import { follow } from './follow'

/** s; of an empty one too. */
const DEFAULT_AWAIT = Number(OWN_DEFAULTS['send-command'].awaitTimeout)

/** Sends one command; waits for its result where the node says so. */
export async function sendCommand(work: Work): Promise<void> {
  const data = await perform(work, work.call, work.values)
  finish(work, data, work.call.response)
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
  const data = await perform(work, work.call, work.values)
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
      results.push({ index, ok: true, result: await perform(work, call, { ...work.values, ...rowValues(row, call) }) })
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

async function perform(work: Work, call: Call, values: Work['values']): Promise<unknown> {
  const { data, warnings, look } = await call.write(values, false)
  for (const warning of warnings) work.node.warn(say(work.RED, warning))
  if (work.config.awaitResult !== true || !look) return data
  try {
    return (await followed(work, call, look)) ?? data
  } catch (error) {
    throw call.explained(error)
  }
}

/** The process that a command began, at its end. */
function followed({ config, signal, status }: Work, call: Call, look: NonNullable<Written['look']>): Promise<unknown> {
  const seconds = Number(config.awaitTimeout)
  let attempts = call.response.attempts
  return follow({
    look,
    fresh: () => {
      const before = attempts
      attempts = call.response.attempts
      return attempts > before
    },
    timeout: (seconds > 0 ? seconds : DEFAULT_AWAIT) * 1000,
    signal,
    tell: (state) => status.state(state),
  })
}

function finish(work: Work, data: unknown, response: CallResponse & { existing?: boolean }): void {
  work.send(Object.assign(work.message, { payload: data, response }))
  work.status.succeeded(response.existing ? 'existing' : 'ok')
}
