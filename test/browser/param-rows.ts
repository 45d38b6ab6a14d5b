/** The rows of params in an open dialog. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import type { Field, Fields } from '../../src/lib/vocabulary/operation'

const rowId = (name: string): string => `sensor-clouds-param-${name}`

/** A value that the field refuses and one that it takes, where its kind is typed in. */
interface Samples {
  wrong: string
  right: string
}

const CANDIDATES = ['12', 'JDA54E19F', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', 'someone@example.com', 'https://example.com/', 'measurement', 'client.crt']

/** What the pattern of a field takes, without asking the code that is tested. */
function takenBy({ pattern, placeholder }: Field): string {
  const found = [placeholder, ...CANDIDATES].find((text) => text !== undefined && (pattern === undefined || new RegExp(`^(?:${pattern})$`).test(text)))
  assert.ok(found !== undefined, `no sample for ${String(pattern)}`)
  return found
}

function samplesOf(field: Field): Samples | undefined {
  switch (field.kind) {
    case 'number':
      return { wrong: 'many', right: String(field.min ?? 5) }
    case 'time':
      return field.passText ? undefined : { wrong: 'some day', right: '2026-01-01T00:00:00Z' }
    case 'list':
      return field.pattern === undefined ? { wrong: ',', right: '1,2' } : { wrong: '?!,', right: takenBy(field) }
    case 'json':
      return field.shape === 'any' ? undefined : { wrong: '{', right: field.shape === 'array' ? '[1]' : '{"a":1}' }
    case 'text':
      return { wrong: field.pattern === undefined ? ' ' : '? /!', right: takenBy(field) }
    default:
      return undefined
  }
}

/** What a person sees and hears of a row. */
interface ShownRow {
  name: string
  label: string
  help: string | undefined
  /** What each control is called. */
  spoken: string[]
}

/** What the form says of a value. */
interface Judgement {
  sentence: string
  isShown: boolean
  invalid: string | null | undefined
}

export class ParamRows {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** The params that are shown, in their order: all at once, since each question to the page takes its time. */
  #shown(): Promise<ShownRow[]> {
    return this.#page.locator('#sensor-clouds-params .sensor-clouds-param').evaluateAll((rows) =>
      rows.flatMap((row) => {
        const label = row.querySelector('label')
        if (!label || !row.checkVisibility({ visibilityProperty: true })) return []
        const name = label.id.replace(/^sensor-clouds-param-|-label$/g, '')
        const controls = [...row.querySelectorAll('.red-ui-typedInput-container :is(button, input, select)')]
        const spoken = controls
          .filter((control) => control.checkVisibility({ visibilityProperty: true }) && control.getBoundingClientRect().width > 0)
          .map((control) =>
            [control.getAttribute('aria-label') ?? '', ...(control.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '')].join(' '),
          )
        return [{ name, label: label.innerText, help: document.getElementById(`sensor-clouds-param-${name}-help`)?.innerText, spoken }]
      }),
    )
  }

  input = (name: string): Locator => this.#page.locator(`#${rowId(name)}-input`)

  #types = (name: string): Locator => this.#page.locator(`.sensor-clouds-param:has(#${rowId(name)}-label) .red-ui-typedInput-type-select`)

  /** The type of a param, as a screen reader says it. */
  typeOf = (name: string): Promise<string | null> => this.#types(name).getAttribute('aria-label')

  /** @param label of the type in the menu */
  async chooseType(name: string, label: string): Promise<void> {
    await this.#types(name).click()
    await this.#page.locator('.red-ui-typedInput-options:visible').getByText(label, { exact: true }).click()
    await this.#page.locator('.red-ui-typedInput-options:visible').waitFor({ state: 'hidden' })
  }

  /** Exactly the fields of the operation are shown, each with its label, and the required ones are marked. */
  async assertFields(fields: Fields): Promise<void> {
    const rows = await this.#shown()
    assert.deepEqual(rows.map(({ name }) => name), Object.keys(fields))
    for (const [index, [name, field]] of Object.entries(fields).entries()) {
      const { label, help, spoken } = rows[index]!
      const mark = field.required && field.default === undefined
      assert.equal(label, `${field.label}${mark ? '*' : ''}`)
      if (field.help !== undefined) assert.equal(help, field.help)
      // What is typed into, or chosen from, says to a screen reader what it is.
      for (const said of spoken) assert.ok(said.includes(field.label), `a control of ${name} is called "${said.trim()}"`)
    }
  }

  #judgement(name: string): Promise<Judgement> {
    return this.#page.locator(`#${rowId(name)}-problem`).evaluate(
      (problem, input) => ({
        sentence: (problem as HTMLElement).innerText,
        isShown: problem.checkVisibility({ visibilityProperty: true }) && problem.getBoundingClientRect().height > 0,
        invalid: document.getElementById(input)?.getAttribute('aria-invalid'),
      }),
      `${rowId(name)}-input`,
    )
  }

  /** A wrong value is blamed in a sentence beside the field; a right one is not. @returns whether it was tried */
  async assertJudged(name: string, field: Field): Promise<boolean> {
    const samples = samplesOf(field)
    // One that has the payload is not typed in.
    if (!samples || field.fromPayload || !(await this.input(name).isVisible())) return false
    await this.input(name).fill(samples.wrong)
    const blamed = await this.#judgement(name)
    assert.ok(blamed.sentence.startsWith(`${field.label} `) && blamed.sentence.length > field.label.length + 10, `${name} = "${samples.wrong}": "${blamed.sentence}"`)
    assert.equal(blamed.invalid, 'true')
    await this.input(name).fill(samples.right)
    const right = await this.#judgement(name)
    assert.equal(right.isShown, false, `${name} = "${samples.right}": ${right.sentence}`)
    assert.equal(right.invalid, 'false')
    await this.input(name).fill('')
    return true
  }
}
