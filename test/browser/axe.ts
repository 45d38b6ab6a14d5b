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

/**
 * Parts of the editor that hold nothing of ours, unless they hold the scope: nine elements of ten. axe looks at every
 * element of the document before its rules look at the scope, and then finds the same without them in a fraction of the time.
 */
const ELSEWHERE = ['#red-ui-header', '#red-ui-palette', '#red-ui-workspace', '#red-ui-sidebar', '#red-ui-sidebar-content > *', '#red-ui-editor-node-configs', '.red-ui-menu-dropdown', '.ui-dialog']

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
    async ([scope, standards, elsewhere]) => {
      const own = document.querySelector(scope)
      const taken: { element: Element; mark: Comment }[] = []
      try {
        for (const element of document.querySelectorAll(elsewhere)) {
          if (!element.isConnected || element.contains(own)) continue
          const mark = document.createComment('')
          element.replaceWith(mark)
          taken.push({ element, mark })
        }
        return await (window as unknown as { axe: Axe }).axe.run(scope, { runOnly: { type: 'tag', values: standards } })
      } finally {
        for (const { element, mark } of taken) mark.replaceWith(element)
      }
    },
    [scope, STANDARDS, ELSEWHERE.join()] as const,
  )
  if (![...passes, ...found].some(({ id }) => id === 'color-contrast')) throw new Error(`${scope} shows no text`)
  return found
    .filter(({ impact }) => impact !== null && GRAVE.has(impact))
    .flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary.replace(/\s+/g, ' ')}`))
}
