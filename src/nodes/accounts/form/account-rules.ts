/** What makes an account complete. Knows nothing of the page. */
import { isRecord } from '../../../lib/base/foreign'
import { baseAddress } from '../../../lib/http/base-url'
import { isReference } from '../../runtime/environment-reference'
import type { AccountDescriptor, RouteDescriptor } from '../../editor/descriptor'
import { fieldWithTexts, settingProblem } from '../../editor/params/params'
import type { EditorNode, Translate } from '../../editor/platform/red'

export interface RouteRow {
  method: string
  path: string
}

export type RouteRows = Readonly<Record<string, RouteRow>>

/** The sentence that says what is wrong with a setting, or undefined. */
export function settingSentence(
  descriptor: AccountDescriptor,
  name: string,
  value: unknown,
  translate: Translate,
): string | undefined {
  const rules = descriptor.settings[name]
  if (!rules) return undefined
  const field = fieldWithTexts(rules, `setting.${name}`, translate)
  const problem = settingProblem(field, value ?? '', translate, rules.address ? baseAddress : undefined)
  return problem === undefined ? undefined : translate('form.error.setting', { label: field.label, problem })
}

/**
 * One sentence for each credential that is missing.
 * @param given what the editor knows of them; of an account whose dialog was not opened since the deploy, nothing
 */
export function credentialProblems({ credentials }: AccountDescriptor, given: EditorNode['credentials'], translate: Translate): string[] {
  if (!given) return []
  const missing = credentials.filter((name) => !given[name] && given[`has_${name}`] !== true)
  return missing.map((name) => translate('form.error.setting', { label: translate(`credential.${name}.label`), problem: translate('form.error.empty') }))
}

/** Milliseconds above 0; an empty one means the default. */
export function timeoutProblem(value: unknown, translate: Translate): string | undefined {
  if (value === undefined || value === null || value === '' || isReference(value)) return undefined
  return Number(value) > 0 && Number.isFinite(Number(value)) ? undefined : translate('form.error.timeout')
}

const variablesOf = (path: string): string[] => [...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? '')

/** The end of a sentence about a route's path: it must be one, with the variables of the operation. */
export function pathProblem(route: RouteDescriptor, path: string, translate: Translate): string | undefined {
  const trimmed = path.trim()
  if (!trimmed.startsWith('/')) return translate('form.routes.slash')
  const expected = variablesOf(route.path)
  const given = variablesOf(trimmed)
  const foreign = given.filter((name) => !expected.includes(name))
  if (foreign.length > 0) return translate('form.routes.foreign', { variables: foreign.map((name) => `{${name}}`).join(', ') })
  return undefined
}

/** What a flow file holds, as rows; what is no row is left out. */
export function readRoutes(stored: unknown): Record<string, RouteRow> {
  const rows: Record<string, RouteRow> = {}
  if (!isRecord(stored)) return rows
  for (const [operation, row] of Object.entries(stored)) {
    if (typeof row === 'string') {
      const [method = '', path = ''] = row.trim().split(/\s+/)
      rows[operation] = { method, path }
    } else if (isRecord(row)) {
      const { method, path } = row
      if (typeof method === 'string' && typeof path === 'string') rows[operation] = { method, path }
    }
  }
  return rows
}

/** Only what differs from the default is kept, so that a corrected default reaches accounts that never changed it. */
export function changedRoutes(routes: readonly RouteDescriptor[], rows: RouteRows): Record<string, RouteRow> {
  const changed: Record<string, RouteRow> = {}
  for (const { operation, method, path } of routes) {
    const row = rows[operation]
    if (!row) continue
    const given = { method: row.method, path: row.path.trim() }
    if (given.path !== '' && (given.method !== method || given.path !== path)) changed[operation] = given
  }
  return changed
}

/** One sentence for each route that is wrong. */
export function routeProblems(descriptor: AccountDescriptor, stored: unknown, translate: Translate): string[] {
  const rows = readRoutes(stored)
  return descriptor.routes.flatMap((route) => {
    const row = rows[route.operation]
    const problem = row && pathProblem(route, row.path, translate)
    if (!problem) return []
    return [translate('form.error.routes', { operation: translate(`route.${route.operation}`), problem })]
  })
}
