/** The form of the event node: what it watches, vendor, its account, and how its events arrive. */
import { SECRET_PATHS, WATCH_INTERVALS, watchedSource, type WatchedSource } from '../../runtime/shared-with-forms'
import { chooseAccount, chooseOnlyAccount, closeWithAccount, onlyAccount, showAccount, withCurrent } from '../../editor/platform/account-select'
import { reachConfigButtons } from '../../editor/platform/config-buttons'
import { choiceKey, type EventDescriptor, type EventVendorDescriptor } from '../../editor/descriptor'
import { element, fillSelect, required, show, warning, watch } from '../../editor/platform/dom'
import { costOf, eventPropertyProblem, eventsKey, findSource, traitsOf } from './event-rules'
import { eventValidators, isTaken, type EventValidators } from './event-validators'
import { migrated, save, showMissing } from '../../editor/platform/migrated'
import { OpenDialog, type Dialog, type DialogEvents } from '../../editor/platform/open-dialog'
import { addParamRow } from '../../editor/params/param-row'
import { addListPicker, showPlaceholders, showProperties } from '../../editor/params/property-rows'
import { fieldWithTexts, gatherParams, readStored, sameParams, type Param } from '../../editor/params/params'
import { pickSource, type PickSource } from '../../editor/picker/load-options'
import { textsOf, wrap, type EditorNode, type Translate } from '../../editor/platform/red'
import { WITHOUT_MESSAGE } from '../../editor/params/typed-input'

const PREFIX = 'node-input-'

export type EventForm = EventValidators & DialogEvents

/** What the html of the event node calls. */
export function eventForm(descriptor: EventDescriptor): EventForm {
  const dialog = new OpenDialog((node) => new EventDialog(descriptor, node))
  return { ...eventValidators(descriptor, (node) => dialog.of(node)), ...dialog.events }
}

/** 32 letters and digits of chance. */
function secretPath(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24))
  return SECRET_PATHS + btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_')
}

class EventDialog implements Dialog {
  readonly node: EditorNode
  readonly #descriptor: EventDescriptor
  readonly #translate: Translate
  readonly #vendor = required('node-input-vendor', HTMLSelectElement)
  readonly #source = required('node-input-source', HTMLSelectElement)
  readonly #path = required('node-input-path', HTMLInputElement)
  readonly #devices = required('node-input-devices', HTMLInputElement)
  readonly #interval = required('node-input-interval', HTMLInputElement)
  readonly #drafts: Record<string, Param>
  /** Names of the events that are chosen; none means all. */
  readonly #chosen: Set<string>
  #closePickers: (() => void)[] = []
  readonly #closeDevices: () => void

  constructor(descriptor: EventDescriptor, node: EditorNode) {
    this.node = node
    this.#descriptor = descriptor
    this.#translate = textsOf(node)
    showMissing(descriptor.defaults, node, PREFIX)
    this.#drafts = readStored(migrated(descriptor.defaults, node).params)
    this.#chosen = new Set(Array.isArray(node.events) ? node.events.map(String) : [])
    this.#fillVendors()
    for (const { id, accountProperty } of descriptor.vendors)
      reachConfigButtons(PREFIX, accountProperty, this.#translate(`vendor.${id}.account`), this.#translate)
    this.#closeDevices = addListPicker(this.#devices, {
      label: this.#translate('property.devices.label'),
      translate: this.#translate,
      ask: (question) => this.#deviceSource?.ask(question) ?? Promise.resolve({ options: [], count: 0 }),
      names: () => this.#deviceSource?.names() ?? new Map<string, string>(),
    })
    closeWithAccount(descriptor.vendors, () => [...this.#closePickers, this.#closeDevices])
    for (const name of Object.keys(descriptor.properties))
      watch(`node-input-${name}`, (value) => eventPropertyProblem(descriptor, this, name, value, this.#translate, (path) => isTaken(descriptor, node, path)))
    const newPath = required('sensor-clouds-new-path', HTMLButtonElement)
    // The catalog's text of a title is for the mouse.
    newPath.setAttribute('aria-label', this.#translate('form.newPath'))
    newPath.addEventListener('click', () => this.#setPath(secretPath()))
    showPlaceholders(PREFIX, descriptor.properties, this.#translate)
    for (const input of [this.#devices, this.#interval]) for (const event of ['input', 'change']) input.addEventListener(event, () => this.#showCost())
    this.#showVendor()
    for (const select of [this.#vendor, this.#source]) wrap(select).on('change', () => this.#showVendor())
  }

  get vendor(): EventVendorDescriptor | undefined {
    return findSource(this.#descriptor, this.#vendor.value)
  }

  /** What the node watches itself; undefined for the events of the vendor. */
  get watched(): WatchedSource | undefined {
    return watchedSource(this.#source.value)
  }

  save(node: EditorNode): void {
    const { vendor, watched } = this
    // A vendor that this version does not know keeps its settings.
    if (!vendor?.events) return
    const params = gatherParams(vendor.events.kind === 'poll' && !watched ? vendor.events.fields : {}, this.#drafts)
    if (!sameParams(node.params, params)) node.params = params
    const events = !watched && vendor.events.kind === 'callback' ? vendor.events.choices.filter((name) => this.#chosen.has(name)) : []
    if (JSON.stringify(node.events ?? []) !== JSON.stringify(events)) node.events = events
    save(this.#descriptor.defaults, node, PREFIX)
  }

  #fillVendors(): void {
    const stored = typeof this.node.vendor === 'string' ? this.node.vendor : ''
    const sources = this.#descriptor.vendors.filter(({ events }) => events !== undefined)
    const only = stored === '' ? onlyAccount(sources) : undefined
    const current = stored || (only?.vendor.id ?? '')
    const options = sources.map(({ id }) => ({ value: id, label: this.#translate(`vendor.${id}.title`) }))
    fillSelect(this.#vendor, withCurrent(options, current, 'form.chooseVendor', this.#translate), current)
    if (only) chooseAccount(this.node, only.vendor, only.id)
  }

  /** The devices of the chosen vendor. */
  get #deviceSource(): PickSource | undefined {
    const { vendor } = this
    return vendor?.watchPick === undefined ? undefined : pickSource(this.node, vendor, vendor.watchPick, this.#translate)
  }

  #showVendor(): void {
    const { vendor } = this
    this.#closeDevices()
    showAccount(this.#descriptor.vendors, vendor)
    if (vendor) chooseOnlyAccount(this.node, vendor)
    const isPosted = !this.watched && vendor?.events?.kind === 'callback'
    showProperties(this.#descriptor.properties, traitsOf(this))
    show(required('sensor-clouds-row-events', HTMLDivElement), isPosted)
    this.#showNote(vendor)
    this.#showChoices(vendor)
    this.#showParams(vendor)
    this.#showCost()
    // Whether an interval is allowed depends on what is watched.
    this.#interval.dispatchEvent(new Event('input'))
    if (isPosted && this.#path.value === '') this.#setPath(secretPath())
  }

  #setPath(path: string): void {
    this.#path.value = path
    wrap(this.#path).trigger('change')
    this.#path.dispatchEvent(new Event('input'))
  }

  #showNote(vendor: EventVendorDescriptor | undefined): void {
    const note = required('sensor-clouds-note', HTMLDivElement)
    note.replaceChildren()
    show(note, vendor !== undefined && !this.watched)
    if (!vendor || this.watched) return
    const key = eventsKey(vendor.id)
    note.append(this.#translate(`${key}.help`))
    if (vendor.events?.unverified)
      note.append(warning(element('strong', {}, this.#translate('form.unverified')), ` ${this.#translate(`${key}.unverified`)}`))
  }

  #showChoices(vendor: EventVendorDescriptor | undefined): void {
    const group = required('sensor-clouds-events', HTMLDivElement)
    group.replaceChildren()
    if (this.watched || vendor?.events?.kind !== 'callback') return
    for (const name of vendor.events.choices) {
      const box = element('input', { type: 'checkbox', id: `sensor-clouds-event-${name}`, checked: this.#chosen.has(name) })
      box.addEventListener('change', () => this.#choose(name, box.checked))
      const label = this.#translate(`${eventsKey(vendor.id)}.choice.${choiceKey(name)}`)
      group.append(element('label', {}, box, ` ${label}`))
    }
  }

  #choose(name: string, chosen: boolean): void {
    if (chosen) this.#chosen.add(name)
    else this.#chosen.delete(name)
  }

  #showParams(vendor: EventVendorDescriptor | undefined): void {
    const rows = required('sensor-clouds-params', HTMLDivElement)
    rows.replaceChildren()
    this.#closePickers = []
    if (this.watched || vendor?.events?.kind !== 'poll') return
    const key = eventsKey(vendor.id)
    const { fields, interval } = vendor.events
    this.#closePickers = Object.entries(fields).map(([name, rules]) =>
      addParamRow(rows, {
        name,
        field: fieldWithTexts(rules, `${key}.field.${name}`, this.#translate),
        param: this.#drafts[name],
        translate: this.#translate,
        evaluated: WITHOUT_MESSAGE,
        picks: rules.pick === undefined ? undefined : pickSource(this.node, vendor, rules.pick, this.#translate),
        changed: (param) => {
          this.#drafts[name] = param
        },
      }),
    )
    this.#interval.placeholder = String(interval.default ?? '')
    required('node-input-interval-help', HTMLDivElement).textContent = this.#translate(`${key}.interval.help`)
  }

  /** What a watch costs stands below its interval. */
  #showCost(): void {
    const { watched } = this
    if (!watched) return
    this.#interval.placeholder = String(WATCH_INTERVALS[watched])
    const cost = costOf(watched, this.#interval.value, this.#devices.value, this.#translate)
    required('node-input-interval-help', HTMLDivElement).textContent = [this.#translate('property.interval.help'), cost].join(' ').trim()
  }
}
