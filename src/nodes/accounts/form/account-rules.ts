/** When an account is complete. Knows nothing of the page. */
import { isRecord, scalarText } from '../../../lib/base/foreign'
import { baseAddress } from '../../../lib/http/base-url'
import { FILE_FORMS, readStoredRoute, type StoredRoute, type EditableRoute } from '../../../lib/http/route'
import type { AccountDescriptor } from '../../editor/descriptor'
import { fieldWithTexts, settingProblem } from '../../editor/params/params'
import type { EditorNode, Translate } from '../../editor/platform/red'
import type { Config } from '../../runtime/migrations/migrate'

/** By operation. */
export type RouteRows = Readonly<Record<string, StoredRoute>>

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

/** Other config nodes that an account may name. */
export const REFERENCES = ['tls', 'proxy', 'store'] as const

/** Whether something in the fold is wrong, or is not what it is by default, so that the dialog must show it. */
export function needsAdvanced(descriptor: AccountDescriptor, config: Config, translate: Translate): boolean {
  const { defaults, settings } = descriptor
  const isOwn = (name: string): boolean => {
    const text = scalarText(config[name])
    return text !== '' && text !== scalarText(defaults[name])
  }
  const folded = Object.entries(settings).filter(([, { required, default: given }]) => !required || given !== undefined)
  return (
    folded.some(([name]) => isOwn(name) || settingSentence(descriptor, name, config[name], translate) !== undefined) ||
    REFERENCES.some(isOwn) ||
    Object.keys(readRoutes(config.routes)).length > 0
  )
}

/**
 * One sentence for each credential that is missing.
 * @param given what the editor knows of them; of an account whose dialog was not opened since the deploy, nothing
 */
export function credentialProblems(
  { credentials }: AccountDescriptor,
  given: EditorNode['credentials'],
  translate: Translate,
  missingAtServer: readonly string[] = [],
): string[] {
  const missing = credentials.filter((name) => (given ? !given[name] && given[`has_${name}`] !== true : missingAtServer.includes(name)))
  return missing.map((name) => translate('form.error.setting', { label: translate(`credential.${name}.label`), problem: translate('form.error.empty') }))
}

const variablesOf = (path: string): string[] => [...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? '')

/** The end of a sentence about a route's path: it must be one, with the variables of the operation. */
export function routePathProblem(route: EditableRoute, path: string, translate: Translate): string | undefined {
  const trimmed = path.trim()
  if (!trimmed.startsWith('/')) return translate('form.routes.slash')
  const expected = variablesOf(route.path)
  const given = variablesOf(trimmed)
  const foreign = given.filter((name) => !expected.includes(name))
  if (foreign.length > 0) return translate('form.routes.foreign', { variables: foreign.map((name) => `{${name}}`).join(', ') })
  return undefined
}

/** The corrected routes of a flow file, by operation. */
export function readRoutes(stored: unknown): Record<string, StoredRoute> {
  const entries = Object.entries(isRecord(stored) ? stored : {})
  return Object.fromEntries(
    entries.flatMap(([operation, row]): [string, StoredRoute][] => {
      const route = readStoredRoute(row)
      return route ? [[operation, route]] : []
    }),
  )
}

/** A route as the table shows it, without what equals the default; undefined where all of it does. */
export function changedRoute({ method, path, file }: EditableRoute, row: StoredRoute): StoredRoute | undefined {
  const given = row.path.trim()
  const body = file && row.body !== undefined && row.body !== FILE_FORMS[0] ? { body: row.body } : {}
  const isDefault = row.method === method && given === path && !('body' in body)
  if (given === '' || (isDefault && !row.imported)) return undefined
  return { method: row.method, path: given, ...body, ...(row.imported ? { imported: true } : {}) }
}

/** Only what differs from the default is kept, so that a corrected default reaches accounts that never changed it. */
export function changedRoutes(routes: readonly EditableRoute[], rows: RouteRows): Record<string, StoredRoute> {
  return Object.fromEntries(
    routes.flatMap((route): [string, StoredRoute][] => {
      const row = rows[route.operation]
      const changed = row && changedRoute(route, row)
      return changed ? [[route.operation, changed]] : []
    }),
  )
}

/** One sentence for each route that is wrong. */
export function routeProblems(descriptor: AccountDescriptor, stored: unknown, translate: Translate): string[] {
  const rows = readRoutes(stored)
  return descriptor.routes.flatMap((route) => {
    const row = rows[route.operation]
    const problem = row && routePathProblem(route, row.path, translate)
    if (!problem) return []
    return [translate('form.error.routes', { operation: translate(`route.${route.operation}`), problem })]
  })
}
