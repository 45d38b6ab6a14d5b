/** Vendor and account in the forms of all nodes that have one of each. */
import type { AccountState } from '../account-problem'
import type { VendorOfForm } from '../descriptor'
import { byId, show, type Option } from './dom'
import { wrap, type EditorNode, type Translate } from './red'

/** A node whose account cannot be used is as good as one without an account. */
export function stateOfAccount(id: string, type: string): AccountState {
  const account = RED.nodes.node(id)
  if (account?.type !== type) return 'unknownAccount'
  if (account.d === true) return 'disabledAccount'
  return account.valid === false ? 'incompleteAccount' : 'ready'
}

/** The options with one for the value that is there, whatever it is. */
export function withCurrent(options: Option[], current: string, emptyKey: string, translate: Translate): Option[] {
  if (current === '') return [{ value: '', label: translate(emptyKey) }, ...options]
  if (options.some((option) => option.value === current)) return options
  return [...options, { value: current, label: translate('form.unknownEntry', { value: current }) }]
}

/** Shows the account of the chosen vendor, and of no other. */
export function showAccount(vendors: readonly VendorOfForm[], chosen: VendorOfForm | undefined): void {
  for (const { id, accountProperty } of vendors) {
    const row = byId(`sensor-clouds-row-${accountProperty}`)
    if (row) show(row, id === chosen?.id)
  }
}

/** Closes the lists of choices when the account is changed: another account has other choices. */
export function closeWithAccount(vendors: readonly VendorOfForm[], closers: () => readonly (() => void)[]): void {
  for (const { accountProperty } of vendors) {
    const select = byId(`node-input-${accountProperty}`)
    if (!select) continue
    wrap(select).on('change', () => {
      for (const close of closers()) close()
    })
  }
}

/** The account, where the flows have but one of all vendors. */
export function onlyAccount<V extends VendorOfForm>(vendors: readonly V[]): { vendor: V; id: string } | undefined {
  const found = vendors.flatMap((vendor) => accountsOf(vendor.accountType).map((id) => ({ vendor, id })))
  return found.length === 1 ? found[0] : undefined
}

/** Chooses the account of a vendor that has but one. */
export function chooseOnlyAccount(node: EditorNode, vendor: VendorOfForm): void {
  const ids = accountsOf(vendor.accountType)
  if (ids.length === 1 && ids[0] !== undefined) chooseAccount(node, vendor, ids[0])
}

/** Chooses an account, unless the node has one. */
export function chooseAccount(node: EditorNode, { accountProperty }: VendorOfForm, id: string): void {
  const select = byId(`node-input-${accountProperty}`)
  const stored = node[accountProperty]
  if (!(select instanceof HTMLSelectElement) || (typeof stored === 'string' && stored !== '')) return
  if (![...select.options].some((option) => option.value === id) || select.value === id) return
  select.value = id
  wrap(select).trigger('change')
}

function accountsOf(type: string): string[] {
  const ids: string[] = []
  RED.nodes.eachConfig((node) => {
    if (node.type === type) ids.push(node.id)
  })
  return ids
}
