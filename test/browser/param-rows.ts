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

export class ParamRows {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** Names of the params that are shown, in their order. */
  async shown(): Promise<string[]> {
    const rows = await this.#page.locator('#sensor-clouds-params .sensor-clouds-param').all()
    const ids = await Promise.all(rows.map(async (row) => ((await row.isVisible()) ? row.locator('label').first().getAttribute('id') : null)))
    return ids.flatMap((id) => (id === null ? [] : [id.replace(/^sensor-clouds-param-|-label$/g, '')]))
  }

  input = (name: string): Locator => this.#page.locator(`#${rowId(name)}-input`)
  #label = (name: string): Locator => this.#page.locator(`#${rowId(name)}-label`)
  #problem = (name: string): Locator => this.#page.locator(`#${rowId(name)}-problem`)

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
    assert.deepEqual(await this.shown(), Object.keys(fields))
    for (const [name, field] of Object.entries(fields)) {
      const mark = field.required && field.default === undefined
      assert.equal(await this.#label(name).innerText(), `${field.label}${mark ? '*' : ''}`)
      if (field.help !== undefined) assert.equal(await this.#page.locator(`#${rowId(name)}-help`).innerText(), field.help)
      await this.#assertNamed(name, field)
    }
  }

  /** What is typed into, or chosen from, says to a screen reader what it is. */
  async #assertNamed(name: string, { label }: Field): Promise<void> {
    const row = this.#page.locator('.sensor-clouds-param').filter({ has: this.#label(name) })
    for (const control of await row.locator('.red-ui-typedInput-container').locator('button, input, select').all()) {
      if (!(await control.isVisible())) continue
      const spoken = await control.evaluate((element) =>
        [element.getAttribute('aria-label') ?? '', ...(element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '')].join(' '),
      )
      assert.ok(spoken.includes(label), `a control of ${name} is called "${spoken.trim()}"`)
    }
  }

  /** A wrong value is blamed in a sentence beside the field; a right one is not. @returns whether it was tried */
  async assertJudged(name: string, field: Field): Promise<boolean> {
    const samples = samplesOf(field)
    // One that has the payload is not typed in.
    if (!samples || field.fromPayload || !(await this.input(name).isVisible())) return false
    await this.input(name).fill(samples.wrong)
    const sentence = await this.#problem(name).innerText()
    assert.ok(sentence.startsWith(`${field.label} `) && sentence.length > field.label.length + 10, `${name} = "${samples.wrong}": "${sentence}"`)
    assert.equal(await this.input(name).getAttribute('aria-invalid'), 'true')
    await this.input(name).fill(samples.right)
    assert.equal(await this.#problem(name).isVisible(), false, `${name} = "${samples.right}": ${(await this.#problem(name).textContent()) ?? ''}`)
    assert.equal(await this.input(name).getAttribute('aria-invalid'), 'false')
    await this.input(name).fill('')
    return true
  }
}
