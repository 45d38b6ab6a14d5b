/** The sources that this vendor's evidence cites. */
import type { Source } from '../../vocabulary/vendor'
import { DOCS } from './fields'

export const SOURCES: Readonly<Record<string, Source>> = {
  R0: { title: 'REST API documentation, version 1.15 of 5 January 2017', address: DOCS },
  R1: { title: 'REST API documentation, version 1.20 of 12 November 2023: only its first part was read', address: DOCS },
  R2: {
    title: 'A third party\'s integration, with live answers captured on 13 September 2026',
    address: 'https://github.com/Strandgaard96/homeassistant-sensorist',
  },
  R4: { title: 'A third party\'s data source for charts', address: 'https://github.com/bfritscher/grafana-sensorist-datasource' },
}
