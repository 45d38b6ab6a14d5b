/** The browser of this machine, without a window. */
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Nothing that would call out, and nothing that a container lacks. */
const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Why the forms cannot be tried here; undefined when they can.
 * @throws Error where all tests must run
 */
export function whyNoBrowser(): string | undefined {
  if (existsSync(PATH)) return undefined
  const reason = `there is no Chromium at ${PATH}; set CHROMIUM to its path`
  if (process.env.CI === 'true') throw new Error(reason)
  return reason
}

export const launchBrowser = (): Promise<Browser> => chromium.launch({ executablePath: PATH, args: SWITCHES, timeout: 60_000 })
