import { anything, ParamError } from '../../../../vocabulary/validation'
import { sentence } from '../../../../base/sentence'
import { file, operation, text } from '../../../../vocabulary/operation'
import { deviceIdField } from '../../fields'
import { DOCS, ROUTE_UNVERIFIED } from '../../sources'

/** `Load File onto Device` [S1]: one call for each file. */
export default operation({
  verb: 'send-command',
  title: 'Load a file onto a device',
  help: 'Puts one file onto a device, such as a certificate for MQTT. Send each file with its own message.',
  docs: DOCS,
  documented: 'S1, "Example: Client certificates for MQTT": the name of the call and the names of files',
  unverified: `${ROUTE_UNVERIFIED} How the file is sent is not published either. It is sent as plain bytes, unless its route says otherwise.`,
  route: 'POST /devices/{deviceId}/files/{fileName}',
  device: 'deviceId',
  fields: {
    deviceId: deviceIdField,
    fileName: text({
      in: 'path',
      label: 'File name',
      help: 'Give the name that the file has on the device: mqtt_client.key, mqtt_client.crt or mqtt_ca.pem for MQTT.',
      placeholder: 'mqtt_client.crt',
      suggestions: ['mqtt_client.key', 'mqtt_client.crt', 'mqtt_ca.pem'],
      pattern: '[^\\/\\\\]+',
      patternHint: 'a file name without a path, such as mqtt_client.crt',
    }),
    file: file({ in: 'none', label: 'File', help: 'Give the content of the file as a Buffer or as text.' }),
  },
  prepare(params) {
    if (params.file.length === 0) throw new ParamError((label) => sentence`"${label('file')}" is empty; give the content of the file`)
    return params
  },
  body: (params) => params.file,
  decode: anything,
})
