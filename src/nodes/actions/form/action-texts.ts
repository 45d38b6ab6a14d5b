/** The English texts of the action nodes. Those of their properties stand in their declarations. */
import type { Verb } from '../../../lib/vocabulary/operation'
import { vendorFormErrors, vendorFormTexts } from '../../editor/texts'

export const actionLabels: Readonly<Record<Verb, string>> = {
  'get-data': 'get data',
  'send-reading': 'send reading',
  'send-command': 'send command',
  'set-alarm': 'set alarm',
  'register-device': 'register device',
}

/** Also of the event node. `_one` is the text for a count of one, by the plural rules of each language. */
export const statusTexts = {
  calling: 'calling…',
  waiting: 'waiting __seconds__ s',
  readings: '__count__ readings',
  readings_one: '__count__ reading',
  items: '__count__ items',
  items_one: '__count__ item',
  ok: 'ok',
  nothingNew: 'nothing new',
  noAccount: 'no account',
  pages: 'page __page__',
  rowsProgress: 'row __done__ of __count__',
  rows: '__done__ of __count__ registered',
  existing: 'exists already',
  accepted: 'accepted, result not known yet',
  outbox: '__count__ readings wait',
  outbox_one: '__count__ reading waits',
  listening: 'listening',
  events: '__count__ events',
  events_one: '__count__ event',
  sensors: '__count__ sensors · __alarms__ silent',
  sensors_one: '__count__ sensor · __alarms__ silent',
  batteries: '__count__ batteries · __alarms__ low',
  batteries_one: '__count__ battery · __alarms__ low',
  devices: '__count__ devices · __alarms__ gone',
  devices_one: '__count__ device · __alarms__ gone',
} as const

export const actionTexts = {
  ...vendorFormTexts,
  operation: 'Operation',
  noParams: 'This operation has no parameters.',
  reset: 'Already read',
  resetButton: 'Forget…',
  resetHelp: 'Resets the reading position: the next message reads from the beginning, with the params of the node.',
  resetConfirm: 'Forget the reading position of this node? The next message then reads from the beginning and sends old data again.',
  resetDone: 'Forgotten.',
  resetFailed: 'Not forgotten: __reason__',
  table: {
    add: 'Add row',
    remove: 'Remove row',
    removeRow: 'Remove row __row__',
    cell: '__column__, row __row__',
  },
  builder: {
    choose: 'Choose…',
    add: 'Add',
    added: 'Added: __label__',
    notJson: '__label__ is not valid JSON, so nothing can be added. Correct it first.',
  },
  error: {
    ...vendorFormErrors,
    operation: 'Choose an operation',
    confirmed: 'Tick "__label__": this operation deletes more than one thing.',
    unknownOperation: '"__value__" is not an operation of this vendor',
  },
} as const
