import { sequence } from '../../../vocabulary/operation'
import { dataSources, DOCS, from, to } from '../fields'
import { measurementPages } from '../measurements'
import { extremesOfRow } from '../readings'

export default sequence({
  verb: 'get-data',
  title: 'Minimum and maximum',
  help: 'The lowest and the highest measurement of each data source in a period, with their times.',
  docs: DOCS,
  documented: 'R0, "4.3 GET /measurements" and "4.3.1 type"',
  unverified: 'Sensorist has not published the property names of this response. Minimum, maximum and their dates are read from likely names; extra.row holds the whole row.',
  routePublished: true,
  route: 'GET /measurements',
  query: { type: 'min_max' },
  fields: { dataSources, from, to },
  measurements: true,
  run: (caller, params) => measurementPages(caller, params, extremesOfRow),
})
