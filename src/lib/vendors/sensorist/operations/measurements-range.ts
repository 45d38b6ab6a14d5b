import { sentence } from '../../../base/sentence'
import { number, sequence } from '../../../vocabulary/operation'
import { ParamError } from '../../../vocabulary/validation'
import { dataSources, DOCS, from, to } from '../fields'
import { measurementPages } from '../measurements'

export default sequence({
  verb: 'get-data',
  title: 'Measurements in groups',
  help: 'Averages with minimum and maximum over equal steps of a period, for charts.',
  docs: DOCS,
  documented: 'R0, "4.3 GET /measurements" and "4.3.1 type"',
  seen: 'R4 reads the date and value of each row',
  unverified: 'Sensorist has not published the property names of this response. "value" is read as the average of a group, and "min" and "max" from the same object.',
  routePublished: true,
  route: 'GET /measurements',
  query: { type: 'range' },
  fields: {
    dataSources,
    from,
    to,
    ticks: number({
      in: 'query',
      label: 'Points',
      help: 'Give the approximate number of points, or a step instead. If both are empty, Sensorist chooses the step.',
      required: false,
      integer: true,
      min: 1,
    }),
    interval: number({
      in: 'query',
      label: 'Step (min)',
      help: 'Give the length of each group, instead of Points.',
      required: false,
      integer: true,
      min: 1,
    }),
  },
  measurements: true,
  run(caller, params) {
    // The document has "ticks or interval"; which of both would count is not published.
    if (params.ticks !== undefined && params.interval !== undefined)
      throw new ParamError((label) => sentence`"${label('ticks')}" and "${label('interval')}" cannot be used together; leave one of them empty`)
    return measurementPages(caller, params)
  },
})
