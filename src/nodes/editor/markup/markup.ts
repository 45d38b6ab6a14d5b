/** Pieces of html and script text. */

export const escapeHtml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** A text as a script literal in single quotes. */
export const quote = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`

/** The value of a property as a script literal. */
const literal = (value: unknown): string => (typeof value === 'string' ? quote(value) : JSON.stringify(value))

/**
 * The `defaults` of a registration, one line each.
 * @param rules what stands beside a value, such as its type or `validate`
 */
export const defaultLines = (defaults: Readonly<Record<string, unknown>>, rules: Readonly<Record<string, string>>): string =>
  Object.entries(defaults)
    .map(([name, value]) => `      ${name}: { value: ${literal(value)}${rules[name] === undefined ? '' : `, ${rules[name]}`} }`)
    .join(',\n')

/** The variable that holds a type's form: the editor loads the html of all types into one page. */
export const formName = (type: string): string => `${type.replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase())}Form`

/** A validator that asks the form. */
export const validate = (form: string, call: string): string => `validate: function (value, opt) { return ${form}.${call} }`

export const HIDDEN = 'sensor-clouds-hidden'

export interface RowOptions {
  /** Whole id of the input. */
  id: string
  /** Catalog key of the label. */
  label: string
  /** The input itself. */
  control: string
  help?: string | undefined
  /** Whether the form shows below it what is wrong. */
  checked?: boolean
  required?: boolean
  /** Id of the row, where the form hides it. */
  rowId?: string
}

/** A label and its input, with room for help and problem. */
export function formRow({ id, label, control, help, checked, required, rowId }: RowOptions): string {
  const mark = required ? '<span class="sensor-clouds-required" aria-hidden="true">*</span>' : ''
  const opening = rowId === undefined ? '<div class="form-row">' : `<div class="form-row ${HIDDEN}" id="${rowId}">`
  return [
    opening,
    `  <label for="${id}"><span data-i18n="${label}"></span>${mark}</label>`,
    `  ${control}`,
    ...(help === undefined ? [] : [`  <div class="sensor-clouds-help" id="${id}-help" data-i18n="${help}"></div>`]),
    ...(checked ? [`  <div class="sensor-clouds-problem ${HIDDEN}" id="${id}-problem" aria-live="polite"></div>`] : []),
    '</div>',
  ].join('\n')
}

/** What a screen reader says beside the label. */
export const describedBy = (id: string, help: boolean, checked: boolean): string => {
  const ids = [...(help ? [`${id}-help`] : []), ...(checked ? [`${id}-problem`] : [])]
  return ids.length > 0 ? ` aria-describedby="${ids.join(' ')}"` : ''
}

export const INPUT_WIDTH = 'style="width: calc(100% - 130px)"'

/**
 * Registers a type once the shared script of the palette is there. At the start of the editor that is so; after an
 * installation in an open editor `latePalette` loads it.
 * @param registration the literal call
 * @param latePalette address of the script that does
 */
export const registerWhenReady = (registration: string, latePalette: string): string => `(function register() {
  if (!window.sensorClouds) return $.getScript(${quote(latePalette)}, function () { sensorCloudsPalette.then(register) })
${registration}})()
`

/** The calls of a type's registration to its form. @param form name of the form's variable */
export const formCalls = (form: string): string => `    paletteLabel: function () { return this._('palette.label') },
    label: function () { return ${form}.label(this) },
    labelStyle: function () { return this.name ? 'node_label_italic' : '' },
    oneditprepare: function () { ${form}.prepare(this) },
    oneditsave: function () { ${form}.save(this) }`

/** The same for a node on the canvas, whose validators look into the open dialog. */
export const nodeFormCalls = (form: string): string => `${formCalls(form)},
    oneditcancel: function () { ${form}.cancel() },
    oneditdelete: function () { ${form}.remove(this) }`
