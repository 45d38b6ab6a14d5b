/** Tries every read operation of an account once, one after another. It sends no write. */
import { ApiError } from '../base/api-error'
import { sentence, type Sentence } from '../base/sentence'
import type { Account } from '../client/account'
import { Call, type CallOptions } from '../client/call'
import type { Operation } from '../vocabulary/operation'
import { Allowance, SHARE } from './allowance'
import { AnswerLog } from './answer-log'
import { needsParams, ParamFinder, reasonNotToTry } from './find-params'
import { judgeData, judgeFailure, notTried, type Judgement } from './judge'
import { keyNames } from './key-names'
import { reportOf, type OperationReport } from './report'

export interface CheckRow {
  /** In English, as the operation has it. */
  title: string
  /** For people: what is wrong, or why it was not tried. */
  why?: Sentence
  report: OperationReport
}

/** ms. A request that its limits hold back for longer is not tried. */
const LONGEST_WAIT = 10_000

/** After these failures every further request would fail too, or do harm. */
const ENDS_CHECK: readonly string[] = ['AUTH', 'NETWORK', 'RATE_LIMITED']

const SPENT = sentence`the check uses at most ${SHARE * 100} % of what is left of a limit`

/** Operations of a vendor in the order in which they are tried: first those without params, writes at the end. */
export function planOf({ vendor }: Account): Operation[] {
  const rank = (operation: Operation): number => (operation.verb !== 'get-data' ? 2 : needsParams(operation) ? 1 : 0)
  return Object.values<Operation>(vendor.operations).sort((one, other) => rank(one) - rank(other))
}

/**
 * Gives a row for each operation as soon as it is tried.
 * @param account opened for this check alone
 * @param signal stops the check; its rows so far stand
 */
export async function* checkAccount(account: Account, signal: AbortSignal): AsyncGenerator<CheckRow, void, undefined> {
  const run = new Run(account, signal)
  try {
    for (const operation of planOf(account)) {
      const row = await run.rowOf(operation)
      if (signal.aborted) return
      yield row
    }
  } finally {
    account.transport.onEnd = undefined
  }
}

class Run {
  readonly #account: Account
  readonly #signal: AbortSignal
  readonly #log: AnswerLog
  readonly #allowance: Allowance
  readonly #finder: ParamFinder
  readonly #nameKey: (key: string) => string
  /** Why nothing more is sent. */
  #ended: Sentence | undefined

  constructor(account: Account, signal: AbortSignal) {
    this.#account = account
    this.#signal = signal
    this.#log = new AnswerLog(account)
    this.#allowance = new Allowance(account, () => this.#log.sent)
    this.#finder = new ParamFinder(account, this.#options())
    this.#nameKey = keyNames(account.vendor)
  }

  async rowOf(operation: Operation): Promise<CheckRow> {
    this.#log.clear()
    const judgement = await this.#judge(operation)
    if (judgement.error !== undefined && ENDS_CHECK.includes(judgement.error)) this.#ended ??= judgement.why
    const report = reportOf({ operation, judgement, vendor: this.#account.vendor, route: this.#log.routeOf(operation), answer: this.#log.latest(operation), nameKey: this.#nameKey })
    const { deviation } = report
    const why = deviation ? sentence`${deviation.path}: ${deviation.found} came instead of ${deviation.expected}` : judgement.why
    return { title: operation.title, report, ...(why ? { why } : {}) }
  }

  async #judge(operation: Operation): Promise<Judgement> {
    const reason = reasonNotToTry(operation, this.#account.vendor.pickers ?? {}) ?? this.#ended
    if (reason) return notTried(reason)
    if (!this.#allowance.permits()) return notTried(SPENT)
    try {
      const found = await this.#finder.find(operation)
      if ('missing' in found) return notTried(found.missing, found.failure?.code)
      return await this.#try(operation, found.params)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return judgeFailure(error, this.#log.latest(operation)?.status)
    }
  }

  async #try(operation: Operation, params: Readonly<Record<string, unknown>>): Promise<Judgement> {
    const device = operation.device === undefined ? undefined : String(params[operation.device])
    if (!this.#allowance.permits(device)) return notTried(SPENT)
    const page = { isComplete: false }
    const beforeSend = (): void => {
      page.isComplete = this.#log.of(operation).some(({ status }) => status >= 200 && status < 300)
      if (page.isComplete) throw new ApiError('CLOSED', sentence`one page is enough for a check`)
    }
    const call = new Call(this.#account, operation.id ?? operation.file ?? '', operation, { ...this.#options(device, beforeSend), fresh: 'own' })
    try {
      for await (const { data } of call.pages(params)) return judgeData(operation, data, params, this.#account)
      return { outcome: 'works' }
    } catch (error) {
      // A first page that could not be read would have ended the call before it asked for a second one.
      if (page.isComplete) return { outcome: 'works' }
      throw error
    }
  }

  /** @param beforeSend called before each request; what it throws ends the call */
  #options(device?: string, beforeSend?: () => void): CallOptions {
    const waiting = new AbortController()
    return {
      signal: AbortSignal.any([this.#signal, waiting.signal]),
      noRetry: true,
      getOnly: true,
      readings: false,
      onWait: (ms) => {
        if (ms > LONGEST_WAIT) waiting.abort(tooLong(ms))
      },
      beforeSend: () => {
        beforeSend?.()
        if (!this.#allowance.permits(device)) throw new ApiError('QUOTA', SPENT, { summary: SPENT })
      },
    }
  }
}

function tooLong(ms: number): ApiError {
  const said = sentence`the limits of the account allow the next request in ${Math.ceil(ms / 1000)} s`
  return new ApiError('RATE_LIMITED', said, { summary: said })
}
