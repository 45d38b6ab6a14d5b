/** The form of an action node: vendor, its account, operation, and exactly that operation's params. */
import { beginWith, findOperation, findVendor, operationKey, soleVendor, valuesOf, type ActionValues } from './action-rules'
import { actionValidators, type ActionValidators } from './action-validators'
import { chooseAccount, chooseOnlyAccount, closeWithAccount, onlyAccount, showAccount, withCurrent } from '../../editor/platform/account-select'
import { reachConfigButtons } from '../../editor/platform/config-buttons'
import { prepareCursorReset, showCursorReset } from './cursor-reset-button'
import { clearHiddenTicks, resetConfirmation, wantedTicks } from './ticks'
import type { ActionDescriptor, OperationDescriptor } from '../../editor/descriptor'
import { migrated, save, showMissing } from '../../editor/platform/migrated'
import { OpenDialog, type Dialog, type DialogEvents } from '../../editor/platform/open-dialog'
import { docsLink, element, fillSelect, required, show, warning, type Option } from '../../editor/platform/dom'
import { addParamRow } from '../../editor/params/param-row'
import { prepareProperties, showProperties } from '../../editor/params/property-rows'
import { prepareTables } from '../../editor/params/table-rows'
import { CredentialDrafts } from '../../editor/params/credential-drafts'
import { fieldWithTexts, gatherParams, isTypedText, readStored, sameParams, type Param } from '../../editor/params/params'
import { pickSource } from '../../editor/picker/load-options'
import { optionalText, textsOf, wrap, type EditorNode, type Translate } from '../../editor/platform/red'

const PREFIX = 'node-input-'

export type ActionForm = ActionValidators & DialogEvents

/** What the html of each action node calls. */
export function actionForm(descriptor: ActionDescriptor): ActionForm {
  const dialog = new OpenDialog((node) => new ActionDialog(descriptor, node))
  return { ...actionValidators(descriptor, (node) => dialog.of(node)?.values()), ...dialog.events }
}

class ActionDialog implements Dialog {
  readonly node: EditorNode
  readonly #descriptor: ActionDescriptor
  readonly #translate: Translate
  readonly #vendor = required('node-input-vendor', HTMLSelectElement)
  readonly #operation = required('node-input-operation', HTMLSelectElement)
  readonly #rows = required('sensor-clouds-params', HTMLDivElement)
  /** By name, so that a param keeps its value when another operation has one of the same name. */
  readonly #drafts: Record<string, Param>
  readonly #credentials: CredentialDrafts
  readonly #tables: ReturnType<typeof prepareTables>
  #closePickers: (() => void)[] = []
  #shownVendor: string
  #shownOperation = ''

  constructor(descriptor: ActionDescriptor, node: EditorNode) {
    this.node = node
    this.#descriptor = descriptor
    this.#translate = textsOf(node)
    showMissing(descriptor.defaults, node, PREFIX)
    const stored = this.#stored()
    this.#drafts = readStored(stored.params)
    this.#credentials = new CredentialDrafts(node)
    this.#moveLiterals(findOperation(findVendor(descriptor, stored.vendor), stored.operation))
    const single = stored.vendor === '' ? onlyAccount(descriptor.vendors) : undefined
    const only = single?.vendor.operations.length ? single : undefined
    this.#shownVendor = stored.vendor || (only?.vendor.id ?? soleVendor(descriptor))
    this.#fillVendors()
    if (only) chooseAccount(node, only.vendor, only.id)
    this.#showVendor(stored.operation)
    prepareProperties(descriptor.properties, this.#translate, () => this.#chosen()?.traits)
    this.#tables = prepareTables(descriptor.properties, migrated(descriptor.defaults, node), this.#translate)
    prepareCursorReset(node, this.#translate)
    for (const { id, accountProperty } of descriptor.vendors)
      reachConfigButtons(PREFIX, accountProperty, this.#translate(`vendor.${id}.account`), this.#translate)
    closeWithAccount(descriptor.vendors, () => this.#closePickers)
    wrap(this.#vendor).on('change', () => this.#vendorChanged())
    wrap(this.#operation).on('change', () => this.#operationChanged())
  }

  values(): ActionValues {
    return { vendor: this.#vendor.value, operation: this.#operation.value, params: this.#drafts }
  }

  save(node: EditorNode): void {
    const chosen = this.#chosen()
    if (chosen) clearHiddenTicks(chosen)
    save(this.#descriptor.defaults, node, PREFIX, chosen && wantedTicks(chosen))
    for (const [name, table] of this.#tables) {
      const rows = table.values()
      if (JSON.stringify(node[name] ?? []) !== JSON.stringify(rows)) node[name] = rows
    }
    // A vendor or operation that this version does not know keeps its params.
    if (!chosen) return
    const params = gatherParams(chosen.fields, this.#drafts)
    const used = Object.values(params).flatMap(({ type, value }) => (type === 'cred' ? [value] : []))
    this.#credentials.save(this.#rows, new Set(used))
    if (!sameParams(node.params, params)) node.params = params
  }

  #chosen(): OperationDescriptor | undefined {
    return findOperation(findVendor(this.#descriptor, this.#vendor.value), this.#operation.value)
  }

  #stored(): ActionValues {
    return valuesOf(this.#descriptor, migrated(this.#descriptor.defaults, this.node))
  }

  #fillVendors(): void {
    const options: Option[] = this.#descriptor.vendors
      .filter((vendor) => vendor.operations.length > 0)
      .map(({ id }) => ({ value: id, label: this.#translate(`vendor.${id}.title`) }))
    fillSelect(this.#vendor, withCurrent(options, this.#shownVendor, 'form.chooseVendor', this.#translate), this.#shownVendor)
  }

  #vendorChanged(): void {
    if (this.#vendor.value === this.#shownVendor) return
    this.#shownVendor = this.#vendor.value
    this.#showVendor(this.#operation.value)
    wrap(this.#operation).trigger('change')
  }

  #operationChanged(): void {
    if (this.#operation.value === this.#shownOperation) return
    const { vendor, operation } = this.#stored()
    resetConfirmation(this.node, vendor === this.#vendor.value && operation === this.#operation.value)
    this.#showOperation()
  }

  /** @param wanted operation to keep where the vendor has it */
  #showVendor(wanted: string): void {
    const vendor = findVendor(this.#descriptor, this.#shownVendor)
    showAccount(this.#descriptor.vendors, vendor)
    if (vendor) chooseOnlyAccount(this.node, vendor)
    const options = (vendor?.operations ?? []).map(({ id }) => ({
      value: id,
      label: this.#translate(`${operationKey(this.#shownVendor, id)}.title`),
    }))
    const stored = this.#stored()
    const isStored = stored.vendor === this.#shownVendor && stored.operation === wanted
    const keep = wanted !== '' && (isStored || options.some((option) => option.value === wanted))
    const chosen = keep ? wanted : beginWith(vendor)
    fillSelect(this.#operation, withCurrent(options, chosen, 'form.choose', this.#translate), chosen)
    show(required('sensor-clouds-row-operation', HTMLDivElement), vendor !== undefined)
    this.#showOperation()
  }

  #showOperation(): void {
    this.#shownOperation = this.#operation.value
    const operation = this.#chosen()
    this.#showNote(operation)
    this.#rows.replaceChildren()
    this.#closePickers = []
    const fields = Object.entries(operation?.fields ?? {})
    for (const [name, rules] of fields) this.#addRow(name, rules)
    const notice = operation !== undefined && fields.length === 0
    if (notice) this.#rows.append(element('div', { class: 'sensor-clouds-help' }, this.#translate('form.noParams')))
    showProperties(this.#descriptor.properties, operation?.traits)
    showCursorReset(this.node, operation)
  }

  #addRow(name: string, rules: OperationDescriptor['fields'][string]): void {
    const key = `${operationKey(this.#shownVendor, this.#shownOperation)}.field.${name}`
    const vendor = findVendor(this.#descriptor, this.#shownVendor)
    // What the runtime does without the param.
    if (rules.fromPayload) this.#drafts[name] ??= { type: 'msg', value: 'payload' }
    const closePicker = addParamRow(this.#rows, {
      name,
      field: fieldWithTexts(rules, key, this.#translate),
      param: this.#drafts[name],
      credential: rules.secret ? this.#credentials.of(name) : undefined,
      translate: this.#translate,
      picks: vendor && rules.pick !== undefined ? pickSource(this.node, vendor, rules.pick, this.#translate) : undefined,
      changed: (param) => {
        this.#drafts[name] = param
      },
    })
    this.#closePickers.push(closePicker)
  }

  /** A secret that the flow holds becomes a credential when the dialog is saved. Whoever wants it as a text chooses that again. */
  #moveLiterals(operation: OperationDescriptor | undefined): void {
    for (const [name, { secret }] of Object.entries(operation?.fields ?? {})) {
      const draft = this.#drafts[name]
      if (!secret || !isTypedText(draft)) continue
      this.#credentials.move(name, draft.value)
      this.#drafts[name] = { type: 'cred', value: name }
    }
  }

  #showNote(operation: OperationDescriptor | undefined): void {
    const note = required('sensor-clouds-note', HTMLDivElement)
    note.replaceChildren()
    show(note, operation !== undefined)
    if (!operation) return
    const key = operationKey(this.#shownVendor, operation.id)
    const help = optionalText(this.#translate, `${key}.help`)
    if (help) note.append(element('span', {}, `${help} `))
    if (operation.docs) note.append(docsLink(operation.docs, this.#translate('form.docs')))
    const warn = (...content: (Node | string)[]): void => note.append(warning(...content))
    if (operation.destructive)
      warn(
        element('i', { class: 'fa fa-exclamation-triangle', 'aria-hidden': 'true' }),
        ` ${optionalText(this.#translate, `${key}.destructive`)}`,
      )
    if (operation.unverified)
      warn(element('strong', {}, this.#translate('form.unverified')), ` ${optionalText(this.#translate, `${key}.unverified`)}`)
  }
}
