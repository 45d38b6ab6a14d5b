/** The English texts of the event node's form. Those of its properties stand in their declarations. */
import { vendorFormErrors, vendorFormTexts } from '../../editor/texts'

export const eventLabel = 'on event'

export const eventTexts = {
  ...vendorFormTexts,
  labelOf: '__title__: events',
  newPath: 'Make a new path',
  events: 'Events',
  eventsHelp: 'Choose none to receive all events.',
  error: {
    ...vendorFormErrors,
    pathTaken: 'is used by another node: make a new one',
  },
} as const
