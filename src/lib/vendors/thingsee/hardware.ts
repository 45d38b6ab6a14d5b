/** The products of Haltian Thingsee and what their messages hold, for docs/devices.md [H2 to H9]. */
import type { DeviceMessage, Hardware } from '../../vocabulary/hardware'
import { CATALOGUE } from './catalogue'
import { readingsOfMessages } from './messages'
import { SOURCES } from './index'

const H7 = { title: 'Older message specifications', address: 'https://support.haltian.com/api/thingsee-messages/profile13/' }

/** The channels of the messages that measure something, by tsmId. What a property means stands in the catalogue. */
const CHANNELS: readonly (readonly [tsmId: number, source: string, channels: readonly string[]])[] = [
  [1110, 'H2, H3', ['batl', 'chrg']],
  [1111, 'H2', ['accx', 'accy', 'accz']],
  [1112, 'H2', ['uptime']],
  [1113, 'H5', ['temp']],
  [1210, 'H2', ['lat', 'lon', 'lacr']],
  [1211, 'H2', ['cellRsrp', 'cellRsrq', 'cellSinr', 'cellRssi', 'cellRscp', 'cellEcn0']],
  [2100, 'H2', ['state']],
  [2101, 'H2', ['state']],
  [12100, 'H2, H3, H7', ['temp', 'humd', 'airp', 'lght']],
  [12101, 'H2', ['hall', 'hallCount']],
  [12102, 'H2, H3', ['resistance']],
  [13100, 'H2', ['moveCount']],
  [13101, 'H7', ['temp']],
  [13102, 'H2', ['count', 'duration']],
  [13103, 'H4, H6', ['in', 'out', 'totalIn', 'totalOut', 'amountIn']],
  [16100, 'H2', ['activityLevel', 'energyLevel']],
  [17100, 'H2', ['dist']],
  [17200, 'H2', ['dist', 'ambientRate', 'numberOfSPADs', 'signalPerSPAD']],
  [17201, 'H2', ['dist']],
  [17210, 'H2', ['temp']],
  [18100, 'H2', ['angle']],
  [18101, 'H2', ['temp']],
  [24100, 'H2', ['carbonDioxide']],
  [24101, 'H2', ['tvoc']],
  [25100, 'H4', ['usbState']],
  [28009, 'H3', ['state', 'dist', 'echo']],
]

const nameOf = (tsmId: number): string => `${tsmId} ${CATALOGUE[tsmId]?.name ?? ''}`

const messages: DeviceMessage[] = CHANNELS.map(([tsmId, source, channels]) => ({
  name: nameOf(tsmId),
  source,
  readings: readingsOfMessages([{ tsmId, tsmTs: 0, ...Object.fromEntries(channels.map((channel) => [channel, 1])) }], { tuid: '', receivedAt: 0 }),
}))

export const hardware: Hardware = {
  title: 'Haltian Thingsee',
  remarks: [
    'The first six characters of a tuid name the product. `XXXX` and two digits are research devices.',
    'A message may hold fewer channels than its row: one about a crossed threshold has only what changed.',
  ],
  products: [
    { name: 'ENVIRONMENT', idsBegin: ['TSPD01', 'TSPD02', 'TSPD03', 'TSPD04', 'TSEN01'], messages: [12100, 12101].map(nameOf), source: 'H2, H4' },
    { name: 'RUGGED', idsBegin: ['TSPD05', 'TSRU01', 'TSRU02'], source: 'H2, H4' },
    { name: 'PRESENCE', idsBegin: ['TSPR01', 'TSPR02', 'TSPR03', 'TSPR04'], messages: [2100, 13100, 13101, 13102].map(nameOf), source: 'H2, H4' },
    { name: 'DISTANCE', idsBegin: ['TSTF01', 'TSTF02'], messages: [17100, 17200].map(nameOf), source: 'H2, H4' },
    { name: 'BEAM', idsBegin: ['TSTF04'], source: 'H2, H4' },
    { name: 'LEAKAGE', idsBegin: ['TSLK01', 'TSLK02'], messages: [nameOf(12102)], source: 'H2, H4' },
    { name: 'AIR', idsBegin: ['TSAR01', 'TSAR02'], messages: [24100, 24101].map(nameOf), source: 'H2, H4' },
    { name: 'ANGLE', idsBegin: ['TSAN01'], messages: [nameOf(18100)], source: 'H2, H4' },
    { name: 'COUNT', idsBegin: ['TSAP01'], messages: [nameOf(13103)], source: 'H2, H4' },
    { name: 'Gateways', idsBegin: ['TSGW01', 'TSGW02', 'TSGW03', 'TSGW04', 'TSGW05', 'TSGW06'], messages: [1210, 1211].map(nameOf), source: 'H2, H4' },
  ],
  messages,
  sources: { ...SOURCES, H7 },
}
