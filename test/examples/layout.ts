/** Where the editor of Node-RED draws the nodes of an example, estimated without a browser. */
import { operationOf, type FlowNode } from './flows'

/** Width of Helvetica's letters in thousandths of the font size; the others have 556. */
const LETTERS: readonly (readonly [letters: string, width: number])[] = [
  ["ijl'|", 222], ['ftI.,:;/ ![]', 278], ['r-()', 333], ['ckvsxyzJ', 500], ['wCDHNRU', 722], ['mM', 833], ['W', 944], ['ABEKPSVXY', 667], ['GOQ', 778], ['FTZ', 611],
]
/** Pixels. */
const FONT_SIZE = 14
/** Fonts of other systems are up to so much wider. */
const WIDEST_FONT = 1.15
const GRID = 20
const ICON = 50
const INPUT_PORT = 7
const NARROWEST = 100
/** The button of an inject or debug node, beside it. */
const BUTTON = 30

const letterWidth = (letter: string): number => (LETTERS.find(([letters]) => letters.includes(letter))?.[1] ?? 556) / 1000

function labelOf(node: FlowNode, flow: readonly FlowNode[]): string {
  if (typeof node['dname'] === 'string') return node['dname']
  if (typeof node['name'] === 'string' && node['name'] !== '') return node['name']
  if (node.type === 'catch') return `catch: ${String((node['scope'] as string[]).length)}`
  if (!node.type.startsWith('sensor-cloud-')) return node.type
  const account = flow.find(({ id }) => Object.entries(node).some(([key, value]) => key.startsWith('account') && value === id))
  return `${String(account?.['name'])}: ${node['operation'] ? operationOf(node).title : 'events'}`
}

/** The rule of Node-RED 4: text, icon and input port, in steps of the grid. */
function widthOf(node: FlowNode, flow: readonly FlowNode[]): number {
  const text = Array.from(labelOf(node, flow)).reduce((sum, letter) => sum + letterWidth(letter) * FONT_SIZE * WIDEST_FONT, 0)
  return Math.max(NARROWEST, GRID * Math.ceil((text + ICON + INPUT_PORT) / GRID))
}

export interface Extent {
  name: string
  left: number
  right: number
  y: number
}

/** The nodes on the canvas with their buttons. */
export const extentsOf = (flow: readonly FlowNode[]): Extent[] =>
  flow.filter(({ x }) => typeof x === 'number').map((node) => {
    const half = widthOf(node, flow) / 2
    const [x, y] = [node['x'] as number, node['y'] as number]
    return { name: labelOf(node, flow), left: x - half - (node.type === 'inject' ? BUTTON : 0), right: x + half + (node.type === 'debug' ? BUTTON : 0), y }
  })
