/**
 * One browser for all files of tests that run in this process: to start one takes seconds of computing. Each file opens
 * pages of its own, which share no cookies and no cache with those of other files, and closes them.
 */
import type { Browser } from 'playwright-core'
import { launchBrowser } from './chromium'

let running: Promise<Browser> | undefined

/** The running one; a new one when none runs, or when it has crashed. */
export async function sharedBrowser(): Promise<Browser> {
  const browser = await running
  if (browser?.isConnected() === false) running = undefined
  return (running ??= launchBrowser())
}

/** Closes the pages that are open. Files run one after another, so they all are of the file that calls. */
export async function closePages(): Promise<void> {
  const browser = await running
  for (const context of browser?.contexts() ?? []) await context.close()
}

/** After the last file. */
after(async () => {
  const browser = await running
  running = undefined
  await browser?.close()
})
