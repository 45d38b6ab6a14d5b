/** What the generated files of dist/nodes register: a node type together with the admin endpoints of its form. */
import type { NodeAPI } from 'node-red'
import { runCommand } from '../lib/field-check/command'
import type { Verb } from '../lib/vocabulary/operation'
import type { Vendor } from '../lib/vocabulary/vendor'
import { vendors } from '../lib/vendors'
import { registerAccount } from './accounts/account-node'
import { registerAction } from './actions/action-node'
import { serveCheck } from './admin/account-check'
import { checkAtDeploy } from './admin/deploy-check'
import { serveCursorReset, serveAccounts } from './admin/endpoints'
import { serveTexts } from './admin/help/serve-texts'
import { serveOverview } from './admin/live-overview'
import { serveOutbox } from './admin/outbox-actions'
import { registerOnEvent } from './events/on-event'
import type { LeaseAccountStore } from './stores/account-store'
import { registerStore } from './stores/store-node'

/** For dist/lib/index.js: programs and nodes share one bundle, and so limits, tokens and stores. */
export * as library from '../lib'

type Entry = (RED: NodeAPI) => void

/** @param lease tests give a store of their own */
export const accountEntry = (vendorId: keyof typeof vendors, lease?: LeaseAccountStore): Entry => (RED) => {
  const vendor: Vendor = vendors[vendorId]
  registerAccount(vendorId, lease)(RED)
  serveAccounts(RED)
  serveCheck(RED)
  serveOverview(RED)
  checkAtDeploy(RED)
  serveTexts(RED)
  if (vendor.delivery) serveOutbox(RED)
}

export const actionEntry = (verb: Verb): Entry => (RED) => {
  registerAction(verb)(RED)
  serveCursorReset(RED)
  serveTexts(RED)
}

export const eventEntry = (replacements?: Parameters<typeof registerOnEvent>[0]): Entry => (RED) => {
  registerOnEvent(replacements)(RED)
  serveTexts(RED)
}

export const storeEntry: Entry = (RED) => {
  registerStore(RED)
  serveTexts(RED)
}

/** What `dist/cli.js` runs. */
export async function runCheckCommand(): Promise<void> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  process.exitCode = await runCommand(process.argv.slice(2), {
    env: process.env,
    print: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    signal: stop.signal,
  })
}
