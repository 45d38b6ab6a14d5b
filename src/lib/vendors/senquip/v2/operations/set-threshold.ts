import { choice, number, operation, text } from '../../../../vocabulary/operation'
import { anything } from '../../../../vocabulary/validation'
import { deviceIdField } from '../../fields'
import { CHANNELS, sideEffects, thresholdConfig } from '../thresholds'
import { DOCS, QUEUED, ROUTE_UNVERIFIED } from '../../sources'

/** Thresholds are settings of the device, so this is `Update Device Config` again [S1]. */
export default operation({
  verb: 'set-alarm',
  title: 'Set thresholds',
  help: `Sets at which values a device warns and raises an alarm. ${QUEUED}`,
  docs: DOCS,
  documented: 'S1, "Example: Client certificates for MQTT": the body of Update Device Config',
  seen: 'S1c, a copy of the setting tables of the user guide',
  unverified: `${ROUTE_UNVERIFIED} Its route is assumed to be that of Update the configuration. The names of the settings are from the user guide. Senquip does not publish whether its API accepts them.`,
  route: 'POST /devices/{deviceId}/config',
  routeOf: 'update-config',
  device: 'deviceId',
  fields: {
    deviceId: deviceIdField,
    channel: choice({
      in: 'none',
      label: 'Channel',
      help: 'Choose the measurement to watch.',
      choices: Object.entries(CHANNELS).map(([value, { label }]) => ({ value, label })),
    }),
    warning: text({
      in: 'none',
      label: 'Warning',
      help: 'Give the threshold of the warning as the Senquip user guide writes it; empty to leave it as it is.',
      required: false,
    }),
    alarm: text({
      in: 'none',
      label: 'Alarm',
      help: 'Give the threshold of the alarm as the Senquip user guide writes it; empty to leave it as it is. For GPS speed, give whole km/h.',
      required: false,
    }),
    hysteresis: number({
      in: 'none',
      label: 'Hysteresis',
      help: 'Give by how much the value must come back before the device can raise another alarm. Motion, pulse count and Modbus channels have no hysteresis.',
      required: false,
      min: 0,
    }),
  },
  prepare(params) {
    thresholdConfig(params)
    return params
  },
  warnings: sideEffects,
  body: (params) => ({ config: thresholdConfig(params) }),
  decode: anything,
})
