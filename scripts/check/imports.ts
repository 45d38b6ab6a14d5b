/** Imports run one way: nodes -> client, vendors -> vocabulary. */
import { importsOf, type Import, type Source } from './sources'

const VENDORS = 'src/lib/vendors/'
const CLIENT = 'src/lib/client/'
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

/** `lib/vendors/*` import neither each other nor the client. Type imports count. */
export const vendorsStandAlone = (sources: readonly Source[]): string[] =>
  objections(sources, ({ path }, { module }) => {
    const own = vendorOf(path)
    if (own === undefined) return undefined
    if (isIn(module, CLIENT)) return 'a vendor knows nothing of the client'
    if (isIn(module, VENDORS) && !isIn(module, `${VENDORS}${own}/`)) return 'a vendor knows no other vendor'
    return undefined
  })

/** The client works for any vendor: it is given one. */
export const clientKnowsNoVendor = (sources: readonly Source[]): string[] =>
  objections(sources, ({ path }, { module }) =>
    path.startsWith(CLIENT) && isIn(module, VENDORS) ? 'the client knows no vendor by name' : undefined,
  )

/** What vendors are written in imports neither them nor the client, but for the type of a budget. */
export const vocabularyIsBelow = (sources: readonly Source[]): string[] =>
  objections(sources, ({ path }, imported) => {
    if (!/^src\/lib\/[^/]+\.ts$/.test(path)) return undefined
    const { module, names, typeOnly } = imported
    if (path === 'src/lib/vendor.ts' && typeOnly && names.join() === 'Budget') return undefined
    return isIn(module, CLIENT) || isIn(module, VENDORS) ? 'the vocabulary lies below client and vendors' : undefined
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
