/** Requests the options of a field from the server, with the account of the dialog. */
import type { PickOption } from '../../../lib/vocabulary/vendor'
import { type AccountRequest, isReference, variableName } from '../../runtime/shared-with-forms'
import type { VendorOfForm } from '../descriptor'
import { byId } from '../platform/dom'
import { rememberNames, type Names } from './chosen-names'
import type { AskOptions } from './picker'
import type { EditorNode, Translate } from '../platform/red'
import { ask } from '../platform/server'
import { savedInEditor } from '../platform/dialog-account'

interface Reply {
  options?: readonly PickOption[]
  /** All that match, also those that the reply leaves out. */
  count?: number
  /** Seconds since the vendor was asked. */
  age?: number
  error?: { message: string }
}

/** What a param with a picker needs of its vendor. */
export interface PickSource {
  ask: AskOptions
  /** Names of the options that the account of the dialog has shown, kept until the editor is loaded anew. */
  names(): Names
  /** Whether asking costs the vendor nothing, so that names can be asked for at once. */
  isFree: boolean
}

/** By account and pick. */
const remembered = new Map<string, Names>()

export function pickSource(node: EditorNode, vendor: VendorOfForm, pick: string, translate: Translate): PickSource {
  const isFree = !vendor.asked.includes(pick)
  const ask = askOptions(node, vendor, pick, translate)
  const names = (): Names => {
    const key = JSON.stringify([isFree ? vendor.id : accountOf(node, vendor)?.id, pick])
    const known = remembered.get(key) ?? new Map<string, string>()
    remembered.set(key, known)
    return known
  }
  return {
    ask: async (question) => {
      const given = names()
      const loaded = await ask(question)
      rememberNames(given, loaded.options)
      return loaded
    },
    names,
    isFree,
  }
}

const askOptions =
  (node: EditorNode, vendor: VendorOfForm, pick: string, translate: Translate): AskOptions =>
  async ({ refresh = false, search = '' }) => {
    const account = accountOf(node, vendor)
    if (!account && vendor.asked.includes(pick)) throw new Error(translate('form.picker.noAccount'))
    const none: AccountRequest = { id: '', type: vendor.accountType, settings: {}, credentials: {} }
    const { options = [], count = options.length, age, error } = (await ask('options', translate, { account: account ?? none, pick, refresh, search })) as Reply
    if (error) throw new Error(error.message)
    return { options, count, age }
  }

function accountOf(node: EditorNode, { accountProperty, accountType }: VendorOfForm): AccountRequest | undefined {
  const select = byId(`node-input-${accountProperty}`)
  const account = select instanceof HTMLSelectElement ? RED.nodes.node(idIn(node, select.value)) : undefined
  return account?.type === accountType ? savedInEditor(account) : undefined
}

/** In a subflow an account may be a property of it, which has a default. */
function idIn({ z }: EditorNode, chosen: string): string {
  if (!isReference(chosen)) return chosen
  const property = RED.nodes.subflow(String(z))?.env?.find(({ name }) => name === variableName(chosen))
  return property?.value ?? ''
}
