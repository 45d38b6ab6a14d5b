/** What the vendor publishes of version 2: the names of its operations. The rest stands in a Postman collection that needs an account [S1]. */

export const DOCS = 'https://cloud-api-docs.v2.senquip.com'

export const ROUTE_UNVERIFIED =
  'Senquip has not published the path and parameters of this call: if it fails, correct its route in the account.'

/** For writes to a device: "accepted and is now queued" (202) is all that is published of what becomes of them [S1]. */
export const QUEUED = 'With status 202 Senquip has queued the change. When the device applies it is not published.'
