import { number, sequence } from '../../../vocabulary/operation'
import { dataSources, DOCS, from, to } from '../fields'
import { measurementPages } from '../measurements'

export default sequence({
  verb: 'get-data',
  title: 'Measurements in groups',
  help: 'Averages with minimum and maximum over equal steps of a period, for charts.',
  docs: DOCS,
  route: 'GET /measurements',
  query: { type: 'range' },
  fields: {
    dataSources,
    from,
    to,
    ticks: number({
      in: 'query',
      label: 'Points',
      help: 'About how many points the chart needs; leave empty to let Sensorist choose the step',
      required: false,
      integer: true,
      min: 1,
    }),
    interval: number({
      in: 'query',
      label: 'Step',
      help: 'Minutes in each group, instead of a number of points',
      required: false,
      integer: true,
      min: 1,
    }),
  },
  measurements: true,
  run: (caller, params) => measurementPages(caller, params),
})
