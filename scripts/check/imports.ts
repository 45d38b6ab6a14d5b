/** What may not be imported beside the order of the rooms: other vendors, Node-RED, and by the simulator the package. */
import { importsOf, type Import, type Source } from './sources'

const VENDORS = 'src/lib/vendors/'
const NODES = 'src/nodes/'

const isIn = (module: string, folder: string): boolean => `${module}/`.startsWith(folder)

/** The vendor whose folder a path lies in. */
function vendorOf(path: string): string | undefined {
  const [vendor, ...rest] = path.startsWith(VENDORS) ? path.slice(VENDORS.length).split('/') : []
  return rest.length > 0 ? vendor : undefined
}

/** All imports that a rule objects to, as sentences. */
function objections(sources: readonly Source[], isBad: (source: Source, imported: Import) => string | undefined): string[] {
  return sources.flatMap((source) =>
    importsOf(source).flatMap((imported) => {
      const reason = isBad(source, imported)
      return reason === undefined ? [] : [`${imported.place} imports ${imported.module}: ${reason}`]
    }),
  )
}

/** A vendor imports no other vendor, type imports included; versions of one family share its folder. */
export const vendorsStandAlone = (sources: readonly Source[]): string[] =>
  objections(sources, ({ path }, { module }) => {
    const own = vendorOf(path)
    if (own === undefined) return undefined
    if (isIn(module, VENDORS) && !isIn(module, `${VENDORS}${own}/`)) return 'a vendor knows no other vendor'
    return undefined
  })

/** `lib` is usable without Node-RED. */
export const libKnowsNoNodeRed = (sources: readonly Source[]): string[] =>
  objections(sources, ({ path }, { module }) =>
    path.startsWith('src/lib/') && (isIn(module, NODES) || /^(@node-red\/|node-red(-|\/|$))/.test(module))
      ? 'lib knows nothing of Node-RED'
      : undefined,
  )

/** A simulator that shares the client's mistakes proves nothing. */
export const simulatorStandsAlone = (sources: readonly Source[]): string[] =>
  objections(sources, ({ path }, { module }) =>
    path.startsWith('test/simulator/') && !path.endsWith('.test.ts') && isIn(module, 'src/')
      ? 'the simulator is written from the texts of the vendors, and shares nothing with what it tests'
      : undefined,
  )
