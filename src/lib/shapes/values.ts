/** One message for each value, for the widgets of a dashboard. */
import { topicOf, type Reading } from '../vocabulary/reading'
import type { Content, Shape } from './shape'

interface ValueContent extends Content {
  /** The value alone, as a widget takes it. */
  payload: number | string | boolean
  /** Names the line of a chart: the place and the channel, which tells values of one quantity apart. */
  topic: string
  /** Epoch ms, for the x axis. */
  timestamp: number
  /** All that is known of the value, such as its unit. */
  reading: Reading
}

function contentOf(reading: Reading): ValueContent[] {
  const { timestamp, value } = reading
  // A chart fails on null, and a gauge would show it as 0.
  return value === null ? [] : [{ payload: value, topic: topicOf(reading), timestamp, reading }]
}

/** A failed measurement has no value, and gives no message. */
export const values: Shape = {
  each: (readings) => readings.flatMap(contentOf),
}
