import { sequence } from '../../../vocabulary/operation'
import { dataSources, DOCS } from '../fields'
import { measurementPages } from '../measurements'
import { newMeasurements } from '../since'

export default sequence({
  verb: 'get-data',
  title: 'Latest measurements',
  latest: true,
  help: 'The most recent measurement of each data source.',
  docs: DOCS,
  documented: 'R0, "4.3 GET /measurements" and "4.3.1 type"',
  seen: 'R2, live answers',
  route: 'GET /measurements',
  query: { type: 'latest' },
  fields: { dataSources },
  measurements: true,
  run: (caller, params) => measurementPages(caller, params),
  since: { source: [], run: (caller, params, cursor) => newMeasurements(caller, params, cursor) },
})
