/** How long the longest frame is while a sidebar of 200 accounts and 2,000 nodes changes: `node --import tsx test/bench/sidebar.ts`, after a build. */
import type { Page } from 'playwright-core'
import { launchBrowser } from '../browser/chromium'
import { Editor } from '../browser/editor'
import { startInstalled } from '../browser/installed'
import { OVERVIEW_TOPIC, type AccountRow, type NodeRow, type OverviewChange } from '../../src/nodes/runtime/overview'

const ACCOUNTS = 200
const NODES = 2000
/** ms for which rows change. */
const DURATION = 10_000

const account = (index: number, requests: number): AccountRow => ({
  kind: 'account', id: `account-${index}`, type: 'sensorist-account', name: `Account ${index}`, title: 'Sensorist', state: index % 10 === 0 ? 'away' : 'ok',
  problems: index % 10 === 0 ? [{ level: 'error', text: 'the cloud has been unreachable since 12:00 (ECONNREFUSED)' }] : [],
  budgets: [{ name: 'per second', limit: 5, remaining: 5, used: 0, resetsAt: 0 }], queued: 0, running: 0, awaySince: 0, requests, failures: 0, cacheHits: 0,
})
const node = (index: number, text: string): NodeRow => ({
  kind: 'node', id: `node-${index}`, shownId: `node-${index}`, type: 'sensor-cloud-get-data', name: `Node ${index}`, account: `account-${index % ACCOUNTS}`, fill: 'green', text, at: 0, problems: [],
})
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

interface Frames {
  gaps: number[]
}

/** As a text, since a compiled function would call what the page does not have. */
const WATCH_FRAMES = `{
  const frames = window.frames_ = { gaps: [] }
  let last = performance.now()
  const next = (now) => {
    frames.gaps.push(now - last)
    last = now
    if (window.frames_ === frames) requestAnimationFrame(next)
  }
  requestAnimationFrame(next)
}`

/** Gives the page changes as the connection to the runtime does, and measures the time between its frames. */
async function measure(page: Page, changes: readonly OverviewChange[]): Promise<number[]> {
  await page.evaluate(WATCH_FRAMES)
  for (const change of changes) {
    await page.evaluate(([topic, data]) => (window as unknown as { overview: (topic: string, data: unknown) => void }).overview(topic, data), [OVERVIEW_TOPIC, change] as const)
    await page.waitForTimeout(DURATION / changes.length)
  }
  return page.evaluate(() => (window as unknown as { frames_: Frames }).frames_.gaps)
}

async function main(): Promise<void> {
  const nodeRed = await startInstalled()
  const browser = await launchBrowser()
  try {
    const { page } = await Editor.open(browser, nodeRed.origin)
    await page.evaluate(`{
      const subscribe = RED.comms.subscribe.bind(RED.comms)
      RED.comms.subscribe = (topic, listener) => (topic === '${OVERVIEW_TOPIC}' ? (window.overview = listener) : subscribe(topic, listener))
      RED.sidebar.show('sensor-clouds')
    }`)
    await page.waitForFunction(() => 'overview' in window)
    await page.waitForTimeout(1500)
    const idle = await measure(page, [{ isWhole: true, rows: [], gone: [] }])
    const whole: OverviewChange = { isWhole: true, rows: [...range(ACCOUNTS).map((index) => account(index, 0)), ...range(NODES).map((index) => node(index, 'ok'))], gone: [] }
    const first = await measure(page, [whole])
    await page.locator('.sensor-clouds-account summary').first().click()
    const changed = range(10).map((round): OverviewChange => ({ isWhole: false, rows: [...range(ACCOUNTS).map((index) => account(index, round + 1)), ...range(NODES).map((index) => node(index, `${round} readings`))], gone: [] }))
    const later = await measure(page, changed)
    const shown = await page.locator('.sensor-clouds-account').count()
    for (const [name, gaps] of Object.entries({ idle, 'first rows': first, 'every row each second': later })) {
      const sorted = [...gaps].sort((one, other) => one - other)
      console.log(`${name}: longest frame ${sorted.at(-1)?.toFixed(0)} ms, 99 % within ${sorted[Math.floor(sorted.length * 0.99)]?.toFixed(0)} ms, ${gaps.filter((gap) => gap > 50).length} of ${gaps.length} above 50 ms`)
    }
    console.log(`${shown} accounts shown`)
  } finally {
    await browser.close()
    await nodeRed.remove()
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
