/** Sensors are watched gateway by gateway: one request reads the latest measurements of all its data sources. */
import { list, sequence, text } from '../../vocabulary/operation'
import type { WatchedPlace, WatchPlan } from '../../vocabulary/vendor'
import { dataSources } from './fields'
import { inventory, loadDataSources } from './inventory'
import { measurementPages } from './measurements'

const sensors = sequence({
  verb: 'get-data',
  title: 'Sensors',
  route: 'GET /gateways',
  measurements: false,
  fields: {},
  async *run(caller) {
    const { gateways } = await caller.call(inventory, {})
    const places: WatchedPlace[] = gateways.flatMap(({ id: device, devices }) => devices.map(({ id: sensor }) => ({ device, sensor })))
    yield { data: places }
  },
})

const latestOfGateway = sequence({
  verb: 'get-data',
  title: 'Latest measurements of a gateway',
  latest: true,
  route: 'GET /measurements',
  query: { type: 'latest' },
  measurements: true,
  fields: { gateway: text({ in: 'none', label: 'Gateway' }), dataSources: list({ ...dataSources, required: false }) },
  async *run(caller, { gateway }) {
    const ids = [...(await loadDataSources(caller)).values()].filter((source) => source.gateway === gateway).map(({ id }) => id)
    yield* measurementPages({ ...caller, send: (params, query) => caller.send(params, query) }, { dataSources: ids })
  },
})

export const watchedGateways: WatchPlan = {
  pick: 'gateways',
  hasSensors: true,
  list: sensors,
  read: latestOfGateway,
  params: (gateway) => ({ gateway }),
}
