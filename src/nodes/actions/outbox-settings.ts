/** How a node uses its account's outbox: one set of defaults and bounds for runtime and form. */

/** Readings that it may hold. */
export const OUTBOX_LIMIT = 100_000
/** ms for which readings are awaited that may travel together. */
export const BATCH_WINDOW = 250

const LEAST = { outboxLimit: 1, batchWindow: 0 } as const
export type OutboxSetting = keyof typeof LEAST

/** Whether the value, which an imported flow may lack, is a number that can be used. */
export function isOutboxSetting(name: OutboxSetting, value: unknown): boolean {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return false
  const number = Number(value)
  return Number.isInteger(number) && number >= LEAST[name]
}

export const outboxSetting = (name: OutboxSetting, value: unknown): number =>
  isOutboxSetting(name, value) ? Number(value) : { outboxLimit: OUTBOX_LIMIT, batchWindow: BATCH_WINDOW }[name]
