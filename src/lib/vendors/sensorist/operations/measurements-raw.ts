import { number, sequence, text } from '../../../vocabulary/operation'
import { dataSources, DOCS, from, to } from '../fields'
import { measurementPages } from '../measurements'
import { newMeasurements } from '../since'

const sequenceNumber = { in: 'query', required: false, integer: true, min: 0 } as const

export default sequence({
  verb: 'get-data',
  title: 'All measurements',
  help: 'Every single measurement of a period, for export. Sensorist returns at most 5,000 in one response; all pages are read.',
  docs: DOCS,
  documented: 'R0, "4.3 GET /measurements" and "4.3.1 type"',
  unverified: 'Sensorist has not published the place of "next" in a response. It is read from beside the measurements and from those of each data source.',
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
      help: 'First sequence number, instead of a period. Each reading has its number in extra.seq',
    }),
    seqTo: number({ ...sequenceNumber, wire: 'seq_to', label: 'To sequence number', help: 'Last sequence number' }),
    offset: text({
      in: 'query',
      label: 'Offset',
      help: 'The page to continue from: "next" of an earlier response. Leave it empty to begin at the first page.',
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
