/** The English texts that no vendor or operation brings along. `__name__` is replaced, as Node-RED's catalogs do it. */

export const paletteTexts = {
  'get-data': 'get data',
  'send-reading': 'send reading',
  'send-command': 'send command',
  'set-alarm': 'set alarm',
  'register-device': 'register device',
  'on-event': 'on event',
} as const

export const statusTexts = {
  calling: 'calling…',
  waiting: 'waiting __seconds__ s',
  readings: '__count__ readings',
  items: '__count__ items',
  ok: 'ok',
  noAccount: 'no account',
  pages: 'page __page__',
  rowsProgress: 'row __done__ of __count__',
  rows: '__done__ of __count__ registered',
  existing: 'exists already',
  listening: 'listening',
  events: '__count__ events',
} as const

const commonTexts = {
  name: 'Name',
  namePlaceholder: 'Optional',
  required: 'required',
  docs: 'Vendor documentation',
  editConfig: 'Edit: __label__',
  addConfig: 'Add: __label__',
  notSent: '(not sent)',
  choose: 'Choose…',
  default: '__value__ (default)',
  yes: 'true',
  no: 'false',
} as const

/** Of the forms that have a vendor, its account and params. */
const vendorTexts = {
  ...commonTexts,
  vendor: 'Vendor',
  chooseVendor: 'Choose a vendor…',
  unknownEntry: '__value__ (unknown)',
  params: 'Parameters',
  unverified: 'Not published by the vendor.',
  literal: {
    text: 'text',
    number: 'number',
    boolean: 'true or false',
    choice: 'choice',
    list: 'list',
    time: 'date or time',
    json: 'JSON',
    file: 'text',
  },
  typeOf: 'Type of __label__: __type__',
} as const

const vendorErrors = {
  vendor: 'Choose a vendor',
  unknownVendor: '"__value__" is not a vendor of this node',
  account: 'Choose an account',
  unknownAccount: 'The account does not exist any more: choose another',
  param: '__label__ __problem__',
  empty: 'is required: say where its value comes from',
} as const

export const actionTexts = {
  ...vendorTexts,
  operation: 'Operation',
  noParams: 'This operation takes no parameters.',
  output: 'Output',
  outputReadings: 'readings, in one shape for all vendors',
  outputBody: "the vendor's data",
  outputHelp: 'What msg.payload holds.',
  emit: 'Send',
  emitArray: 'one message',
  emitEach: 'one message for each item',
  emitPage: 'one message for each page, as it arrives',
  emitHelp: 'Several messages carry msg.parts, so that a Join node puts them together.',
  ttl: 'Time to live',
  ttlHelp: 'Seconds that a command may wait for the limits; after that it is not sent. Empty: as long as it takes.',
  awaitResult: 'Wait for result',
  awaitResultHelp: 'The message goes on when the command has been carried out, not when it has been accepted.',
  awaitTimeout: 'Wait at most',
  awaitTimeoutHelp: 'Seconds; a command that takes longer fails with TIMEOUT.',
  ifAbsent: 'Only if absent',
  ifAbsentHelp: 'What exists already in just this form is left as it is, and the message goes on with it.',
  builder: {
    choose: 'Choose…',
    add: 'Add',
    added: 'Added: __label__',
    notJson: 'holds no JSON to add to: correct it first',
  },
  error: {
    seconds: '__label__ must be a number of seconds above 0',
    ...vendorErrors,
    operation: 'Choose an operation',
    unknownOperation: '"__value__" is not an operation of this vendor',
  },
} as const

export const eventTexts = {
  ...vendorTexts,
  labelOf: '__title__: events',
  publicUrl: 'Public URL',
  publicUrlHelp:
    'The address at which the vendor reaches this Node-RED from the internet, with https; behind a proxy, that of the proxy.',
  path: 'Path',
  pathHelp: 'What the vendor posts to. Whoever knows it can send events, so it must not be possible to guess it.',
  newPath: 'Make a new path',
  events: 'Events',
  eventsHelp: 'None chosen means all of them.',
  interval: 'Interval',
  intervalHelp: 'Seconds between two looks.',
  error: {
    ...vendorErrors,
    setting: '__label__ __problem__',
  },
} as const

export const accountTexts = {
  ...commonTexts,
  connection: 'Connection',
  tls: 'TLS',
  tlsHelp: 'Only for own certificates.',
  proxy: 'Proxy',
  proxyHelp: 'Empty: the proxy environment variables apply.',
  timeout: 'Timeout',
  timeoutHelp: 'Milliseconds to wait for an answer.',
  error: {
    setting: '__label__ __problem__',
    timeout: 'Timeout must be a number of milliseconds above 0',
    routes: 'The route of "__operation__" __problem__',
  },
  routes: {
    title: 'Routes',
    help: 'The vendor has not published these routes. Correct them from the documentation that came with your account.',
    operation: 'Operation',
    method: 'Method',
    path: 'Path',
    methodOf: 'Method of __operation__',
    pathOf: 'Path of __operation__',
    reset: 'Reset to the default',
    resetOf: 'Reset __operation__ to the default',
    unverified: 'unverified',
    changed: 'changed',
    slash: 'must begin with /',
    missing: 'must hold __variables__',
    foreign: 'holds __variables__, which the operation does not have',
  },
  import: {
    button: 'Import Postman collection',
    title: 'Postman collection',
    help: 'Choose the JSON file that Postman exports, or paste its text.',
    file: 'Collection file',
    text: 'Collection as text',
    apply: 'Import',
    cancel: 'Cancel',
    base: 'Base URL: __value__',
    noBase: 'No base URL was found.',
    matched: '__operation__: __route__',
    unmatched: 'Not found in the collection: __operations__',
    notJson: 'this is not JSON',
    failed: 'Nothing was imported: __reason__',
  },
} as const
