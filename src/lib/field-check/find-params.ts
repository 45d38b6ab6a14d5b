/** Finds a value for each param that a read needs, by the reads of the vendor's pickers. */
import { ApiError } from '../base/api-error'
import { formText, sentence, type Sentence } from '../base/sentence'
import { Call, type CallOptions } from '../client/call'
import type { Account } from '../client/account'
import { sequence, type Caller, type Field, type Operation } from '../vocabulary/operation'
import type { Picker } from '../vocabulary/vendor'

type Params = Readonly<Record<string, unknown>>

/** The params of a read, or why they cannot be found. */
export type FoundParams = { params: Params } | { missing: Sentence; failure?: ApiError }

/** Params that have no value by themselves. */
const neededFields = ({ fields }: Operation): [name: string, field: Field][] =>
  Object.entries(fields).filter(([, field]) => field.required && field.default === undefined)

/** Why nothing can be found for a read, before anything is asked; undefined where it can be tried. */
export function reasonNotToTry(operation: Operation, pickers: Readonly<Record<string, Picker>>): Sentence | undefined {
  if (operation.verb !== 'get-data') return sentence`it writes`
  if ('raw' in operation) return sentence`its path is your own`
  const field = neededFields(operation).find(([, { choices, pick = '' }]) => !choices && !Object.hasOwn(pickers, pick))?.[1]
  return field && sentence`no read lists a value for "${formText(field.label)}"`
}

export const needsParams = (operation: Operation): boolean => neededFields(operation).length > 0

/** Each picker is asked once. */
export class ParamFinder {
  readonly #account: Account
  readonly #options: CallOptions
  readonly #found = new Map<string, string | undefined>()

  constructor(account: Account, options: CallOptions) {
    this.#account = account
    this.#options = options
  }

  /** @throws the reason of the signal */
  async find(operation: Operation): Promise<FoundParams> {
    const params: Record<string, unknown> = {}
    for (const [name, { choices, label, pick = '' }] of neededFields(operation)) {
      try {
        const value = choices ? choices[0]?.value : await this.#valueOf(pick)
        if (value === undefined) return { missing: sentence`the account has no value for "${formText(label)}"` }
        params[name] = value
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        return { missing: sentence`no value was found for "${formText(label)}": ${error.summary}`, failure: error }
      }
    }
    return { params }
  }

  async #valueOf(pick: string): Promise<string | undefined> {
    if (!this.#found.has(pick)) this.#found.set(pick, await this.#pick(pick, this.#account.vendor.pickers?.[pick]))
    return this.#found.get(pick)
  }

  async #pick(name: string, picker: Picker | undefined): Promise<string | undefined> {
    if (!picker) return undefined
    if ('options' in picker) return picker.options[0]?.value
    const { load, loadOne = async (call: Caller<unknown>['call']) => (await load(call))[0]?.value } = picker
    const first = sequence({
      verb: 'get-data',
      title: name,
      route: 'GET /',
      fields: {},
      measurements: false,
      async *run(caller) {
        yield { data: await loadOne((operation, params) => caller.call(operation, params)) }
      },
    })
    for await (const { data } of new Call(this.#account, name, first, this.#options).pages({})) return data as string | undefined
    return undefined
  }
}
