/**
 * `POST /sensor-clouds/check` begins a check of the account in a dialog and gives `{ run }`. `GET …/check/:run` gives its
 * rows so far. `POST …/check/:run/stop` stops it. Short requests pass every proxy, which one long response may not.
 */
import { randomUUID } from 'node:crypto'
import type { NodeAPI } from 'node-red'
import { version as packageVersion } from '../../../package.json'
import { ApiError } from '../../lib/base/api-error'
import { formText, sentence } from '../../lib/base/sentence'
import type { Account } from '../../lib/client/account'
import { wholeReport, type CheckReport } from '../../lib/field-check/report'
import { checkAccount, type CheckRow } from '../../lib/field-check/run'
import { failureOf, localize, type Failure } from '../runtime/language'
import { answer, onceForEach, Refusal, reply } from './admin-route'
import { deployedNode, openTyped, readAccount, readBody } from './typed-account'

/** What the dialog shows of an operation. */
interface ShownRow {
  title: string
  outcome: string
  why?: string
}

interface CheckState {
  rows: ShownRow[]
  /** Operations of the vendor. */
  total: number
  done: boolean
  /** What others may see; present at the end, also of a check that was stopped. */
  report?: CheckReport
  error?: Failure
}

interface CheckRun extends CheckState {
  stop: AbortController
  /** Stops a check that nobody asks for any more, then forgets it. */
  abandoned: NodeJS.Timeout
}

/** ms of one attempt. */
const ATTEMPT_TIMEOUT = 10_000
/** ms without a question of the dialog, which asks every second. Its page may be gone. */
const ABANDONED_AFTER = 15_000
const MOST_RUNS = 4

export const serveCheck = onceForEach((RED) => {
  const { auth, httpAdmin } = RED
  const runs = new Map<string, CheckRun>()
  // Stored credentials are sent, so that the right to deploy is needed.
  const mayWrite = auth.needsPermission('flows.write')
  httpAdmin.post('/sensor-clouds/check', mayWrite, (request, response) => {
    answer(RED, request, response, () => begin(RED, runs, request.body))
  })
  httpAdmin.get('/sensor-clouds/check/:run', mayWrite, (request, response) => {
    reply(RED, response, () => Promise.resolve(stateOf(runs, String(request.params.run))))
  })
  httpAdmin.post('/sensor-clouds/check/:run/stop', mayWrite, (request, response) => {
    answer(RED, request, response, () => {
      runs.get(String(request.params.run))?.stop.abort()
      return Promise.resolve({})
    })
  })
})

/** @throws Refusal */
async function begin(RED: NodeAPI, runs: Map<string, CheckRun>, body: unknown): Promise<{ run: string }> {
  const typed = readAccount(RED, readBody(body))
  if ([...runs.values()].filter(({ done }) => !done).length >= MOST_RUNS) throw new Refusal(429, sentence`too many checks run at once; wait until one has ended`)
  const id = randomUUID()
  const stop = new AbortController()
  const run: CheckRun = { rows: [], total: 0, done: false, stop, abandoned: abandonLater(runs, id, stop) }
  runs.set(id, run)
  try {
    // Its store knows what the limits have been used for since before the last restart.
    await deployedNode(RED, typed.id, typed.vendor)?.account().catch(() => undefined)
    const account = openTyped(RED, typed, ATTEMPT_TIMEOUT)
    run.total = Object.keys(typed.vendor.operations).length
    void perform(RED, account, run)
  } catch (error) {
    Object.assign(run, { done: true, error: failureOf(RED, error) })
  }
  return { run: id }
}

function abandonLater(runs: Map<string, CheckRun>, id: string, stop: AbortController): NodeJS.Timeout {
  return setTimeout(() => {
    stop.abort()
    runs.delete(id)
  }, ABANDONED_AFTER).unref()
}

/** Never rejects: nobody waits for it. */
async function perform(RED: NodeAPI, account: Account, run: CheckRun): Promise<void> {
  const checked: CheckRow[] = []
  try {
    for await (const row of checkAccount(account, run.stop.signal)) {
      checked.push(row)
      run.rows.push(shown(RED, account, row))
    }
    const { version: nodeRed = '' } = RED.settings as { version?: string }
    run.report = wholeReport(account.vendor, { package: packageVersion, nodeRed }, checked.map(({ report }) => report))
  } catch (error) {
    run.error = error instanceof ApiError ? failureOf(RED, error) : { code: 'UNKNOWN', message: localize(RED, sentence`the check failed inside Node-RED; report this as a bug of node-red-contrib-sensor-clouds`) }
  } finally {
    run.done = true
    await account.close()
  }
}

function shown(RED: NodeAPI, { client }: Account, { title, why, report: { outcome } }: CheckRow): ShownRow {
  const clean = why?.finished((text) => client.redactor.text(text))
  return { title: localize(RED, formText(title)), outcome, ...(clean ? { why: localize(RED, clean) } : {}) }
}

/** @throws Refusal when there is no such check */
function stateOf(runs: ReadonlyMap<string, CheckRun>, id: string): CheckState {
  const run = runs.get(id)
  if (!run) throw new Refusal(404, sentence`this check has ended; start it again`)
  run.abandoned.refresh()
  const { rows, total, done, report, error } = run
  return { rows, total, done, ...(report ? { report } : {}), ...(error ? { error } : {}) }
}
