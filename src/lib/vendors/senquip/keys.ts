/**
 * The keys of Senquip's answers: those of a device's message [S1a, S1c], and those of lists and errors [S1]. Nothing
 * tells the keys of a list of devices. Those are the likely ones that this package looks for.
 */
const MESSAGE = [
  'deviceid', 'ts', 'time',
  'vsys', 'vin', 'vbat', 'vreg', 'ambient', 'light', 'pressure',
  'accel_x', 'accel_y', 'accel_z', 'pitch', 'roll', 'angle', 'motion',
  'gps_lat', 'gps_lon', 'gps_speed', 'wifi_ip', 'wifi_rssi', 'state', 'movement_hrs',
  // Inputs are numbered.
  'analog#', 'capture#', 'cp#', 'current#', 'digital#', 'duty#', 'freq#', 'mod#', 'pulse#', 'pulse_delta#', 'tc#',
  // A CAN frame, and an event.
  'can#', 'id', 'data', 'events', 'topic', 'msg', 'lv',
]

const LISTS = [
  'devices', 'datapoints',
  'deviceId', 'device_id', 'name', 'deviceName', 'device_name',
  'groupid', 'groupName',
  'plan', 'subscription',
]

const OTHERS = ['message', 'error', 'error_description', 'apiRequestsRemaining']

export const ANSWER_KEYS: readonly string[] = [...MESSAGE, ...LISTS, ...OTHERS]
