/** Commands, alarms and registrations: one call, or one for each row of a list. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isRecord } from '../../lib/base/foreign'
import { ApiError } from '../../lib/base/api-error'
import type { Call, CallResponse, Written } from '../../lib/client/call'
import { sentence } from '../../lib/base/sentence'
import { localTime } from '../../lib/base/time'
import { localize } from '../runtime/language'
import { propertyValues } from '../runtime/node-property'
import type { CreateHandler, MessageContext } from './input-handler'
import { follow, type Followed } from './follow'
import { actionProperties } from './properties'

/** Sends one command; waits for its result where the node says so. */
export const createSendCommand: CreateHandler = ({ config }) => {
  const { awaitResult, awaitTimeout, ttl } = propertyValues(actionProperties['send-command'], config)
  return {
    ttl,
    handle: async (context) => {
      const { call, values } = context
      const { data, poll } = await write(context, call, values)
      if (!awaitResult || !poll) {
        finish(context, data, call.response)
        return
      }
      const { data: result = data, unseenFor } = await followed(context, poll, awaitTimeout)
      finish(context, result, unseenFor === undefined ? call.response : { ...call.response, nextLookAt: warnUnseen(context, unseenFor) })
    },
  }
}

/** Sets an alarm; one that exists already is left alone where the node says so. */
export const createSetAlarm: CreateHandler = ({ config }) => {
  const { ifAbsent } = propertyValues(actionProperties['set-alarm'], config)
  return {
    handle: async (context) => {
      const { call, values } = context
      const { data, existing } = await write(context, call, values, ifAbsent)
      finish(context, data, existing ? { ...call.response, existing } : call.response)
    },
  }
}

/** Registers one device, or, when the payload is a list of rows, one after another. */
export const createRegisterDevice: CreateHandler = () => ({
  handle: async (context) => {
    const { payload } = context.message
    if (Array.isArray(payload)) return registerAll(context, payload as unknown[])
    const { data } = await write(context, context.call, context.values)
    finish(context, data, context.call.response)
  },
})

interface Row {
  index: number
  ok: boolean
  result?: unknown
  error?: { message: string; code: string }
}

const ROWS_AT_ONCE = 100

/** One bad row does not stop the rest: each has its own result. */
async function registerAll(context: MessageContext, rows: readonly unknown[]): Promise<void> {
  const { RED, message, status, values } = context
  const results: Row[] = []
  let response = context.call.response
  for (const [index, row] of rows.entries()) {
    status.rows(index + 1, rows.length)
    // Rows that are refused before a request wait for nothing, and would let nothing else run.
    if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await nextTurn()
    const call = context.newCall()
    try {
      const { data } = await write(context, call, { ...values, ...rowValues(row, call) })
      results.push({ index, ok: true, result: data })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code === 'CLOSED') throw interrupted(context, results, rows.length)
      results.push({ index, ok: false, error: { message: localize(RED, error.sentence), code: error.code } })
    }
    response = call.response
  }
  context.send(Object.assign(message, { payload: results, response }))
  status.succeeded('rows', { done: results.filter(({ ok }) => ok).length, count: rows.length })
}

/** A closed node registers no more; the message shows which rows were done. */
function interrupted({ call, message }: MessageContext, results: readonly Row[], count: number): ApiError {
  message.payload = results
  const said = sentence`the node was closed by a deploy; ${results.length} of ${count} rows were done, send the others again`
  return call.explained(new ApiError('CLOSED', said, { summary: sentence`stopped after ${results.length} of ${count} rows` }))
}

function rowValues(row: unknown, call: Call): Readonly<Record<string, unknown>> {
  try {
    if (isRecord(row)) return { ...row }
  } catch {
    // A row may have a getter that throws.
  }
  throw call.explained(new ApiError('INVALID', sentence`each row of msg.payload must be an object with a value for each input of the node; correct the list`))
}

interface Performed {
  data: unknown
  existing: boolean
  /** Asks once for the state of what the write began. */
  poll: Written['poll']
}

async function write({ RED, node }: MessageContext, call: Call, values: MessageContext['values'], ifAbsent = false): Promise<Performed> {
  const { data, existing, warnings, poll } = await call.write(values, ifAbsent)
  for (const warning of warnings) node.warn(localize(RED, warning))
  return { data, existing, poll }
}

/**
 * The process that a command began, at its end.
 * @param seconds to wait at most
 */
async function followed({ RED, call, node, signal, status }: MessageContext, poll: NonNullable<Written['poll']>, seconds: number): Promise<Followed> {
  try {
    const followed = await follow({
      poll,
      freshFor: () => call.freshFor,
      timeout: seconds * 1000,
      signal,
      onState: (state) => status.state(state),
    })
    if (followed.note) node.warn(localize(RED, followed.note))
    return followed
  } catch (error) {
    throw call.explained(error)
  }
}

/**
 * Warns that the end of a command is not known.
 * @param ms until the cloud allows the next poll
 * @returns epoch ms of that poll
 */
function warnUnseen({ RED, node }: MessageContext, ms: number): number {
  const at = Date.now() + Math.ceil(ms)
  const time = localTime(at)
  node.warn(localize(RED, sentence`the command was accepted, but its result cannot be read before ${time}; read it after that`))
  return at
}

function finish({ message, send, status }: MessageContext, data: unknown, response: CallResponse & { existing?: boolean; nextLookAt?: number }): void {
  send(Object.assign(message, { payload: data, response }))
  status.succeeded(response.existing ? 'existing' : response.nextLookAt === undefined ? 'ok' : 'accepted')
}
