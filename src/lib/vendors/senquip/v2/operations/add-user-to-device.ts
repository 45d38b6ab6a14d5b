import * as v from 'valibot'
import { formText, sentence } from '../../../../base/sentence'
import { FieldError } from '../../../../vocabulary/validation'
import { operation, text } from '../../../../vocabulary/operation'
import { deviceIdField } from '../../fields'
import { DOCS, ROUTE_UNVERIFIED } from '../../sources'

const SETUP_PASSWORD = 'Setup password'

/** A device that belongs to an account already asks for its setup password: "Password Required" [S1]. */
export const PASSWORD_REQUIRED =
  sentence`"${formText(SETUP_PASSWORD)}" is missing: the device already belongs to an account, so give the setup password of the device`

const withMessage = v.looseObject({ message: v.string() })

/** With which status the words come is not published. */
export function asksForPassword(body: unknown): boolean {
  const words = v.is(withMessage, body) ? body.message : body
  return typeof words === 'string' && /password\s+required/i.test(words)
}

/** `Add a User to a Device` [S1]; the same call registers a new device. */
export default operation({
  verb: 'register-device',
  title: 'Register a device',
  help: 'Adds a new device to your account, or adds you to an existing device.',
  docs: DOCS,
  documented: 'S1, "Example: Add / Register a new device": the name of the call, its body and "Password Required"',
  unverified: ROUTE_UNVERIFIED,
  route: 'POST /devices/{deviceId}/users',
  device: 'deviceId',
  fields: {
    deviceId: deviceIdField,
    groupId: text({
      in: 'body',
      wire: 'groupid',
      label: 'Group id',
      help: 'Give the id of the group for the device; a group id or a group name is recommended.',
      required: false,
    }),
    groupName: text({
      in: 'body',
      label: 'Group name',
      help: 'Give the name of the group for the device, if you do not know the group id.',
      required: false,
    }),
    setupPassword: text({
      in: 'body',
      label: SETUP_PASSWORD,
      help: 'Give the setup password of the device, if the device already belongs to an account.',
      required: false,
      secret: true,
    }),
  },
  decode(body) {
    if (asksForPassword(body)) throw new FieldError(PASSWORD_REQUIRED)
    return body
  },
})
