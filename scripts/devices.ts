/** The tables of docs/devices.md: the devices of each vendor, what they send, and where that is written. */
import type { Hardware, DeviceMessage, Product } from '../src/lib/vocabulary/hardware'
import { QUANTITIES, type Reading } from '../src/lib/vocabulary/reading'
import { hardware as senquip } from '../src/lib/vendors/senquip/hardware'
import { hardware as sensocan } from '../src/lib/vendors/sensocan/hardware'
import { hardware as sensorist } from '../src/lib/vendors/sensorist/hardware'
import { hardware as thingsee } from '../src/lib/vendors/thingsee/hardware'
import { table } from './markdown'

/** Of vendors with several versions of an API once. */
export const HARDWARE: readonly Hardware[] = [senquip, sensocan, sensorist, thingsee]

const code = (text: string): string => `\`${text}\``

const sourceCell = ({ source, secondHand }: Product | DeviceMessage): string => (secondHand === true ? `${source}, second-hand` : source)

const productRow = (product: Product): string[] => [
  product.name,
  (product.idsBegin ?? []).map(code).join(', ') || '–',
  (product.messages ?? []).join(', ') || '–',
  sourceCell(product),
]

/** The vendor's name of a value, the common quantity if it is one, and the unit if it has one. */
function channelText({ channel, quantity, unit }: Reading): string {
  const meaning = [...(quantity in QUANTITIES ? [quantity] : []), ...(unit === null ? [] : [unit])].join(' ')
  return meaning === '' ? code(channel) : `${code(channel)} ${meaning}`
}

const messageRow = (message: DeviceMessage): string[] => [message.name, message.readings.map(channelText).join(', '), sourceCell(message)]

/** Columns that say nothing for any row are left out. */
function productTable(products: readonly Product[]): string {
  const rows = products.map(productRow)
  const columns = ['product', 'ids begin with', 'messages ⚠', 'source'].map((title, index) => ({ title, index })).filter(({ index }) => rows.some((row) => row[index] !== '–'))
  return table(columns.map(({ title }) => title), rows.map((row) => columns.map(({ index }) => row[index] ?? '')))
}

function section({ title, remarks, products, messages, sources }: Hardware): string {
  const cited = new Set([...products, ...messages].flatMap(({ source }) => source.split(', ')).concat(remarks.flatMap((text) => text.match(/\b[A-Z]\d[a-z]?\b/g) ?? [])))
  const list = Object.entries(sources).filter(([key]) => cited.has(key)).map(([key, source]) => `- **${key}**: [${source.title}](${source.address})`)
  return [
    `## ${title}`,
    ...(products.length > 0 ? [productTable(products)] : []),
    ...remarks,
    ...(messages.length > 0 ? [table(['message', 'channels', 'source'], messages.map(messageRow))] : []),
    `Sources:\n\n${list.join('\n')}`,
  ].join('\n\n')
}

export const deviceTables = (): string => HARDWARE.map(section).join('\n\n')

/** Sources that are cited and not listed, a line each. */
export const unknownSources = (known: readonly Hardware[] = HARDWARE): string[] =>
  known.flatMap(({ title, products, messages, sources }) =>
    [...products, ...messages].flatMap(({ name, source }) => source.split(', ').flatMap((key) => (key in sources ? [] : [`${title}, ${name}: cites ${key}, and the sources lack it`]))),
  )
