/** axe-core in a page: what it finds wrong with what of the page is ours. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'

/** WCAG 2.0 and 2.1, levels A and AA; what 2.2 adds is the size of buttons, which Node-RED's typedInput decides. */
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']
const GRAVE = new Set(['serious', 'critical'])

interface Result {
  id: string
  impact: string | null
  help: string
  nodes: { html: string; failureSummary?: string }[]
}

interface Axe {
  run(scope: string, options: object): Promise<{ violations: Result[]; passes: Result[] }>
}

/** Set AXE to the path of axe.min.js where axe-core is not among the modules. */
const sourceOf = (): Promise<string> => readFile(process.env.AXE ?? require.resolve('axe-core/axe.min.js'), 'utf8')

/**
 * @param scope selector of what is ours
 * @returns a sentence for each element with a serious or critical violation
 * @throws Error when nothing of the page was looked at
 */
export async function violations(page: Page, scope: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await sourceOf())
  // The editor's body is 0 px high and hides what overflows; axe would take all within it for hidden.
  await page.evaluate(() => (document.body.style.minHeight = '100vh'))
  const { violations: found, passes } = await page.evaluate(
    ([scope, standards]) => (window as unknown as { axe: Axe }).axe.run(scope, { runOnly: { type: 'tag', values: standards } }),
    [scope, STANDARDS] as const,
  )
  if (![...passes, ...found].some(({ id }) => id === 'color-contrast')) throw new Error(`${scope} shows no text`)
  return found
    .filter(({ impact }) => impact !== null && GRAVE.has(impact))
    .flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary.replace(/\s+/g, ' ')}`))
}
