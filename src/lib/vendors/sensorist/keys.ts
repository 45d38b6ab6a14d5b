/**
 * The keys of Sensorist's answers. Those of users, gateways and the latest measurements were seen live [R2]. The others
 * are the names of the document's params, and the names that this package looks for.
 */
const ENVELOPE = ['code', 'max_age', 'time', 'message', 'error']

const LISTS = ['user', 'users', 'gateways', 'measurements', 'alarms', 'logs', 'history', 'callbacks', 'workflow', 'next']

const USER = [
  'id', 'email', 'fname', 'lname', 'country', 'tz', 'temp_unit', 'name',
  'notification_channel', 'notification_type', 'accounts', 'role', 'account', 'provider', 'image_phone',
]

const INVENTORY = [
  'serial', 'title', 'firmware', 'type', 'disconnected_date', 'master_id', 'ipv4', 'local_ipv4', 'devices',
  'current_gateway_id', 'interval', 'subtype', 'precision', 'capability', 'unit',
]

const MEASUREMENT = [
  'date', 'value', 'seq', 'min', 'max', 'avg', 'average', 'rows', 'data_source', 'data_source_id',
  'min_date', 'max_date', 'date_min', 'date_max', 'minDate', 'maxDate',
]

const ALARM = ['alarm', 'direction', 'delay', 'state', 'url', 'operation', 'created', 'result', 'status']

export const ANSWER_KEYS: readonly string[] = [...ENVELOPE, ...LISTS, ...USER, ...INVENTORY, ...MEASUREMENT, ...ALARM]
