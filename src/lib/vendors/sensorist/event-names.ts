/** What a callback can be told of: bit flags of its type [R0]. */
export const EVENTS: Readonly<Record<string, number>> = { measurement: 1, alarm: 2, system: 4 }

/** The type of a callback for events by name, or by flags already put together. */
export const eventBits = (events: readonly string[]): number =>
  events.reduce((bits, event) => bits | (EVENTS[event] ?? Number(event)), 0)
