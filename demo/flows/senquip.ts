/** Senquip, both versions of its API. */
import type { Simulator } from '../../test/simulator'
import { SHARED, Tab, account, fixed, fromMessage, tab, whole, type Flow } from './kit'

const INFO = `Every 12 seconds the latest datapoint of one device is read.
Once at the start the last quarter of an hour is read too, so that the chart is not empty: that message carries
another number of datapoints, and the node takes the number from msg.datapoints because its param says so.

The Output is "values": one message for each value, as gauges and charts take it. They go to the Dashboard tab.`

export function senquip({ urls, credentials }: Simulator): Flow {
  const id = 'senquip'
  const on = new Tab(id)
  return {
    nodes: [
      tab(id, 'Senquip'),
      // The simulated account has nine Hosted devices, which makes its budget.
      account('senquip-cloud', 'senquip-account', 'Simulated Senquip', { baseUrl: urls.senquip, hostedDevices: '9' }),
      on.comment('about', [0, 0], 'Senquip: data of a device', INFO),
      on.inject('history', [0, 1], 'last 15 minutes', { after: 4 }, ['data'], { datapoints: whole(180), history: fixed('yes') }),
      on.inject('live', [0, 2], 'every 12 seconds', { after: 1, every: 12 }, ['data'], { datapoints: whole(1) }),
      on.getData('data', [1, 1.5], {
        name: 'cold room', vendor: 'senquip', account: 'senquip-cloud', operation: 'device-data',
        params: { deviceId: fixed('JDA54E19F'), datapoints: fromMessage('datapoints') },
      }, ['values']),
      on.linkOut('values', [2, 1.5], 'values', SHARED.values),
      ...on.errors(4),
    ],
    credentials: { 'senquip-cloud': { ...credentials.senquip } },
  }
}

const INFO_V1 = `The first version of Senquip's API signs in with a client id and a client secret; the node fetches the token by itself
and a new one before it ends. What comes out has the same shape as that of every other cloud.`

export function senquipV1({ urls, credentials }: Simulator): Flow {
  const id = 'senquip-v1'
  const on = new Tab(id)
  const settings = { tokenUrl: urls.senquipV1.token, endpointUrl: urls.senquipV1.endpoint, authorization: 'bearer' }
  return {
    nodes: [
      tab(id, 'Senquip (API v1)'),
      account('senquip-v1-cloud', 'senquip-v1-account', 'Simulated Senquip, API v1', settings),
      on.comment('about', [0, 0], 'Senquip, first version of the API', INFO_V1),
      on.inject('history', [0, 1], 'last 15 minutes', { after: 4 }, ['data'], { datapoints: whole(180), history: fixed('yes') }),
      on.inject('live', [0, 2], 'every 10 seconds', { after: 1.2, every: 10 }, ['data'], { datapoints: whole(1) }),
      on.getData('data', [1, 1.5], {
        name: 'machine 4', vendor: 'senquip-v1', account: 'senquip-v1-cloud', operation: 'device-data',
        params: { deviceId: fixed('SIMHOST04'), datapoints: fromMessage('datapoints') },
      }, ['values']),
      on.linkOut('values', [2, 1.5], 'values', SHARED.values),
      ...on.errors(4),
    ],
    credentials: { 'senquip-v1-cloud': { ...credentials.senquipV1 } },
  }
}
