/** How long the longest frame is while a sidebar of 200 accounts and 2,000 nodes changes: `node --import tsx test/bench/sidebar.ts`, after a build. */
import type { Page } from 'playwright-core'
import { launchBrowser } from '../browser/chromium'
import { Editor } from '../browser/editor'
import { startInstalled } from '../browser/installed'
import { OVERVIEW_TOPIC, type AccountRow, type NodeRow, type OverviewChange } from '../../src/nodes/runtime/overview'

const ACCOUNTS = 200
const NODES = 2000
/** Messages, one a second. */
const ROUNDS = 8

const account = (index: number, requests: number): AccountRow => ({
  kind: 'account', id: `account-${index}`, type: 'sensorist-account', name: `Account ${index}`, title: 'Sensorist', state: index % 10 === 0 ? 'away' : 'ok',
  problems: index % 10 === 0 ? [{ level: 'error', text: 'the cloud has been unreachable since 12:00 (ECONNREFUSED)' }] : [],
  budgets: [{ name: 'per second', limit: 5, remaining: 5, used: 0, resetsAt: 0 }], queued: 0, running: 0, awaySince: 0, requests, failures: 0, cacheHits: 0,
})
const node = (index: number, text: string): NodeRow => ({
  kind: 'node', id: `node-${index}`, shownId: `node-${index}`, type: 'sensor-cloud-get-data', name: `Node ${index}`, account: `account-${index % ACCOUNTS}`, fill: 'green', text, at: 0, problems: [],
})
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** As texts, since a compiled function would call what the page does not have. */
const WATCH_WORK = `{
  const ask = window.requestAnimationFrame.bind(window)
  window.work = []
  window.timed = (run) => {
    const began = performance.now()
    run()
    window.work.push(performance.now() - began)
  }
  window.requestAnimationFrame = (callback) => ask((now) => window.timed(() => callback(now)))
  window.watchFrames = () => {
    const gaps = window.gaps = []
    let last = performance.now()
    const next = (now) => {
      gaps.push(now - last)
      last = now
      if (window.gaps === gaps) ask(next)
    }
    ask(next)
  }
}`

interface Measured {
  /** ms between frames: what else the machine does counts too. */
  gaps: number[]
  /** ms that the sidebar worked in one go. */
  work: number[]
}

/** Gives the page a message a second as the connection to the runtime does, and measures. */
async function measure(page: Page, changes: readonly OverviewChange[]): Promise<Measured> {
  await page.evaluate((texts) => void Object.assign(window, { texts, work: [] }), changes.map((change) => JSON.stringify(change)))
  await page.evaluate('watchFrames()')
  await page.evaluate(`{
    const round = () => {
      const text = window.texts.shift()
      if (text === undefined) return
      window.timed(() => window.overview('${OVERVIEW_TOPIC}', JSON.parse(text)))
      setTimeout(round, 1000)
    }
    round()
  }`)
  await page.waitForTimeout(1000 * changes.length + 500)
  return page.evaluate(() => {
    const { gaps, work } = window as unknown as Measured
    return { gaps, work }
  })
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
    await page.evaluate(WATCH_WORK)
    await page.waitForFunction(() => 'overview' in window)
    await page.waitForTimeout(1500)
    const idle = await measure(page, [{ isWhole: true, rows: [], gone: [] }])
    const whole: OverviewChange = { isWhole: true, rows: [...range(ACCOUNTS).map((index) => account(index, 0)), ...range(NODES).map((index) => node(index, 'ok'))], gone: [] }
    const first = await measure(page, [whole])
    await page.locator('.sensor-clouds-account summary').first().click()
    const changed = range(ROUNDS).map((round): OverviewChange => ({ isWhole: false, rows: [...range(ACCOUNTS).map((index) => account(index, round + 1)), ...range(NODES).map((index) => node(index, `${round} readings`))], gone: [] }))
    const later = await measure(page, changed)
    const shown = await page.locator('.sensor-clouds-account').count()
    for (const [name, { gaps, work }] of Object.entries({ idle, 'first rows': first, 'every row each second': later }))
      console.log(`${name}: longest work ${Math.max(...work).toFixed(1)} ms of ${work.length} pieces; longest frame ${Math.max(...gaps).toFixed(0)} ms, ${gaps.filter((gap) => gap > 50).length} of ${gaps.length} frames above 50 ms`)
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
