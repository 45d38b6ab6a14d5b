import { number, sequence, text } from '../../../vocabulary/operation'
import { dataSources, DOCS, from, to } from '../fields'
import { measurementPages } from '../measurements'
import { newMeasurements } from '../since'

const sequenceNumber = { in: 'query', required: false, integer: true, min: 0 } as const

export default sequence({
  verb: 'get-data',
  title: 'All measurements',
  help: 'Every single measurement of a period, for export. Sensorist gives at most 5,000 in one answer; all pages are read.',
  docs: DOCS,
  documented: 'R0, "4.3 GET /measurements" and "4.3.1 type"',
  unverified: 'Sensorist has not published where "next" stands in an answer: it is looked for beside the measurements and in those of each data source.',
  routePublished: true,
  route: 'GET /measurements',
  query: { type: 'raw' },
  // 5,000 rows of each of many data sources.
  maxResponse: 32 * 1024 * 1024,
  fields: {
    dataSources,
    from,
    to,
    seqFrom: number({
      ...sequenceNumber,
      wire: 'seq_from',
      label: 'From sequence number',
      help: 'First sequence number, instead of a period; each reading has its own under extra.seq',
    }),
    seqTo: number({ ...sequenceNumber, wire: 'seq_to', label: 'To sequence number', help: 'Last sequence number' }),
    offset: text({
      in: 'query',
      label: 'Offset',
      help: 'Where to go on: the "next" of an earlier answer. Leave empty to begin at the first page.',
      required: false,
    }),
  },
  measurements: true,
  run: (caller, params) => measurementPages(caller, params),
  since: {
    source: [],
    run: (caller, params, cursor) =>
      newMeasurements(caller, params, cursor, (seqFrom) => ({ seqFrom, from: undefined, to: undefined, offset: undefined })),
  },
})
