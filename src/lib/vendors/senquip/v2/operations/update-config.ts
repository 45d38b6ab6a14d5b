import { anything, ParamError } from '../../../../vocabulary/validation'
import { sentence } from '../../../../base/sentence'
import { json, operation } from '../../../../vocabulary/operation'
import { deviceIdField } from '../../fields'
import { DOCS, QUEUED, ROUTE_UNVERIFIED } from '../../sources'

/** `Update Device Config` [S1]. */
export default operation({
  verb: 'send-command',
  title: 'Update the configuration',
  help: `Changes settings of a device. ${QUEUED}`,
  docs: DOCS,
  documented: 'S1, "Example: Client certificates for MQTT": the name of the call and its body',
  unverified: ROUTE_UNVERIFIED,
  route: 'POST /devices/{deviceId}/config',
  device: 'deviceId',
  fields: {
    deviceId: deviceIdField,
    config: json({
      in: 'body',
      label: 'Configuration',
      help: 'Give only the settings to change, nested as in {"ambient": {"interval": 1}}.',
      placeholder: '{"ambient": {"interval": 1}}',
      shape: 'object',
    }),
  },
  prepare: (params) => ({ ...params, config: settingsOf(params.config as Readonly<Record<string, unknown>>) }),
  decode: anything,
})

/** The vendor's example shows the whole body, so its outer key `config` is often copied too. */
function settingsOf(config: Readonly<Record<string, unknown>>): unknown {
  const keys = Object.keys(config)
  if (keys.length === 0) throw new ParamError((label) => sentence`"${label('config')}" is empty; give at least one setting`)
  const inner = config.config
  return keys.length === 1 && typeof inner === 'object' && inner !== null ? inner : config
}
