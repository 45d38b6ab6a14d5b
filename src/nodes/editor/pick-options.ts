/** Asks the server what a field can be picked from, with the account that the dialog names. */
import type { PickOption } from '../../lib/vendor'
import type { VendorDescriptor } from './descriptor'
import { byId } from './dom'
import type { AskOptions } from './picker'
import type { Translate } from './red'
import { ask } from './server'
import { savedInEditor, type TypedAccount } from './typed-account'

interface Reply {
  options?: readonly PickOption[]
  error?: { message: string }
}

export const askOptions =
  (vendor: VendorDescriptor, pick: string, translate: Translate): AskOptions =>
  async (refresh) => {
    const account = accountOf(vendor)
    if (!account && vendor.asked.includes(pick)) throw new Error(translate('form.picker.noAccount'))
    const none: TypedAccount = { id: '', type: vendor.accountType, settings: {}, credentials: {} }
    const { options = [], error } = (await ask('options', translate, { account: account ?? none, pick, refresh })) as Reply
    if (error) throw new Error(error.message)
    return options
  }

function accountOf({ accountProperty, accountType }: VendorDescriptor): TypedAccount | undefined {
  const select = byId(`node-input-${accountProperty}`)
  const node = select instanceof HTMLSelectElement ? RED.nodes.node(select.value) : undefined
  return node?.type === accountType ? savedInEditor(node) : undefined
}
