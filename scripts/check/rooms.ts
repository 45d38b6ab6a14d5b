/**
 * The rooms of the house, lowest first: a room imports from those before it, and only what they offer.
 * Type imports count: they tie two files together as much as any other.
 */
import { importsOf, type Source } from './sources'

export interface Room {
  /** Folder from the package's root. Folders in it belong to it, unless they are rooms themselves. */
  folder: string
  /** What happens in it, for docs/architecture.md. */
  purpose: string
  /** Its files that other rooms may import, without extension; `index` for the folder itself, `*` for all of them. */
  offers: readonly string[] | '*'
}

export const ROOMS: readonly Room[] = [
  {
    folder: 'src/lib/base',
    purpose: 'clock, timers, deadlines, abort signals, sentences, errors, redaction, time formats',
    offers: '*',
  },
  {
    folder: 'src/lib/vocabulary',
    purpose: 'what vendors are written in: fields and their validation, operations, budgets, readings, events, response shapes',
    offers: '*',
  },
  {
    folder: 'src/lib/shapes',
    purpose: 'readings as dashboards, databases and files take them',
    offers: ['index'],
  },
  {
    folder: 'src/lib/store',
    purpose: 'where data survives a restart: one interface, embedded files or Redis',
    offers: ['redis/address', 'shared-stores', 'store'],
  },
  {
    folder: 'src/lib/incremental',
    purpose: 'reading only what is new: cursors and the memory of known events',
    offers: ['cursor', 'event-memory', 'saved-cursors'],
  },
  {
    folder: 'src/lib/vendors',
    purpose: 'one folder a vendor: operations, decoding, authentication, limits',
    offers: ['index'],
  },
  {
    folder: 'src/lib/limiter',
    purpose: 'one process: queue, sliding and calendar windows, jitter allowance, circuit breaker',
    offers: ['calendar-window', 'circuit-breaker', 'limiter', 'window'],
  },
  {
    folder: 'src/lib/http',
    purpose: 'one request: encoding, axios instance and adapter, sockets, proxy, responses, retry policy',
    offers: ['base-url', 'proxy', 'request', 'response', 'retry-policy', 'route', 'transport'],
  },
  {
    folder: 'src/lib/cache',
    purpose: 'answers that are still fresh, in memory and encrypted in the store',
    offers: ['encrypted-store', 'persistent-cache', 'response-cache'],
  },
  {
    folder: 'src/lib/auth',
    purpose: 'headers that prove who sends a request, and the token request',
    offers: ['authorizer', 'token-request'],
  },
  {
    folder: 'src/lib/quota',
    purpose: 'beyond the process: admission joins the limiter with saved counts, distributed limits and the device count',
    offers: ['account-event', 'admission', 'device-count', 'distributed-limits', 'saved-counts'],
  },
  {
    folder: 'src/lib/client',
    purpose: 'accounts, their shared client, one call of an operation, the names of devices, and the journal of requests',
    offers: ['account', 'call', 'client', 'diagnostics', 'pool', 'probe', 'reading-notice', 'request-journal', 'webhook-registrations'],
  },
  {
    folder: 'src/lib/watch',
    purpose: 'what is found in readings: sensors that fall silent, batteries that run low, devices that are gone',
    offers: ['battery', 'devices', 'silence-watch', 'watch', 'watcher'],
  },
  {
    folder: 'src/lib/field-check',
    purpose: 'trying each read of an account once, and a report of what came without secrets, ids, names and values',
    offers: ['command', 'report', 'run'],
  },
  {
    folder: 'src/lib/outbox',
    purpose: 'readings on their way to a vendor: on disk, in order, acknowledged',
    offers: ['delivery', 'item', 'outbox'],
  },
  {
    folder: 'src/lib/library',
    purpose: 'the client of programs without Node-RED',
    offers: ['library-client', 'vendor-types'],
  },
  {
    folder: 'src/lib',
    purpose: 'what programs import: createClient, its types and ApiError',
    offers: ['index'],
  },
  {
    folder: 'src/nodes/runtime',
    purpose: 'what all nodes share at run time: node types, defaults, migrations, language',
    offers: ['deployed', 'language', 'migrations', 'migrations/migrate', 'migrations/typed-params', 'node-property', 'node-types', 'overview', 'shared-with-forms', 'text-store'],
  },
  {
    folder: 'src/nodes/editor',
    purpose: 'what all forms share: loading, param rows, pickers, the editor platform',
    offers: '*',
  },
  {
    folder: 'src/nodes/stores/form',
    purpose: 'the form of a store',
    offers: ['store-help'],
  },
  {
    folder: 'src/nodes/accounts/form',
    purpose: 'the form of an account',
    offers: ['account-help', 'usage'],
  },
  {
    folder: 'src/nodes/actions/form',
    purpose: 'the form of the action nodes',
    offers: ['action-help'],
  },
  {
    folder: 'src/nodes/events/form',
    purpose: 'the form of the event node',
    offers: ['event-help'],
  },
  {
    folder: 'src/nodes/admin/form',
    purpose: 'the sidebar with all accounts and what is wrong with them',
    offers: [],
  },
  {
    folder: 'src/nodes/stores',
    purpose: 'the config node of a store',
    offers: ['account-store', 'properties', 'store-node'],
  },
  {
    folder: 'src/nodes/accounts',
    purpose: 'the config node of an account, and its outbox',
    offers: ['account-node', 'properties'],
  },
  {
    folder: 'src/nodes/actions',
    purpose: 'the five action nodes',
    offers: ['action-node', 'input-handler', 'params', 'properties', 'status'],
  },
  {
    folder: 'src/nodes/events',
    purpose: 'the event node: posted or polled events',
    offers: ['on-event', 'properties'],
  },
  {
    folder: 'src/nodes/admin',
    purpose: 'every admin endpoint of the editor, the help of each node, and the metrics',
    offers: ['account-check', 'deploy-check', 'endpoints', 'help/serve-texts', 'live-overview', 'outbox-actions'],
  },
  {
    folder: 'src/nodes',
    purpose: 'what the generated files of dist/nodes register: each node with its endpoints',
    offers: [],
  },
]

interface Tie {
  from: string
  to: string
  place: string
}

/** Imports from file to file within `src`. */
function tiesOf(sources: readonly Source[]): Tie[] {
  const files = new Set(sources.map(({ path }) => path))
  return sources.filter(({ path }) => path.startsWith('src/')).flatMap((source) =>
    importsOf(source).flatMap(({ module, place }) => {
      if (!module.startsWith('src/')) return []
      const to = [`${module}.ts`, `${module}/index.ts`].find((file) => files.has(file)) ?? `${module}.ts`
      return [{ from: source.path, to, place }]
    }),
  )
}

/** The innermost room that a file lies in, by its place in the order. */
function roomOf(path: string, rooms: readonly Room[]): number {
  const folders = rooms.map(({ folder }) => (path.startsWith(`${folder}/`) ? folder.length : -1))
  return folders.indexOf(Math.max(0, ...folders))
}

const moduleOf = (path: string): string => path.replace(/(\/index)?\.ts$/, '')

/** Rooms import downwards, and only what is offered. */
export const roomsKeepTheirOrder =
  (rooms: readonly Room[] = ROOMS) =>
  (sources: readonly Source[]): string[] =>
    tiesOf(sources).flatMap(({ from, to, place }) => {
      const [importer, imported] = [roomOf(from, rooms), roomOf(to, rooms)]
      const room = rooms[imported]
      if (importer === imported) return []
      if (!room) return [`${to} lies in no room: name its folder in scripts/check/rooms.ts`]
      if (imported > importer) return [`${place} imports ${to}: ${room.folder} lies above`]
      const name = moduleOf(to).slice(room.folder.length + 1) || 'index'
      return room.offers === '*' || room.offers.includes(name) ? [] : [`${place} imports ${to}, which ${room.folder} does not offer`]
    })

/** What a room offers is used by another one; else it is private. */
export const offersAreTaken =
  (rooms: readonly Room[] = ROOMS) =>
  (sources: readonly Source[]): string[] => {
    const taken = new Set(tiesOf(sources).flatMap(({ from, to }) => (roomOf(from, rooms) === roomOf(to, rooms) ? [] : [moduleOf(to)])))
    return rooms.flatMap(({ folder, offers }) =>
      offers === '*' ? [] : offers.flatMap((name) => (taken.has(name === 'index' ? folder : `${folder}/${name}`) ? [] : [`${folder} offers ${name}, which no other room imports`])),
    )
  }

/** No file imports itself by way of others. */
export function importsMakeNoCircle(sources: readonly Source[]): string[] {
  const next = new Map<string, string[]>()
  for (const { from, to } of tiesOf(sources)) next.set(from, [...(next.get(from) ?? []), to])
  const settled = new Set<string>()
  const circles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file)
    if (at !== -1) circles.push(`${[...path.slice(at), file].join(' -> ')} is a circle of imports`)
    if (at !== -1 || settled.has(file)) return
    for (const other of next.get(file) ?? []) visit(other, [...path, file])
    settled.add(file)
  }
  for (const file of next.keys()) visit(file, [])
  return circles
}

/** Files of a folder that one can still see at once. */
const MOST = 15

export function foldersAreSmall(sources: readonly Source[]): string[] {
  const counts = new Map<string, number>()
  for (const { path } of sources) {
    const folder = path.slice(0, path.lastIndexOf('/'))
    if (path.startsWith('src/') && !folder.endsWith('/operations')) counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  return [...counts].flatMap(([folder, count]) => (count > MOST ? [`${folder} has ${count} files, more than ${MOST}: give what belongs together a folder`] : []))
}
