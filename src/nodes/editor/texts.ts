/** The English texts that several forms share. Node-RED's catalogs replace `__name__`. */

/** Of every form. */
export const commonTexts = {
  name: 'Name',
  namePlaceholder: 'Optional',
  required: 'required',
  docs: 'Vendor documentation',
  editConfig: 'Edit: __label__',
  addConfig: 'Add: __label__',
  notSent: '(not sent)',
  choose: 'Choose…',
  default: '__value__ (default)',
  defaultIs: 'default __value__',
  example: 'for example __value__',
  noConfig: 'none',
  yes: 'true',
  no: 'false',
  secret: {
    show: 'Show what is typed: __label__',
    stored: 'The stored value is not sent to the browser: __label__',
  },
  server: {
    away: 'Node-RED does not respond. Check that it is running.',
    forbidden: 'You have no permission for this. Sign in as a user who may deploy.',
    failed: 'Node-RED responds with status __status__. See its log.',
    foreign: 'The response is not from Node-RED. It may come from a sign-in page. Reload the editor.',
  },
} as const

export const commonErrors = {
  empty: 'is required',
  setting: '__label__ __problem__',
} as const

/** Of the forms that have a vendor, its account and params. */
export const vendorFormTexts = {
  ...commonTexts,
  vendor: 'Vendor',
  chooseVendor: 'Choose a vendor…',
  unknownEntry: '__value__ (unknown)',
  params: 'Parameters',
  unverified: 'Not published by the vendor.',
  readableSecret: 'This value is stored in the flow, where everyone can read it. Choose "credential" as its type, or take it from the message.',
  movedSecret: 'The flow holds this value, where everyone can read it. "Done" moves it into a credential of the node.',
  literal: {
    text: 'text',
    number: 'number',
    boolean: 'true or false',
    choice: 'choice',
    list: 'list',
    time: 'date or time',
    json: 'JSON',
    file: 'text',
    credential: 'credential',
  },
  typeOf: 'Type of __label__: __type__',
  picker: {
    open: 'Choose: __label__',
    title: 'Choices for __label__',
    search: 'Search by name or id',
    refresh: 'Load the list again',
    loading: 'Loading…',
    none: 'The account has nothing to choose from.',
    noMatch: 'Nothing matches.',
    shown: '__shown__ of __count__ entries shown. Type to find the others.',
    count: '__count__ entries.',
    count_one: '__count__ entry.',
    age: 'Loaded __seconds__ s ago.',
    noAccount: 'Choose an account first.',
    hint: 'Press the magnifier to choose by name.',
  },
} as const

export const vendorFormErrors = {
  ...commonErrors,
  vendor: 'Choose a vendor',
  unknownVendor: '"__value__" is not a vendor of this node',
  account: 'Choose an account',
  unknownAccount: 'The account no longer exists. Choose another.',
  disabledAccount: 'The account is disabled. Enable it, or choose another.',
  incompleteAccount: 'The account is not complete. Open it and correct it.',
  credential: 'has no value, because a flow is imported without its credentials: enter it again',
  expression: 'cannot be evaluated: correct the path or the expression',
} as const
