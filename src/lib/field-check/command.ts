/** `npx node-red-contrib-sensor-clouds check`: checks an account without Node-RED. */
import { parseArgs } from 'node:util'
import { version as packageVersion } from '../../../package.json'
import { ApiError } from '../base/api-error'
import { Account } from '../client/account'
import { ClientPool } from '../client/pool'
import type { Vendor } from '../vocabulary/vendor'
import { vendors } from '../vendors'
import { wholeReport } from './report'
import { checkAccount, type CheckRow } from './run'

/** Where the command gets its input, and writes to. */
export interface CommandContext {
  env: Readonly<Record<string, string | undefined>>
  /** Writes a line to the standard output. */
  print(line: string): void
  /** Writes a line to the standard error. */
  complain(line: string): void
  /** Stops the check, for instance on Ctrl-C. */
  signal: AbortSignal
}

/** Exit codes. */
export const EXIT = { works: 0, problems: 1, usage: 2, stopped: 130 } as const

const known = Object.values<Vendor>(vendors)

/** The environment variable of a setting or credential: `SENSORIST_BASE_URL`. */
export const variableOf = (vendor: Vendor, name: string): string =>
  [vendor.id, name.replace(/[A-Z]/g, (letter) => `_${letter}`)].join('_').replaceAll('-', '_').toUpperCase()

const HELP = `Usage: npx node-red-contrib-sensor-clouds check --vendor <id> [--json]

Tries each operation that reads, once. It writes nothing, and uses at most 5 % of what is left of a limit.
--vendor  one of: ${known.map(({ id }) => id).join(', ')}
--json    print only the report, which holds no secrets, ids, names, places or values
--help    print this text; with --vendor also its environment variables

Settings and credentials come from environment variables, never from arguments.
Exit code: 0 all that were tried work, 1 some do not or none was tried, 2 wrong usage or account, 130 stopped.`

/** @returns the exit code */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const given = readArguments(args, context)
  if (given === undefined) return EXIT.usage
  const { json, vendor } = given
  if (given.help || !vendor) {
    context.print([HELP, ...(vendor ? ['', ...variablesOf(vendor)] : [])].join('\n'))
    return given.help ? EXIT.works : EXIT.usage
  }
  try {
    return await check(vendor, json, context)
  } catch (error) {
    // Anything else is a bug, whose stack is wanted.
    if (!(error instanceof ApiError)) throw error
    context.complain(error.message)
    variablesOf(vendor).forEach((line) => context.complain(line))
    return EXIT.usage
  }
}

function readArguments(args: readonly string[], { complain }: CommandContext): { help: boolean; json: boolean; vendor: Vendor | undefined } | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { vendor: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    })
    const vendor = known.find(({ id }) => id === values.vendor)
    if (values.vendor !== undefined && !vendor) throw new Error(`There is no vendor with this id. Give one of: ${known.map(({ id }) => id).join(', ')}.`)
    if (!values.help && positionals.join(' ') !== 'check') throw new Error('The only command is "check". Use --help to see how it is used.')
    return { help: values.help, json: values.json, vendor }
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    return undefined
  }
}

const variablesOf = (vendor: Vendor): string[] =>
  [...Object.entries(vendor.credentials), ...Object.entries(vendor.settings)].map(([name, { label }]) => `${variableOf(vendor, name)}  ${label}`)

function valuesIn(vendor: Vendor, names: object, env: CommandContext['env']): Record<string, string> {
  return Object.fromEntries(
    Object.keys(names).flatMap((name) => {
      const value = env[variableOf(vendor, name)]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

async function check(vendor: Vendor, json: boolean, { env, print, signal }: CommandContext): Promise<number> {
  const account = new Account({ vendor, settings: valuesIn(vendor, vendor.settings, env), credentials: valuesIn(vendor, vendor.credentials, env) }, new ClientPool())
  const rows: CheckRow[] = []
  try {
    for await (const row of checkAccount(account, signal)) {
      rows.push(row)
      if (!json) print(lineOf(row, (text) => account.client.redactor.text(text)))
    }
  } finally {
    await account.close()
  }
  if (json) print(JSON.stringify(wholeReport(vendor, { package: packageVersion }, rows.map(({ report }) => report)), null, 2))
  if (signal.aborted) return EXIT.stopped
  const tried = rows.filter(({ report }) => report.outcome !== 'not-tried')
  return tried.length > 0 && tried.every(({ report }) => report.outcome === 'works') ? EXIT.works : EXIT.problems
}

const OUTCOMES = { 'works': 'works', 'differs': 'responds, but not as documented', 'failed': 'failed', 'not-tried': 'not tried' } as const

function lineOf({ title, why, report: { outcome } }: CheckRow, clean: (text: string) => string): string {
  const reason = why === undefined ? '' : `: ${clean(String(why))}`
  return `${title}: ${OUTCOMES[outcome]}${reason}`
}
