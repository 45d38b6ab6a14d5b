import type { Capture } from '../capture'

const TUID = 'TSPD04ESY93100802'
const row = (quantity: string, value: number | string, unit: string | null) => ({ device: TUID, quantity, value, unit, timestamp: 1586952604000 })

export const captures: readonly Capture[] = [
  {
    vendor: 'thingsee',
    operation: 'thing',
    params: { tuid: TUID },
    source: 'H0',
    body: { data: { battery_level: 86, timestamp: 1586952604, location: { lat: 65.01, lon: 25.52 }, gateway_tuid: 'XXXX00X1O73360355', version: '2019.11.15.2_ts_pod3wp34' } },
    readings: [
      row('battery', 86, '%'),
      row('latitude', 65.01, '°'),
      row('longitude', 25.52, '°'),
      row('gateway_tuid', 'XXXX00X1O73360355', null),
      row('version', '2019.11.15.2_ts_pod3wp34', null),
    ],
  },
]
