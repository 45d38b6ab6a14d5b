/** The help of the action nodes. Params and properties bring their own texts. */
import type { Verb } from '../../../lib/vocabulary/operation'
import { code, type HelpEntry } from '../../editor/markup/help-entry'

interface VerbHelp {
  summary: string
  outputs: readonly HelpEntry[]
  details: readonly string[]
  /** Errors that only this verb has. */
  codes?: readonly HelpEntry[]
}

interface ActionHelp extends Readonly<Record<Verb, VerbHelp>> {
  inputs: string
  /** Of every verb. */
  outputs: readonly HelpEntry[]
  errors: string
}

const getData: VerbHelp = {
  summary: "Reads data from a sensor cloud: as readings in one format for all vendors, or as the vendor's own data.",
  outputs: [
    {
      name: 'payload',
      type: 'array | object',
      text: "What <code>output</code> says, for operations that return readings: by default an array of readings. Otherwise the vendor's data without the envelope.",
    },
    {
      name: 'topic, timestamp, reading',
      optional: true,
      type: 'string, number, object',
      text: 'With the output <code>values</code>: label and channel, time in epoch milliseconds, and the whole reading.',
    },
    {
      name: 'params',
      optional: true,
      type: 'object',
      text: 'With the output <code>rows</code> and one message for each item: the row for a prepared statement of the sqlite node, such as <code>$device</code> and <code>$value</code>.',
    },
    {
      name: 'topic',
      optional: true,
      type: 'string',
      text: 'Label and channel of a message with one reading. Other messages keep the incoming topic.',
    },
    {
      name: 'parts',
      optional: true,
      type: 'object',
      text: 'What a Join node needs to put several messages together.',
    },
  ],
  details: [
    "A reading is <code>{ vendor, device, sensor, label, quantity, channel, value, unit, timestamp }</code>. <code>timestamp</code> is in epoch milliseconds UTC. <code>label</code> is what people call the place, such as <code>Cellar, Rack left</code>. It is <code>null</code> until the name is known. <code>channel</code> is the vendor's name of the value. <code>sensor</code> and <code>unit</code> are <code>null</code> where the vendor has none. Other properties of the vendor are in <code>extra</code>.",
    'A <code>quantity</code> has the same name and unit for all vendors: <code>temperature</code> °C, <code>humidity</code> %, <code>pressure</code> hPa, <code>battery</code> %, <code>voltage</code> V, <code>illuminance</code> lx, <code>co2</code> ppm, <code>tvoc</code> ppb, <code>distance</code> mm, <code>acceleration</code> g, <code>angle</code>, <code>pitch</code> and <code>roll</code> °, <code>speed</code> km/h, <code>latitude</code> and <code>longitude</code> °, <code>signal</code> %. Any other quantity keeps the name and unit of the vendor.',
    'The output <code>values</code> sends one message for each value, for the widgets of a dashboard. <code>object</code> is <code>{ &lt;label or device&gt;: { &lt;quantity&gt;: value } }</code>. <code>influx</code> is an array of points for the influx batch node, and <code>rows</code> is an array of flat rows for SQL and CSV.',
    'The incoming message is sent on with these properties. A message changes a param only where the type of the param is <code>msg</code>, <code>flow</code>, <code>global</code> or an expression.',
    'Requests share the limits of their account. A message waits until the limits allow its request, and the status shows how long.',
    'With <code>sinceLast</code>, the first message reads with all params. Each later message reads only new items. It ignores the params for the period and the number of items. If a response is incomplete, its other pages are read too, the newest page first. Other params, such as another device, have their own reading position.',
    'Measurements often reach the cloud late or twice. The node therefore reads the hour before the newest sent item again, and leaves out items that it has sent. If the vendor numbers its measurements, the node reads by these numbers and misses none. Otherwise it misses data that reaches the cloud more than an hour late.',
    'The reading position survives restarts and crashes. It is saved after a page was sent on. A crash may therefore send the last page twice, but leaves nothing out. If nothing is new, the node sends one message with an empty list. With one message for each item or page, it then sends none. The button "Forget…" clears the position, and so does deleting the node.',
  ],
}

const sendReading: VerbHelp = {
  summary: 'Sends readings to a sensor cloud.',
  outputs: [{ name: 'payload', type: 'any', text: 'Unchanged. The message is sent on when the cloud has stored its readings.' }],
  details: [
    'All nodes of an account share its outbox. Readings are sent in order. If the server fails on a reading for ten minutes, this reading is quarantined. The other readings are then sent, and you can drop it in the form of the account. The status shows how many readings wait. It is red while they cannot be sent, and says why.',
    'With a <code>mapping</code>, the payload can be what a get data node sends: one reading, or an array of them. A reading that already names its sensor is sent as it is. If no row matches a reading, none of its message is sent, and the message goes to Catch.',
    'If the cloud rejects a reading, its message goes to Catch, and the other readings are sent. Failures of the network, the cloud or the credentials are retried until the readings are sent.',
    'A deploy ends waiting messages, but their readings are still sent. If one of these readings is rejected later, a Catch node gets an error for it. An interrupted request is sent again, because it may not have arrived. Deleting the account deletes the readings in its outbox.',
    'If the store of the outbox cannot be reached or written, a new message fails at once with <code>NETWORK</code>. Its readings are not kept.',
  ],
  codes: [code('OUTBOX_FULL', 'The outbox is full. These readings were not kept.')],
}

const sendCommand: VerbHelp = {
  summary: 'Sends a command to a device.',
  outputs: [
    {
      name: 'payload',
      type: 'object',
      text: "The vendor's response without its envelope. With <code>awaitResult</code>, the result of the command.",
    },
    {
      name: 'response.nextLookAt',
      optional: true,
      type: 'number',
      text: 'Set with <code>awaitResult</code> if the result is not known yet: the time, in epoch milliseconds, from which the cloud allows the next poll.',
    },
  ],
  details: [
    'Commands are sent before reads when both wait for the limits of an account.',
    'The cloud may send a max-age with its response. The command must not be polled again before this time ends. A node that waits for the result polls after that. If <code>awaitTimeout</code> ends first, the message is sent on at once. <code>msg.payload</code> then holds the latest state, <code>msg.response.nextLookAt</code> is set, and a warning says when to read the result. The command itself was accepted.',
  ],
  codes: [code('EXPIRED', 'The command waited longer than its time to live, and was not sent.')],
}

const setAlarm: VerbHelp = {
  summary: 'Sets or removes alarms and thresholds.',
  outputs: [
    { name: 'payload', type: 'object', text: "The vendor's response without its envelope." },
    {
      name: 'response.existing',
      optional: true,
      type: 'boolean',
      text: '<code>true</code> if the item existed already and nothing was created. <code>msg.payload</code> then holds the existing item.',
    },
  ],
  details: [],
}

const registerDevice: VerbHelp = {
  summary: 'Registers devices and users, and arranges devices in groups.',
  outputs: [
    {
      name: 'payload',
      type: 'object | array',
      text: "The vendor's response without its envelope. For a list of rows, an array with one result for each row, in their order: <code>{ index, ok, result }</code> or <code>{ index, ok, error }</code>, where <code>error</code> is <code>{ message, code }</code>.",
    },
  ],
  details: [
    'When <code>msg.payload</code> is an array, its rows are registered one after another. A row is an object with a value for each param, such as <code>[{ "serial": "10000000" }, { "serial": "10000001" }]</code>. A param that a row lacks is taken from the node. A row that fails does not stop the others. The status counts the rows.',
    'A password is kept as a credential of the node, so that neither the flow file nor an export holds it. Enter it again after an import.',
  ],
}

export const actionHelp: ActionHelp = {
  'get-data': getData,
  'send-reading': sendReading,
  'send-command': sendCommand,
  'set-alarm': setAlarm,
  'register-device': registerDevice,
  inputs:
    'Each message starts a call. The params of each operation are listed below. Empty optional params are not sent. Lists take an array or a comma-separated text. Times take ISO 8601, a relative time such as -24h, -90min or -7d, epoch milliseconds, or a Date.',
  outputs: [
    {
      name: 'response',
      type: 'object',
      text: '<code>{ vendor, operation, statusCode, cached, attempts, waited, budgets }</code>. <code>waited</code> is how many milliseconds the request waited for the limits.',
    },
  ],
  errors:
    'When a call fails, no message is sent on. A Catch node gets <code>msg.error.message</code> and <code>msg.error.code</code>, and <code>msg.response.body</code> holds the response of the vendor. Codes:',
}
