/** Version 1: each param says its type. A flow that is written by hand may give the value alone. */
import { isRecord } from '../../../lib/base/foreign'

/** Of a value that stands alone. */
function typed(value: unknown): { type: string; value: string } {
  if (typeof value === 'string') return { type: 'str', value }
  if (typeof value === 'number') return { type: 'num', value: String(value) }
  if (typeof value === 'boolean') return { type: 'bool', value: String(value) }
  return { type: 'json', value: JSON.stringify(value) }
}

/** `{ type, value }`, where one of them may be missing; an object with more is a value. */
export const isTyped = (param: unknown): param is { type?: string; value?: unknown } => {
  if (!isRecord(param)) return false
  const names = Object.keys(param)
  return names.length > 0 && names.every((name) => name === 'value' || (name === 'type' && typeof param.type === 'string'))
}

export function typedParams(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!isRecord(config.params)) return config
  const given = Object.entries(config.params).filter(([, param]) => param !== undefined && param !== null)
  const params = given.map(([name, param]) => [name, isTyped(param) ? { type: 'str', ...param } : typed(param)])
  return { ...config, params: Object.fromEntries(params) as unknown }
}
