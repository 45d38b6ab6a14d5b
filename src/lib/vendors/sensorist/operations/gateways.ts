import { boolean, list, operation, time } from '../../../vocabulary/operation'
import { isoSeconds } from '../../../base/time'
import { DOCS } from '../fields'
import { namesOf } from '../inventory'
import { readGateways, readInventory } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Gateways, sensors and data sources',
  help: 'The inventory: each gateway with its sensors, and each sensor with its data sources.',
  docs: DOCS,
  documented: 'R0, "4.2 GET /gateways"',
  seen: 'R2, live answers',
  route: 'GET /gateways',
  fields: {
    serials: list({
      in: 'query',
      label: 'Serial numbers',
      help: 'Only gateways with these serial numbers, comma-separated',
      pick: 'gateway-serials',
      required: false,
    }),
    from: time({ in: 'query', wireAs: isoSeconds, label: 'Added after', placeholder: '-7d', help: 'Only gateways added after this time', required: false }),
    withSlaves: boolean({
      in: 'query',
      wire: 'with_slaves',
      label: 'With slave gateways',
      help: 'Whether to list slave gateways too',
      required: false,
    }),
  },
  decode: readGateways,
  names: (gateways) => namesOf(readInventory(gateways)),
})
