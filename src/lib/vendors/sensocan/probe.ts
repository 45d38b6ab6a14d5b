/** The test of a connection. There are no pickers: nothing can be read [N1]. */
import { operation } from '../../vocabulary/operation'
import { sentence } from '../../base/sentence'
import { probe } from '../../vocabulary/vendor'
import { anything } from '../../vocabulary/validation'
import { DOCS, wireBody } from './readings'

/**
 * The API has no read, so the test sends an empty list. A list needs at least one reading: the cloud refuses it with 422
 * when it has accepted the token, and with 401 when it has not [N1]. Whether it checks the device's UUID before the list
 * is not published; the token is the device's own.
 */
const emptyBatch = operation({
  verb: 'send-reading',
  title: 'No reading',
  docs: DOCS,
  route: 'POST /devices/{account.deviceUuid}/readings',
  fields: {},
  body: () => wireBody([], undefined),
  decode: anything,
})

const ACCEPTED = sentence`the access token is accepted; no reading was stored`

export const connection = probe({
  operation: emptyBatch,
  params: {},
  says: () => ACCEPTED,
  refusal: { status: 422, says: ACCEPTED },
})

export const pickers = {}
