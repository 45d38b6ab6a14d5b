/** The form of an account: checks the rows of the template, and adds the route table and panels. */
import { settingSentence } from './account-rules'
import { accountValidators, type AccountValidators } from './account-validators'
import type { AccountDescriptor } from '../../editor/descriptor'
import { byId, watch } from '../../editor/platform/dom'
import { reachConfigButtons } from '../../editor/platform/config-buttons'
import { addImportPanel } from './import-panel'
import type { ImportedRoutes, ImportRoutes } from './import-routes'
import { save, showMissing } from '../../editor/platform/migrated'
import { textsOf, type EditorNode, type Translate } from '../../editor/platform/red'
import { RouteTable } from './route-table'
import { addTestPanel } from './test-panel'
import { typedInDialog } from '../../editor/platform/dialog-account'
import { addUsagePanel } from './usage-panel'

export interface AccountForm extends AccountValidators {
  prepare(node: EditorNode): void
  save(node: EditorNode): void
  cancel(): void
}

export interface AccountHooks {
  /** Where the vendor has a collection to read routes from. */
  importRoutes?: ImportRoutes
}

const PREFIX = 'node-config-input-'

/** What the html of each account calls. */
export function accountForm(descriptor: AccountDescriptor, { importRoutes }: AccountHooks = {}): AccountForm {
  const { defaults } = descriptor
  let table: RouteTable | undefined
  return {
    ...accountValidators(descriptor),
    prepare: (node) => {
      const translate = textsOf(node)
      showMissing(defaults, node, PREFIX)
      for (const name of Object.keys(descriptor.settings)) watch(`${PREFIX}${name}`, (value) => settingSentence(descriptor, name, value, translate))
      for (const name of ['tls', 'proxy', 'store']) reachConfigButtons(PREFIX, name, translate(`form.${name}`), translate)
      const container = byId('sensor-clouds-routes')
      table = container ? new RouteTable(container, descriptor.routes, node.routes, translate) : undefined
      const test = byId('sensor-clouds-test')
      if (test) addTestPanel(test, translate, () => typedInDialog(descriptor, node, table?.values()))
      const usage = byId('sensor-clouds-usage')
      if (usage) addUsagePanel(usage, node.id, translate)
      if (importRoutes) addImport(descriptor, importRoutes, translate, (imported) => table?.fill(imported.routes))
    },
    save: (node) => {
      save(defaults, node)
      if (!table) return
      const routes = table.values()
      if (JSON.stringify(routes) !== JSON.stringify(node.routes)) node.routes = routes
      table = undefined
    },
    cancel: () => {
      table = undefined
    },
  }
}

function addImport(
  descriptor: AccountDescriptor,
  importRoutes: ImportRoutes,
  translate: Translate,
  fill: (imported: ImportedRoutes) => void,
): void {
  const container = byId('sensor-clouds-import-area')
  if (!container) return
  addImportPanel(container, {
    importRoutes,
    routes: descriptor.routes,
    translate,
    apply: (imported) => {
      fill(imported)
      const address = byId(`${PREFIX}${descriptor.address}`)
      if (!imported.baseUrl || !(address instanceof HTMLInputElement)) return
      address.value = imported.baseUrl
      address.dispatchEvent(new Event('change', { bubbles: true }))
    },
  })
}
