/**
 * The published part of version 2: the names of its operations. The rest is in a Postman collection that needs an
 * account [S1].
 */

export const DOCS = 'https://cloud-api-docs.v2.senquip.com'

/** Where the sign-in is documented; the base URL is not. */
export const FRAME = 'S1, "Authentication"'

export const ROUTE_UNVERIFIED =
  'Senquip has not published the path and parameters of this call. If it fails, correct its route in the account.'

/** For writes to a device: "accepted and is now queued" is all that is published of status 202 [S1]. */
export const QUEUED = 'Status 202 means that Senquip has queued the change; it does not publish when the device applies it.'
