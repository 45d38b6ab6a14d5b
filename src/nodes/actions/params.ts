/** Evaluates a node's typed params for one message. */
import { isRecord } from '../../lib/base/foreign'
import type { Node, NodeAPI, NodeMessage } from 'node-red'
import { ApiError } from '../../lib/base/api-error'
import { sentence, type Sentence } from '../../lib/base/sentence'
import { parseIso } from '../../lib/base/time'
import type { Fields } from '../../lib/vocabulary/operation'
import { FieldError, labelled } from '../../lib/vocabulary/validation'
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
  readonly #fields: Fields

  /** @param fields of the operation, for their labels and for what must not stand in an error */
  constructor(RED: NodeAPI, node: Node, params: unknown, fields: Fields) {
    this.#RED = RED
    this.#node = node
    this.#fields = fields
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
    if (untyped !== undefined) throw this.#wrong(untyped, sentence`has no type; choose the value again in the node, or write { "type": "str", "value": … } in the flow file`)
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
        const type = param.type ?? 'str'
        throw this.#wrong(name, this.#problem(name, type, error), ownEntry(UNREADABLE_BRIEF, type))
      }
    }
    return values
  }

  /** Node-RED's own evaluation knows no credentials. Only of a secret param are errors cleaned of the value. */
  #credential(name: string, value: unknown): string | undefined {
    if (!this.#isSecret(name)) throw this.#wrong(name, sentence`cannot be a credential, because it is not a secret; choose another type in the node`)
    if (value === undefined || value === null || value === '') return undefined
    const { credentials } = this.#node as Node & { credentials?: unknown }
    const secret = isRecord(credentials) && typeof value === 'string' ? ownEntry(credentials, value) : undefined
    if (typeof secret === 'string' && secret !== '') return secret
    throw this.#wrong(name, sentence`is a credential that has no value, as after an import; enter it in the node`)
  }

  #isSecret(name: string): boolean {
    return ownEntry(this.#fields, name)?.secret === true
  }

  /** @param brief for the status, where that has no room for the problem */
  #wrong(name: string, problem: Sentence, brief?: Sentence): ApiError {
    return labelled(ownEntry(this.#fields, name)?.label ?? name, new FieldError(problem, brief))
  }

  /** Why a param has no value, where it comes from elsewhere: the end of a sentence. */
  absence(name: string, value: unknown): FieldError | undefined {
    const param = this.#params[name]
    if (!param) return ownEntry(this.#fields, name)?.fromPayload ? missingFrom('msg.payload', value) : undefined
    const place = typeof param.value === 'string' ? param.value : ''
    return place === '' ? undefined : ownEntry(EMPTY, param.type ?? 'str')?.(place, value)
  }

  /** An expression's error quotes the expression: of a secret it is left out. */
  #problem(name: string, type: string, error: unknown): Sentence {
    if (this.#isSecret(name)) return sentence`cannot be evaluated as ${type}; correct it in the node`
    const reason = localizedError(this.#RED, messageOf(error)).message
    return ownEntry(UNREADABLE, type)?.(reason) ?? sentence`cannot be evaluated as ${type} (${reason}); correct it in the node`
  }

  async #evaluate({ type = 'str', value }: TypedParam, message: NodeMessage): Promise<unknown> {
    // An empty literal is no value; evaluated as a number it would become 0.
    if (value === undefined || value === null || (value === '' && type !== 'date')) return undefined
    if (type === 'jsonata') return this.#jsonata(literal(value), message)
    // A date param may hold a moment; Node-RED's own date type is the time of the message.
    if (type === 'date' && typeof value === 'string' && parseIso(value) !== undefined) return value
    // Hand-written flows hold JSON as it is, the editor holds its text.
    if (type === 'json' && typeof value === 'object') return this.#RED.util.cloneMessage(value as NodeMessage)
    // NaN would no longer show what was typed, such as 8,5.
    if (type === 'num' && typeof value === 'string' && Number.isNaN(Number(value))) return value
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

/** Each is a sentence of its own, since languages differ in gender and case. */
const UNREADABLE: Readonly<Record<string, (reason: string) => Sentence>> = {
  jsonata: (reason) => sentence`has a JSONata expression that fails (${reason}); correct it in the node`,
  json: (reason) => sentence`is not valid JSON (${reason}); correct it in the node`,
}

const UNREADABLE_BRIEF: Readonly<Record<string, Sentence>> = {
  jsonata: sentence`has a JSONata expression that fails`,
  json: sentence`is not valid JSON`,
}

const EMPTY: Readonly<Record<string, (name: string, value: unknown) => FieldError>> = {
  msg: (name, value) => missingFrom(`msg.${name}`, value),
  flow: (name) => new FieldError(sentence`comes from the flow variable ${name}, which has no value; set it first, or choose another type in the node`, sentence`is missing: no flow.${name}`),
  global: (name) => new FieldError(sentence`comes from the global variable ${name}, which has no value; set it first, or choose another type in the node`, sentence`is missing: no global.${name}`),
  env: (name) => new FieldError(sentence`comes from the environment variable ${name}, which has no value; set it first, or choose another type in the node`, sentence`is missing: no ${name}`),
  jsonata: () => new FieldError(sentence`comes from a JSONata expression that gave no value for this message; check the expression and the message`, sentence`got no value from JSONata`),
}

const missingFrom = (property: string, value: unknown): FieldError =>
  value === undefined
    ? new FieldError(sentence`comes from ${property}, which this message does not have; set it before this node, or choose another type in the node`, sentence`is missing: no ${property}`)
    : new FieldError(sentence`comes from ${property}, which is empty in this message; set it before this node, or choose another type in the node`, sentence`is missing: ${property} is empty`)

/** JSONata throws plain objects with a message. */
const messageOf = (error: unknown): unknown =>
  error instanceof Error || typeof error !== 'object' || error === null ? error : ((error as { message?: unknown }).message ?? error)

/** A hand-written flow may hold a number or a flag where the editor holds its text. */
const literal = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
