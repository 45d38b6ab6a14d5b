/** The sources that the evidence of both versions cites. */
import type { Source } from '../../vocabulary/vendor'

export const S0: Source = { title: 'Senquip Cloud API documentation, version 1', address: 'https://docs.senquip.com/api/v1/' }

export const S0b: Source = { title: 'A later text of the same page, which asks for a Hosted plan', address: S0.address }

/** It names operations; their paths stand in a collection that needs an account. */
export const S1: Source = {
  title: 'Senquip Cloud API documentation, version 2: the description of its Postman collection',
  address: 'https://cloud-api-docs.v2.senquip.com/view/metadata/2sAXxWYoWa',
}

export const S1a: Source = {
  title: 'Scripting guide, appendix: example and keys of the message of a device',
  address: 'https://docs.senquip.com/scripting_guide/SFW003/chapters/appendix.html',
}

export const S1c: Source = {
  title: 'A third party\'s integration over MQTT, with real messages of devices and a copy of the user guide\'s setting tables',
  address: 'https://github.com/maeneak/senquip-ha',
}

export const DOCS = 'https://cloud-api-docs.v2.senquip.com'

/** Where the sign-in is documented; the base URL is not. */
export const FRAME = 'S1, "Authentication"'

export const ROUTE_UNVERIFIED =
  'Senquip has not published the path and parameters of this call. If it fails, correct its route in the account.'

/** For writes to a device: "accepted and is now queued" is all that is published of status 202 [S1]. */
export const QUEUED = 'Status 202 means that Senquip has queued the change; it does not publish when the device applies it.'
