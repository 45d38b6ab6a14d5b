/** Evaluates a node's typed params for one message. */
import { isRecord } from '../../lib/base/foreign'
import type { Node, NodeAPI, NodeMessage } from 'node-red'
import { ApiError } from '../../lib/base/api-error'
import { sentence, type Sentence } from '../../lib/base/sentence'
import { parseIso } from '../../lib/base/time'
import { localizedError } from '../runtime/language'
import { ownEntry } from '../runtime/node-types'
import { isTyped } from '../runtime/migrations/typed-params'

/** `{ "type": "str|num|bool|json|date|msg|flow|global|env|jsonata|cred", "value": "…" }`; the value of `cred` is the name of a credential. */
export interface TypedParam {
  type?: string
  value?: unknown
}

export type TypedParams = Readonly<Record<string, TypedParam | undefined>>

export class ParamReader {
  readonly #RED: NodeAPI
  readonly #node: Node
  readonly #params: TypedParams
  /** Names of the params that a hand-written flow gives without a type. */
  readonly #untyped: readonly string[]
  readonly #isSecret: (name: string) => boolean

  /** @param isSecret whether the value of a param must not stand in an error */
  constructor(RED: NodeAPI, node: Node, params: unknown, isSecret: (name: string) => boolean = () => false) {
    this.#RED = RED
    this.#node = node
    this.#isSecret = isSecret
    this.#params = isRecord(params) ? (params as TypedParams) : {}
    this.#untyped = Object.keys(this.#params).filter((name) => this.#params[name] && !isTyped(this.#params[name]))
  }

  has(name: string): boolean {
    return this.#params[name] !== undefined
  }

  /**
   * The values of all params; a param that evaluates to nothing is absent.
   * @throws ApiError INVALID naming the param that cannot be evaluated; the caller adds vendor and operation
   */
  async read(message: NodeMessage): Promise<Record<string, unknown>> {
    const [untyped] = this.#untyped
    if (untyped !== undefined) throw new ApiError('INVALID', sentence`param "${untyped}" has no type; write it as { "type": "str", "value": … }, or choose it in the node`)
    const values: Record<string, unknown> = {}
    for (const [name, param] of Object.entries(this.#params)) {
      if (!param) continue
      if (param.type === 'cred') {
        values[name] = this.#credential(name, param.value)
        continue
      }
      try {
        values[name] = await this.#evaluate(param, message)
      } catch (error) {
        throw new ApiError('INVALID', this.#problem(name, param.type ?? 'str', error))
      }
    }
    return values
  }

  /** Node-RED's own evaluation knows no credentials. Only of a secret param are errors cleaned of the value. */
  #credential(name: string, value: unknown): string | undefined {
    if (!this.#isSecret(name)) throw new ApiError('INVALID', sentence`param "${name}" cannot be a credential, because it is not a secret; choose another type in the node`)
    if (value === undefined || value === null || value === '') return undefined
    const { credentials } = this.#node as Node & { credentials?: unknown }
    const secret = isRecord(credentials) && typeof value === 'string' ? ownEntry(credentials, value) : undefined
    if (typeof secret === 'string' && secret !== '') return secret
    throw new ApiError('INVALID', sentence`param "${name}" is a credential that has no value, as after an import; enter it in the node`)
  }

  /** An expression's error quotes the expression: of a secret it is left out. */
  #problem(name: string, type: string, error: unknown): Sentence {
    if (this.#isSecret(name)) return sentence`param "${name}" cannot be evaluated as ${type}; correct it in the node`
    return sentence`param "${name}" cannot be evaluated as ${type} (${localizedError(this.#RED, messageOf(error)).message}); correct it in the node`
  }

  async #evaluate({ type = 'str', value }: TypedParam, message: NodeMessage): Promise<unknown> {
    // An empty literal is no value; evaluated as a number it would become 0.
    if (value === undefined || value === null || (value === '' && type !== 'date')) return undefined
    if (type === 'jsonata') return this.#jsonata(literal(value), message)
    // A date param may hold a moment; Node-RED's own date type is the time of the message.
    if (type === 'date' && typeof value === 'string' && parseIso(value) !== undefined) return value
    // Hand-written flows hold JSON as it is, the editor holds its text.
    if (type === 'json' && typeof value === 'object') return this.#RED.util.cloneMessage(value as NodeMessage)
    return new Promise((resolve, reject) => {
      this.#RED.util.evaluateNodeProperty(literal(value), type, this.#node, message, (error, result) =>
        error ? reject(error) : resolve(result),
      )
    })
  }

  async #jsonata(expression: string, message: NodeMessage): Promise<unknown> {
    const { util } = this.#RED
    const prepared = util.prepareJSONataExpression(expression, this.#node)
    return new Promise((resolve, reject) => {
      util.evaluateJSONataExpression(prepared, message, (error, result) => (error ? reject(error) : resolve(result)))
    })
  }
}

/** JSONata throws plain objects with a message. */
const messageOf = (error: unknown): unknown =>
  error instanceof Error || typeof error !== 'object' || error === null ? error : ((error as { message?: unknown }).message ?? error)

/** A hand-written flow may hold a number or a flag where the editor holds its text. */
const literal = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
