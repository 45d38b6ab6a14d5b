/** The help of the action nodes. Params and properties bring their own texts. */
import type { Verb } from '../../../lib/vocabulary/operation'
import type { HelpEntry, HelpTexts } from '../../editor/markup/help-entry'

/** What every action node says, beside the texts of its verb. */
interface ActionHelp extends Readonly<Record<Verb, HelpTexts>> {
  /** Of a verb that has no inputs of its own. */
  anyInput: HelpEntry
  inputs: string
  outputs: readonly HelpEntry[]
  passedOn: string
  errors: string
}

const getData: HelpTexts = {
  summary: "Reads data from a sensor cloud: as readings in one format for all vendors, or as the vendor's own data.",
  sample: 'A reading in <code>msg.payload</code>:',
  outputs: [
    {
      name: 'payload',
      type: 'any',
      text: "What <code>output</code> says, for operations that return readings: by default an array of readings. Otherwise the vendor's data without the envelope.",
    },
    {
      name: 'topic',
      optional: true,
      type: 'string',
      text: 'Label and channel of a message with one reading, such as <code>Cellar, Rack left, temp</code>. Other messages keep the incoming topic.',
    },
    {
      name: 'timestamp, reading',
      optional: true,
      type: 'number, object',
      text: 'With the output <code>values</code>: the time in epoch milliseconds, and the whole reading.',
    },
    {
      name: 'params',
      optional: true,
      type: 'object',
      text: 'With the output <code>rows</code> and one message for each item: the row for a prepared statement of the sqlite node.',
    },
    {
      name: 'parts',
      optional: true,
      type: 'object',
      text: 'What a Join node needs to put several messages together.',
    },
  ],
  details: [
    "<code>label</code> is what people call the place. It is <code>null</code> until the name is known. <code>channel</code> is the vendor's name of the value. <code>timestamp</code> is in epoch milliseconds UTC. <code>sensor</code> and <code>unit</code> are <code>null</code> where the vendor has none. Other properties of the vendor are in <code>extra</code>. The <code>value</code> of a failed measurement is <code>null</code>, and <code>extra.status</code> holds its status.",
    'The output <code>values</code> sends one message for each value, for the widgets of a dashboard. <code>object</code> is <code>{ &lt;label or device&gt;: { &lt;quantity&gt;: value } }</code>. <code>influx</code> is an array of points for the influx batch node, and <code>rows</code> is an array of flat rows for SQL and CSV.',
    '<code>quantities</code> selects readings, <code>decimals</code> rounds numbers, and <code>temperature</code> converts to °F. They apply to every output except <code>body</code>.',
    'Requests share the limits of their account. A message waits until the limits allow its request, and the status shows how long.',
  ],
  topics: [
    {
      title: 'Quantities and units',
      texts: [
        'A <code>quantity</code> has the same name and unit for all vendors: <code>temperature</code> °C, <code>humidity</code> %, <code>pressure</code> hPa, <code>battery</code> %, <code>voltage</code> V, <code>illuminance</code> lx, <code>co2</code> ppm, <code>tvoc</code> ppb, <code>distance</code> mm, <code>acceleration</code> g, <code>angle</code>, <code>pitch</code> and <code>roll</code> °, <code>speed</code> km/h, <code>latitude</code> and <code>longitude</code> °, <code>signal</code> %. Any other quantity keeps the name and unit of the vendor.',
      ],
    },
    {
      title: 'Only new',
      texts: [
        'With <code>sinceLast</code>, the first message reads with all params. Each later message reads only new items. It ignores the params for the period and the number of items. If a response is incomplete, its other pages are read too, the newest page first. Other params, such as another device, have their own reading position.',
        'Measurements often reach the cloud late or twice. The node therefore reads the hour before the newest sent item again, and leaves out items that it has sent. If the vendor numbers its measurements, the node reads by these numbers and misses none. Otherwise it misses data that reaches the cloud more than an hour late.',
        'The reading position survives restarts and crashes. It is saved after a page was sent on. A crash may therefore send the last page twice, but leaves nothing out. If nothing is new, the node sends one message with an empty list. With one message for each item or page, it then sends none. The button "Forget…" clears the position, and so does deleting the node.',
      ],
    },
  ],
}

const sendReading: HelpTexts = {
  summary: 'Sends readings to a sensor cloud.',
  sample: 'A <code>msg.payload</code> with one reading:',
  inputs: [
    {
      name: 'payload',
      type: 'object | array',
      text: 'One reading or an array of readings, unless a param takes them from elsewhere.',
    },
  ],
  outputs: [{ name: 'payload', type: 'any', text: 'Unchanged. The message is sent on when the cloud has stored its readings.' }],
  details: [
    'With a <code>mapping</code>, the payload can be what a get data node sends: one reading, or an array of them. A reading that already names its sensor is sent as it is. If no row matches a reading, none of its message is sent, and the message goes to Catch.',
    'If the cloud rejects a reading, its message goes to Catch, and the other readings are sent. Failures of the network, the cloud or the credentials are retried until the readings are sent.',
    '<code>syncWindow</code> makes an SD card last longer. The readings of this time share one sync to disk, and a power failure can lose them.',
  ],
  topics: [
    {
      title: 'Outbox',
      texts: [
        'All nodes of an account share its outbox. Readings are sent in order. If the server fails on a reading for ten minutes, this reading is quarantined. The other readings are then sent, and you can drop it in the form of the account. The status shows how many readings wait. It is red while they cannot be sent, and says why.',
        'A deploy ends waiting messages, but their readings are still sent. If one of these readings is rejected later, a Catch node gets an error for it. An interrupted request is sent again, because it may not have arrived. Deleting the account deletes the readings in its outbox.',
        'If the store of the outbox cannot be reached or written, a new message fails at once with <code>NETWORK</code>. Its readings are not kept.',
      ],
    },
  ],
}

const sendCommand: HelpTexts = {
  summary: 'Sends a command to a device.',
  sample: 'A message after a command:',
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
}

const setAlarm: HelpTexts = {
  summary: 'Sets or removes alarms and thresholds.',
  sample: 'A message when the alarm existed already:',
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

const registerDevice: HelpTexts = {
  summary: 'Registers devices and users, and arranges devices in groups.',
  sample: 'The <code>msg.payload</code> after two rows:',
  inputs: [
    {
      name: 'payload',
      optional: true,
      type: 'array',
      text: 'Rows to register, such as those of a csv node. Anything else starts one call with the params of the node.',
    },
  ],
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
  anyInput: { name: 'payload', optional: true, type: 'any', text: 'Used only where a param takes it from the message.' },
  inputs:
    'Each message starts a call. The params of each operation are listed below. Empty optional params are not sent. Lists take an array or a comma-separated text. Times take ISO 8601, a relative time such as -24h, -90min or -7d, epoch milliseconds, or a Date.',
  outputs: [
    {
      name: 'response',
      type: 'object',
      text: '<code>{ vendor, operation, statusCode, cached, attempts, waited, budgets }</code>. <code>waited</code> is how many milliseconds the request waited for the limits.',
    },
    {
      name: 'response.budgets',
      type: 'array',
      text: '<code>{ name, limit, remaining, resetsAt }</code> for each limit of the account. <code>resetsAt</code> is in epoch milliseconds.',
    },
    {
      name: 'response.apiRequestsRemaining',
      optional: true,
      type: 'number',
      text: 'How many requests are left, where the response of the vendor says so.',
    },
  ],
  passedOn:
    'The incoming message is sent on with these properties. A message changes a param only where the type of the param is <code>msg</code>, <code>flow</code>, <code>global</code> or an expression.',
  errors:
    'When a call fails, no message is sent on. A Catch node gets <code>msg.error.message</code> and <code>msg.error.code</code>, and <code>msg.response.body</code> holds the response of the vendor.',
}
