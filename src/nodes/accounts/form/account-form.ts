/** The form of an account: checks the rows of the template, and adds the route table and panels. */
import { needsAdvanced, REFERENCES, settingSentence } from './account-rules'
import { accountValidators, type AccountValidators } from './account-validators'
import type { AccountDescriptor } from '../../editor/descriptor'
import { byId, watch } from '../../editor/platform/dom'
import { addCheckPanel } from './check-panel'
import { reachConfigButtons } from '../../editor/platform/config-buttons'
import { addImportPanel } from './import-panel'
import type { ImportedRoutes, ImportRoutes } from './import-routes'
import { migrated, save, showMissing } from '../../editor/platform/migrated'
import { textsOf, type EditorNode, type Translate } from '../../editor/platform/red'
import { showPlaceholders } from '../../editor/params/property-rows'
import { RouteTable } from './route-table'
import { addEye } from '../../editor/platform/secret-eye'
import { addTestPanel } from './test-panel'
import { typedInDialog } from '../../editor/platform/dialog-account'
import { addUsagePanel } from './usage-panel'
import type { AccountRequest } from '../../runtime/shared-with-forms'

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
      showPlaceholders(PREFIX, descriptor.settings, translate)
      for (const name of descriptor.credentials) addEyeTo(name, translate)
      for (const name of REFERENCES) reachConfigButtons(PREFIX, name, translate(`form.${name}`), translate, translate('form.noConfig'))
      openFold(needsAdvanced(descriptor, migrated(defaults, node), translate))
      const container = byId('sensor-clouds-routes')
      table = container ? new RouteTable(container, descriptor.routes, node.routes, translate) : undefined
      const test = byId('sensor-clouds-test')
      const typed = (): AccountRequest => typedInDialog(descriptor, node, table?.values())
      if (test) addTestPanel(test, translate, typed)
      const check = byId('sensor-clouds-check')
      if (check) addCheckPanel(check, test?.querySelector('button') ?? undefined, translate, typed)
      const usage = byId('sensor-clouds-usage')
      if (usage) addUsagePanel(usage, node.id, translate)
      if (importRoutes) addImport(descriptor, importRoutes, translate, (imported) => table?.fill(imported))
    },
    save: (node) => {
      save(defaults, node, PREFIX)
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

/** Opens the fold of advanced settings; closes nothing that the user has opened. */
function openFold(wanted: boolean): void {
  const fold = byId('sensor-clouds-advanced')
  if (wanted && fold instanceof HTMLDetailsElement) fold.open = true
}

function addEyeTo(credential: string, translate: Translate): void {
  const input = byId(`${PREFIX}${credential}`)
  if (input instanceof HTMLInputElement && input.type === 'password') addEye(input, translate(`credential.${credential}.label`), translate)
}

function addImport(
  descriptor: AccountDescriptor,
  importRoutes: ImportRoutes,
  translate: Translate,
  fill: (imported: ImportedRoutes) => void,
): void {
  const address = byId(`${PREFIX}${descriptor.address}`)
  if (!(address instanceof HTMLInputElement)) return
  addImportPanel(address, {
    importRoutes,
    routes: descriptor.routes,
    translate,
    apply: (imported) => {
      fill(imported)
      openFold(true)
      if (!imported.baseUrl) return
      address.value = imported.baseUrl
      address.dispatchEvent(new Event('change', { bubbles: true }))
    },
  })
}
