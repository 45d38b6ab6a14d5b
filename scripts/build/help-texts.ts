/** The parts of the help that are the same for all vendors. Texts are html. */
import type { Verb } from '../../src/lib/vocabulary/operation'
import { BATCH_WINDOW, OUTBOX_LIMIT } from '../../src/nodes/actions/outbox-settings'

export interface Property {
  name: string
  optional?: boolean
  type: string
  text: string
  /** What applies when it is not given. */
  default?: string
}

interface VerbHelp {
  summary: string
  outputs: readonly Property[]
  details: readonly string[]
  /** Of the node itself, beside its params. */
  properties?: readonly Property[]
  /** Errors that only this verb has. */
  codes?: readonly Property[]
}

const code = (name: string, text: string): Property => ({ name, type: 'code', text })

const untouched: readonly Property[] = [
  { name: 'payload', type: 'object', text: "The vendor's answer without its envelope." },
]

interface ActionHelp extends Readonly<Record<Verb, VerbHelp>> {
  inputs: string
  outputs: readonly Property[]
  errors: string
  codes: readonly Property[]
}

export const actionHelp: ActionHelp = {
  'get-data': {
    summary: 'Reads data from a sensor cloud, as readings in one shape for all vendors or as the vendor gives it.',
    outputs: [
      {
        name: 'payload',
        type: 'array | object',
        text: "An array of readings, for operations that give readings; else the vendor's data without its envelope.",
      },
      {
        name: 'parts',
        optional: true,
        type: 'object',
        text: 'With one message for each item or page: what a Join node needs to put them together.',
      },
    ],
    properties: [
      {
        name: 'sinceLast',
        optional: true,
        type: 'boolean',
        text: 'Only new: send only what this node has not sent yet, for operations that can be read in this way.',
        default: 'false',
      },
    ],
    details: [
      'A reading is <code>{ vendor, device, sensor, quantity, value, unit, timestamp }</code>. <code>timestamp</code> is in epoch milliseconds UTC. <code>sensor</code> and <code>unit</code> are <code>null</code> where the vendor has none. What the vendor adds stands under <code>extra</code>, its own name of the quantity in <code>extra.name</code>.',
      '<code>quantity</code> is the same word in the same unit for all vendors: <code>temperature</code> °C, <code>humidity</code> %, <code>pressure</code> hPa, <code>battery</code> %, <code>voltage</code> V, <code>illuminance</code> lx, <code>co2</code> ppm, <code>tvoc</code> ppb, <code>distance</code> mm, <code>acceleration</code> g, <code>angle</code>, <code>pitch</code> and <code>roll</code> °, <code>speed</code> km/h, <code>latitude</code> and <code>longitude</code> °, <code>signal</code> %. Anything else keeps the name and unit of the vendor.',
      'The message that came in goes on with these properties. A param is only taken from the message where its type is <code>msg</code>, <code>flow</code>, <code>global</code> or an expression.',
      'Requests share the limits of their account: a message waits rather than being refused. The status shows how long.',
      'With <code>sinceLast</code> the first message reads what the params say; a start among them is where reading begins. Each later one reads only what is new since then, and the params for the period and the number of items no longer leave anything out: where an answer is cut short, the rest is read too, page after page, the newest page first. Other params, such as another device, are read on their own from their beginning.',
      'Measurements often reach the cloud late or twice. What is up to an hour older than the newest that was sent is therefore looked at again, and what was sent is left out; a vendor that numbers its measurements as it stores them is read by these numbers, and misses none. What reaches the cloud even later than that hour is missed.',
      'How far a node has read survives restarts and crashes. It is noted after a page has been handed on, so that a crash may send the last page twice, but leaves nothing out. When there is nothing new, one message with an empty list goes on; with one message for each item or page none does. A node that is deleted forgets what it has read; the button in its form makes it forget at once.',
    ],
  },
  'send-reading': {
    summary: 'Sends readings to a sensor cloud.',
    outputs: [{ name: 'payload', type: 'any', text: 'As it came in; the message goes on once the vendor has stored its readings.' }],
    properties: [
      {
        name: 'outbox',
        optional: true,
        type: 'boolean',
        text: 'Keep readings until the cloud has them: over an outage, a restart or a crash. Without it they are sent directly, and a failure goes to Catch at once.',
        default: 'true',
      },
      {
        name: 'outboxLimit',
        optional: true,
        type: 'number',
        text: 'Readings that the outbox of the account may hold. When it is full, new readings fail with <code>OUTBOX_FULL</code>; none is dropped silently.',
        default: String(OUTBOX_LIMIT),
      },
      {
        name: 'batchWindow',
        optional: true,
        type: 'milliseconds',
        text: 'Readings of one device that arrive within this time, or wait for the limits, travel together.',
        default: String(BATCH_WINDOW),
      },
    ],
    details: [
      'All nodes of an account share its outbox; the order of the readings stays, but a single one that the cloud answers with a fault of its own for ten minutes lets the others pass, and the form of the account can drop it. The status shows how many readings wait, and in red why they are not sent.',
      'A reading that the vendor refuses is given up: its message goes to Catch, while all other readings go on. Faults of the network, the vendor or the credentials are waited out for as long as it takes.',
      'A message that waits when the flow is deployed anew ends there; its readings are sent all the same, and one that is refused then goes to Catch by itself. A request that was interrupted is sent again, as it may not have arrived. Deleting the account drops what its outbox holds.',
      'When the store of the outbox cannot be reached or written, a new message fails at once with <code>NETWORK</code>, and none of its readings is kept.',
    ],
    codes: [code('OUTBOX_FULL', 'The outbox holds as many readings as it may; these were not kept.')],
  },
  'send-command': {
    summary: 'Sends a command to a device.',
    outputs: [
      {
        name: 'payload',
        type: 'object',
        text: "The vendor's answer without its envelope; with <code>awaitResult</code>, the result of the command.",
      },
      {
        name: 'response.nextLookAt',
        optional: true,
        type: 'number',
        text: 'With <code>awaitResult</code>, when the end of the command was not seen: the epoch milliseconds from which the cloud allows a new look.',
      },
    ],
    properties: [
      {
        name: 'ttl',
        optional: true,
        type: 'seconds',
        text: 'How long a command may wait for the limits of its account. One that has waited longer is not sent, and fails with <code>EXPIRED</code>. Empty: it waits as long as it takes.',
      },
      {
        name: 'awaitResult',
        optional: true,
        type: 'boolean',
        text: 'Follow the command until it has been carried out, for operations that can be followed; the status shows how far it is.',
        default: 'false',
      },
      {
        name: 'awaitTimeout',
        optional: true,
        type: 'seconds',
        text: 'How long to follow it; a command that takes longer fails with <code>TIMEOUT</code>, although it has been accepted.',
        default: '300',
      },
    ],
    details: [
      'Commands go before reads where both wait for the limits of an account.',
      'A cloud may say for how long its answer stands (max-age), and wants no new look at the command until then. A node that waits for the result looks again when that time is over. If <code>awaitTimeout</code> ends before, the message goes on at once: <code>msg.payload</code> is what the latest look showed, <code>msg.response.nextLookAt</code> is set, and a warning says when to look again. The command itself has been accepted.',
    ],
    codes: [code('EXPIRED', 'The command has waited longer than its time to live, and was not sent.')],
  },
  'set-alarm': {
    summary: 'Sets or removes alarms and thresholds.',
    outputs: [
      ...untouched,
      {
        name: 'response.existing',
        optional: true,
        type: 'boolean',
        text: '<code>true</code> when nothing was created because it is there already; <code>msg.payload</code> is then the one that exists.',
      },
    ],
    properties: [
      {
        name: 'ifAbsent',
        optional: true,
        type: 'boolean',
        text: 'Create only what does not exist yet, for operations that can tell, so that a flow may run again without making duplicates.',
        default: 'true',
      },
    ],
    details: [],
  },
  'register-device': {
    summary: 'Registers devices and users, and arranges them in groups.',
    outputs: [
      {
        name: 'payload',
        type: 'object | array',
        text: "The vendor's answer without its envelope; for a list of rows an array with one result for each, in their order: <code>{ index, ok, result }</code> or <code>{ index, ok, error }</code>, where <code>error</code> is <code>{ message, code }</code>.",
      },
    ],
    details: [
      'When <code>msg.payload</code> is an array, its rows are registered one after another. A row is an object with a value for each param, such as <code>[{ "serial": "10000000" }, { "serial": "10000001" }]</code>; a param that a row lacks is taken from the node. One bad row does not stop the rest. The status counts the rows.',
    ],
  },
  inputs:
    'Any message triggers a call. These are the params of each operation; an optional one that is empty is not sent. Lists take an array or a comma-separated text; times take ISO 8601, a time ago such as -24h, -90min or -7d, epoch milliseconds or a Date.',
  outputs: [
    {
      name: 'response',
      type: 'object',
      text: '<code>{ vendor, operation, statusCode, cached, attempts, waited, budgets }</code>; <code>waited</code> is the time in milliseconds for which the limits held the call back.',
    },
  ],
  errors:
    'When a call fails, nothing is sent on; a Catch node gets <code>msg.error.message</code> and <code>msg.error.code</code>, and <code>msg.response.body</code> holds what the vendor said. Codes:',
  codes: [
    code('CONFIG', 'The node or its account is not complete.'),
    code('INVALID', 'A param is missing or wrong, or the vendor refused the request.'),
    code('AUTH', 'The vendor rejected the credentials.'),
    code('FORBIDDEN', 'The account may not do this.'),
    code('NOT_FOUND', 'The vendor does not know the id.'),
    code('CONFLICT', 'It conflicts with what exists.'),
    code('RATE_LIMITED', 'The vendor still said "too many requests" after the retries.'),
    code('QUOTA', 'A daily or monthly budget is spent; the message says when it resets.'),
    code('TIMEOUT', 'No answer in time.'),
    code('NETWORK', 'The vendor could not be reached.'),
    code('VENDOR', 'The vendor failed.'),
    code('PROTOCOL', 'The answer is not what the vendor promises.'),
    code('CLOSED', 'The flow was stopped or deployed anew in the meantime.'),
  ],
}

export const eventHelp = {
  summary: 'Makes a message of each event that a sensor cloud tells of: alarms, alerts, buttons. It has no input.',
  callback: [
    {
      name: 'publicUrl',
      type: 'string',
      text: 'The address at which the vendor reaches this Node-RED: from the internet, and with <code>https://</code>. Behind a proxy it is the address of the proxy, which must hand on what comes to the path below. <code>httpNodeRoot</code> of settings.js is added by itself; a password that settings.js asks for (<code>httpNodeAuth</code>) keeps the vendor out.',
    },
    {
      name: 'path',
      optional: true,
      type: 'string',
      text: 'What the vendor posts to, made up by the form. Whoever knows it can send events, so it is never logged; make a new one if it has become known.',
    },
  ] satisfies Property[],
  outputs: [
    {
      name: 'payload',
      type: 'object',
      text: 'The event: <code>{ vendor, device, sensor, event, timestamp, data }</code>. <code>timestamp</code> is in epoch milliseconds UTC, <code>data</code> is as the vendor sent it; <code>device</code> and <code>sensor</code> are <code>null</code> where the vendor does not say.',
    },
    { name: 'topic', type: 'string', text: "The vendor's name of what happened, as in <code>payload.event</code>." },
  ] satisfies Property[],
  details: [
    'A vendor that posts its events is given an address when the flow starts: once, however often you deploy. When the node is deleted, so is the callback at the vendor. Nobody else can send events without knowing the path; a post that comes twice within ten minutes gives one message.',
    'A vendor that does not post is asked again and again, within the limits of its account. Each event gives one message, also over a restart. What had happened before the node was first started is not told.',
    'A param cannot come from a message, since there is none; it may come from the context, the environment or an expression.',
  ],
  errors:
    'While the vendor cannot be asked, the status is a red ring. A Catch node gets <code>msg.error.message</code> and <code>msg.error.code</code> once for each outage. The node tries again by itself, except after <code>CONFIG</code>. Codes:',
}

export const accountHelp = {
  properties: [
    { name: 'timeout', type: 'number', optional: true, text: 'Milliseconds to wait for an answer.', default: '30000' },
    {
      name: 'store',
      type: 'sensor-cloud-store',
      optional: true,
      text: 'Where limits, tokens, cached answers and waiting readings are kept; without one in files of this Node-RED.',
    },
    { name: 'proxy', type: 'http proxy', optional: true, text: 'A proxy; without one the usual environment variables apply.' },
    { name: 'tls', type: 'tls-config', optional: true, text: 'Certificates of your own.' },
  ] satisfies Property[],
  sharing: 'All nodes of one account share its limits, its cache and its connections.',
  secrets:
    'Credentials are stored by Node-RED apart from the flow and are not exported with it. An address must start with <code>https://</code>, unless it is on this machine.',
  test: 'Test connection tries what is typed, also before the first deploy. A password that is left untouched is the stored one, which goes to no address but the deployed one.',
  environment: 'Each property can be an environment variable, written as <code>${NAME}</code>.',
  routes:
    'The routes of the table are assumptions. Correct them where a call fails; a row that equals its default is not stored in the flow.',
}

export const storeHelp = {
  summary: 'Where limits, tokens, cached answers, what was read last, and readings that wait are kept.',
  properties: [
    {
      name: 'kind',
      type: 'string',
      text: '<code>embedded</code>: files in the user directory of this Node-RED, which is also what an account without a store has. <code>redis</code>: Redis or Valkey, for several Node-RED instances that use the same account.',
    },
    {
      name: 'url',
      type: 'string',
      text: 'Of Redis: <code>redis://host:6379</code>, or <code>rediss://host:6379</code> for TLS. A user name and a database may stand in it, as in <code>redis://user@host:6379/1</code>.',
    },
    { name: 'password', type: 'password', optional: true, text: 'Of Redis. It is stored by Node-RED apart from the flow.' },
  ] satisfies Property[],
  details: [
    'Instances that share a store keep within the limits of an account together: all windows are charged in one step, by the clock of Redis. They share tokens and cached answers. What one of them kept to send is sent by another when it crashed, oldest first.',
    'Start Redis with <code>--appendonly yes</code>, so that it forgets nothing when it restarts, and with <code>maxmemory-policy noeviction</code>.',
    'While Redis is away, calls fail with a clear error rather than exceed a limit, and readings wait in files of this Node-RED until it is back. The log tells of the outage once, and once of its end.',
    'Beyond this machine use TLS (<code>rediss://</code>): with <code>redis://</code> the password and the readings travel unencrypted.',
    'Each property can be an environment variable, written as <code>${NAME}</code>.',
  ],
}
