import { FieldError } from '../../../../vocabulary/validation'
import { operation, text } from '../../../../vocabulary/operation'
import { deviceIdField } from '../../message'
import { asksForPassword, PASSWORD_REQUIRED } from '../setup-password'
import { ROUTE_UNVERIFIED } from '../unverified'

/** `Add a User to a Device` [S1]; the same call registers a new device. */
export default operation({
  verb: 'register-device',
  title: 'Register a device',
  help: 'Adds a new device to your account, or you to a device that exists.',
  docs: 'https://cloud-api-docs.v2.senquip.com',
  unverified: ROUTE_UNVERIFIED,
  route: 'POST /devices/{deviceId}/users',
  device: 'deviceId',
  fields: {
    deviceId: deviceIdField,
    groupId: text({
      in: 'body',
      wire: 'groupid',
      label: 'Group id',
      help: 'Give the id of the group that the device is to be in; a group id or a group name is recommended.',
      required: false,
    }),
    groupName: text({
      in: 'body',
      label: 'Group name',
      help: 'Give the name of the group that the device is to be in, when you do not know its id.',
      required: false,
    }),
    setupPassword: text({
      in: 'body',
      label: 'Setup password',
      help: 'Give the setup password of the device, when it belongs to an account already.',
      required: false,
      secret: true,
    }),
  },
  decode(body) {
    if (asksForPassword(body)) throw new FieldError(PASSWORD_REQUIRED)
    return body
  },
})
