/**
 * Reads base URL and routes from the vendor's Postman collection, the only place where Senquip publishes them [S1].
 * Runs in the editor too, so it uses nothing of Node.js. Formats: schema.getpostman.com, v2.0.0 and v2.1.0.
 */
import { trimEndOf } from '../../../base/foreign'
import { isMethod, type Method } from '../../../vocabulary/operation'
import { PostmanError, requestsOf, type PostmanRequest, type Variables } from './postman-collection'

export { PostmanError }

/** A request of the vendor's documentation. */
export interface DocumentedRequest {
  /** The operation's title for users. */
  title: string
  /** Names that the request has in the collection; articles and punctuation do not matter. */
  names: readonly string[]
  /** Fields of the operation that can stand in the path. A lone variable of another name is the first of them. */
  pathFields: readonly string[]
}

/** The requests that the vendor's text names [S1], by operation id. */
export const DOCUMENTED_REQUESTS: Readonly<Record<string, DocumentedRequest>> = {
  'list-devices': { title: 'List of devices', names: ['List All Devices'], pathFields: [] },
  'device-data': { title: 'Data of a device', names: ['Get Device Data'], pathFields: ['deviceId'] },
  'add-user-to-device': { title: 'Register a device', names: ['Add a User to a Device'], pathFields: ['deviceId'] },
  'update-config': { title: 'Update the configuration', names: ['Update Device Config'], pathFields: ['deviceId'] },
  'load-file': { title: 'Load a file', names: ['Load File onto Device'], pathFields: ['deviceId', 'fileName'] },
}

export interface ImportedRoute {
  method: Method
  /** With `{name}` for the operation's fields. */
  path: string
}

export interface PostmanImport {
  /** Absent where the collection leaves it to an environment of Postman. */
  baseUrl?: string
  /** By operation id. */
  routes: Record<string, ImportedRoute>
  /** For each operation whose request was not found, or lies outside the base URL: what to choose from instead. */
  choices: Record<string, NamedRoute[]>
}

/** A request of the collection, as the route of an operation. */
export interface NamedRoute extends ImportedRoute {
  name: string
}

/**
 * Base URL and routes of a collection as "Run in Postman" and an export from there give it.
 * @throws PostmanError with a sentence for the user, when it is no collection or has no requests
 */
export function importPostman(
  json: unknown,
  operations: Readonly<Record<string, DocumentedRequest>> = DOCUMENTED_REQUESTS,
): PostmanImport {
  const requests = requestsOf(json)
  const matches = Object.entries(operations).map(([id, operation]) => ({
    id,
    operation,
    request: findRequest(requests, operation.names),
  }))
  const found = matches.flatMap(({ request }) => request ?? [])
  // A collection whose names are all others has an address all the same.
  const base = baseOf(found.length > 0 ? found : requests, requests)
  const routeOf = (request: PostmanRequest, { pathFields }: DocumentedRequest): ImportedRoute | undefined => {
    const { method } = request
    const path = base.pathOf(request)
    return path !== undefined && isMethod(method) ? { method, path: routePath(path, request, pathFields) } : undefined
  }
  const routes: Record<string, ImportedRoute> = {}
  const choices: Record<string, NamedRoute[]> = {}
  for (const { id, operation, request } of matches) {
    const route = request && routeOf(request, operation)
    if (route) routes[id] = route
    else choices[id] = requests.flatMap((other) => (found.includes(other) ? [] : namedRoute(other.name, routeOf(other, operation))))
  }
  return { ...(base.url === undefined ? {} : { baseUrl: base.url }), routes, choices }
}

const namedRoute = (name: string, route: ImportedRoute | undefined): NamedRoute[] => (route ? [{ name, ...route }] : [])

const words = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\b(a|an|the)\b/g, '')
    .replace(/[^a-z\d]/g, '')

/** The request of that name; else the only one whose name contains it, such as `General List All Devices`. */
function findRequest(requests: readonly PostmanRequest[], names: readonly string[]): PostmanRequest | undefined {
  const wanted = names.map(words)
  const exact = requests.find(({ name }) => wanted.includes(words(name)))
  if (exact) return exact
  const containing = requests.filter(({ name }) => wanted.some((text) => words(name).includes(text)))
  return containing.length === 1 ? containing[0] : undefined
}

interface Base {
  url?: string | undefined
  /** Path of a request after the base, without query; undefined when it lies elsewhere. */
  pathOf(request: PostmanRequest): string | undefined
}

/** The variable that all addresses begin with, else what they have in common. */
function baseOf(matched: readonly PostmanRequest[], all: readonly PostmanRequest[]): Base {
  const [first] = matched
  if (!first) return { pathOf: () => undefined }
  const variable = leadingVariable(first)
  if (variable !== undefined && matched.every((request) => leadingVariable(request) === variable))
    return {
      url: absolute(resolve(`{{${variable}}}`, first.variables)),
      pathOf: ({ address }) => address.slice(address.indexOf('}}') + 2) || '/',
    }
  const url = commonUrl(matched, all)
  return {
    url,
    pathOf: (request) => {
      const address = absoluteAddress(request)
      return url !== undefined && address?.startsWith(`${url}/`) ? address.slice(url.length) : undefined
    },
  }
}

/** `baseUrl` of `{{baseUrl}}/devices`; not that of `{{protocol}}://{{host}}/devices`. */
const leadingVariable = ({ address }: PostmanRequest): string | undefined =>
  /^\{\{([^{}]+)\}\}(?=\/|$)/.exec(address)?.[1]?.trim()

/** Host and the leading path parts that all requests of that host share; the last part of each stays its own. */
function commonUrl(matched: readonly PostmanRequest[], all: readonly PostmanRequest[]): string | undefined {
  const [own] = urlsOf(matched)
  if (!own) return undefined
  let common = own.parts.slice(0, -1)
  for (const { parts } of urlsOf(all).filter(({ origin }) => origin === own.origin)) {
    const end = common.findIndex((part, index) => isVariable(part) || part !== parts[index] || index === parts.length - 1)
    if (end >= 0) common = common.slice(0, end)
  }
  return [own.origin, ...common].join('/')
}

const urlsOf = (requests: readonly PostmanRequest[]): UrlParts[] =>
  requests.flatMap((request) => splitUrl(absoluteAddress(request)) ?? [])

const isVariable = (part: string): boolean => /[{}]|^:/.test(part)

interface UrlParts {
  origin: string
  parts: string[]
}

function splitUrl(url: string | undefined): UrlParts | undefined {
  const [, origin, path = ''] = /^(https?:\/\/[^/]+)\/(.*)$/i.exec(url ?? '') ?? []
  return origin === undefined ? undefined : { origin, parts: path.split('/') }
}

/** The address with its host resolved; variables of the path are left for the operation's fields. */
function absoluteAddress({ address, variables }: PostmanRequest): string | undefined {
  const scheme = address.indexOf('://')
  const hostAt = scheme === -1 || address.indexOf('/') < scheme ? 0 : scheme + 3
  const pathAt = address.indexOf('/', hostAt)
  const end = pathAt === -1 ? address.length : pathAt
  const host = absolute(resolve(address.slice(0, end), variables))
  return host === undefined ? undefined : host + address.slice(end)
}

/** A resolved address as a URL; one without scheme is https, the only one that the vendor answers [S1]. */
function absolute(address: string): string | undefined {
  const text = trimEndOf(address.trim(), '/')
  if (text === '' || /[{}]/.test(text)) return undefined
  return /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`
}

/** Variables hold variables; a few levels are more than any collection has, and end a circle. */
const LEVELS = 5

function resolve(text: string, variables: Variables, level = LEVELS): string {
  return text.replace(/\{\{([^{}]+)\}\}/g, (whole, name: string) => {
    const value = variables.get(name.trim())
    return value === undefined || value === '' || level === 0 ? whole : resolve(value, variables, level - 1)
  })
}

/** `:name`, `{{name}}` or `{name}`, in a path. */
const PLACE = /(?<=\/):([\w.-]+)|\{\{?([^{}]+)\}?\}/g

const plain = (name: string): string => name.toLowerCase().replace(/[_\-\s]/g, '')

/** The account sends its key in a header, so variables for it are no fields. */
const isKey = (name: string): boolean => ['token', 'apikey', 'xapikey'].includes(plain(name))

/** The path with its variables named after the operation's fields, and a field that only the query holds. */
function routePath(path: string, request: PostmanRequest, fields: readonly string[]): string {
  const names = [...path.matchAll(PLACE)].map(([place, colon, braced]) => ({
    name: colon ?? braced?.trim() ?? '',
    // A value makes it likelier a constant, such as a version.
    constant: !place.startsWith(':') && Boolean(request.variables.get(braced?.trim() ?? '')),
  }))
  const fieldOfName = assign(names.filter(({ name }) => !isKey(name)), fields)
  const filled = path.replace(PLACE, (place: string, colon: string | undefined, braced: string | undefined) => {
    const name = colon ?? braced?.trim() ?? ''
    const field = fieldOfName.get(name)
    if (field !== undefined) return `{${field}}`
    const value = isKey(name) || !place.startsWith('{{') ? place : resolve(place, request.variables)
    return value === place ? `{${name}}` : value
  })
  const missing = fields.filter((field) => ![...fieldOfName.values()].includes(field))
  const query = missing.flatMap((field) => {
    const entry = request.query.find(([key, value]) => [key, value.replace(/[{}:]/g, '')].some((name) => plain(name) === plain(field)))
    return entry ? [`${entry[0]}={${field}}`] : []
  })
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`
}

/** The field that each variable stands for: by its name, else the one variable that is left. */
function assign(
  names: readonly { name: string; constant: boolean }[],
  fields: readonly string[],
): ReadonlyMap<string, string> {
  const assigned = new Map<string, string>()
  for (const { name } of names) {
    const field = fields.find((candidate) => plain(candidate) === plain(name))
    if (field !== undefined) assigned.set(name, field)
  }
  const [field] = fields.filter((candidate) => ![...assigned.values()].includes(candidate))
  const left = names.filter(({ name }) => !assigned.has(name))
  const open = left.filter(({ constant }) => !constant)
  const [only, ...others] = open.length > 0 ? open : left
  if (field !== undefined && only && others.length === 0) assigned.set(only.name, field)
  return assigned
}
