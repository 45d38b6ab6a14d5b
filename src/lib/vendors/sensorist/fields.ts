/** Fields that several operations share. */
import { isoSeconds } from '../../time'
import { list, time } from '../../spec'

export const DOCS = 'https://api.sensorist.com/'

const ID = { pattern: '\\d+', patternHint: 'a whole number' } as const

export const dataSources = list({
  in: 'query',
  wire: 'data_sources',
  label: 'Data sources',
  help: 'Give one or more data source ids, comma-separated; the gateways operation lists them. They may belong to several gateways.',
  pick: 'data-sources',
  placeholder: '220200, 220201',
  ...ID,
})

export const from = time({
  in: 'query',
  wireAs: isoSeconds,
  label: 'From',
  help: 'Begin of the period; a week ago when empty',
  required: false,
})

export const to = time({ in: 'query', wireAs: isoSeconds, label: 'To', help: 'End of the period; now when empty', required: false })

export const idList = (wire: string, label: string, help: string, pick: string) =>
  list({ in: 'query', wire, label, help, pick, required: false, ...ID })
