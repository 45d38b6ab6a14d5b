/** The English texts of the event node's form. Those of its properties stand in their declarations. */
import { vendorFormErrors, vendorFormTexts } from '../../editor/texts'

export const eventLabel = 'on event'

export const eventTexts = {
  ...vendorFormTexts,
  labelOf: '__title__: events',
  newPath: 'Make a new path',
  events: 'Events',
  eventsHelp: 'Choose none to receive all events.',
  costOfAll: 'Costs about __requests__ requests a day for each device that no other node reads.',
  costOfChosen: 'Costs about __requests__ requests a day if no other node reads these devices.',
  costOfList: 'The list of devices is read about __requests__ times a day.',
  error: {
    ...vendorFormErrors,
    pathTaken: 'is used by another node: make a new one',
  },
} as const
