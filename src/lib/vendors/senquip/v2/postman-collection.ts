/** The requests of a Postman collection, whatever its schema version and folders. */
import { isRecord, scalarText } from '../../../base/foreign'
import { sentence, SentenceError, type Sentence } from '../../../base/sentence'

/** A sentence for the user: why nothing can be imported. */
export class PostmanError extends SentenceError {}

export type Variables = ReadonlyMap<string, string>

export interface PostmanRequest {
  name: string
  method: string
  /** As written, with its variables; without query and fragment. */
  address: string
  query: readonly (readonly [key: string, value: string])[]
  /** Those of the collection and of the folders around it. */
  variables: Variables
}

type Json = Readonly<Record<string, unknown>>

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const HOW =
  sentence`press "Run in Postman" in the Senquip API documentation, export the collection from Postman as Collection v2.1 and use that file`

/**
 * All requests of a collection, or of what Postman's own API wraps it in.
 * @throws PostmanError
 */
export function requestsOf(json: unknown): PostmanRequest[] {
  if (!isRecord(json)) throw new PostmanError(sentence`This is not a Postman collection: ${HOW}.`)
  const collection = isRecord(json.collection) ? json.collection : json
  if (!Array.isArray(collection.item)) throw new PostmanError(missingItems(json, collection))
  const requests = requestsIn(collection, new Map())
  if (requests.length === 0) throw new PostmanError(sentence`This Postman collection contains no requests: ${HOW}.`)
  return requests
}

function missingItems(json: Json, collection: Json): Sentence {
  if (collection !== json) return sentence`This is the text of the documentation page, which contains no requests: ${HOW}.`
  if (Array.isArray(json.requests)) return sentence`This Postman collection has the old format v1: ${HOW}.`
  return isRecord(json.info)
    ? sentence`This Postman collection contains no requests: ${HOW}.`
    : sentence`This is not a Postman collection: ${HOW}.`
}

/** Requests of a folder and the folders in it. */
function requestsIn(folder: Json, outer: Variables): PostmanRequest[] {
  const variables = new Map([...outer, ...variablesOf(folder)])
  return listOf(folder.item).flatMap((item) => {
    if (!isRecord(item)) return []
    return Array.isArray(item.item) ? requestsIn(item, variables) : (requestOf(item, variables) ?? [])
  })
}

/** Version 2.0.0 may name a variable by `id` alone. */
const variablesOf = (folder: Json): [string, string][] =>
  listOf(folder.variable).flatMap((variable) => {
    if (!isRecord(variable) || variable.disabled === true) return []
    const name = scalarText(variable.key) || scalarText(variable.id)
    return name === '' ? [] : [[name, scalarText(variable.value)] satisfies [string, string]]
  })

/** A request is an object, or only its URL, which then is read with GET. */
function requestOf(item: Json, variables: Variables): PostmanRequest | undefined {
  const { request } = item
  const url = isRecord(request) ? request.url : request
  const text = isRecord(url) ? urlText(url) : scalarText(url)
  const [address = '', search = ''] = (text.split('#', 1)[0] ?? '').trim().split('?', 2)
  if (address === '') return undefined
  return {
    name: scalarText(item.name),
    method: ((isRecord(request) && scalarText(request.method)) || 'GET').toUpperCase(),
    address,
    query: isRecord(url) && Array.isArray(url.query) ? queryOf(url.query) : searchOf(search),
    variables,
  }
}

function urlText(url: Json): string {
  const raw = scalarText(url.raw)
  if (raw !== '') return raw
  const protocol = scalarText(url.protocol)
  const port = scalarText(url.port)
  const host = partsOf(url.host).join('.') + (port === '' ? '' : `:${port}`)
  const path = partsOf(url.path).join('/').replace(/^\/+/, '')
  return `${protocol === '' ? '' : `${protocol}://`}${host}/${path}`
}

/** A text, or its parts, each of which may be an object with a value. */
const partsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map((part) => scalarText(isRecord(part) ? part.value : part)) : [scalarText(value)]

const queryOf = (query: readonly unknown[]): [string, string][] =>
  query.flatMap((entry) => (isRecord(entry) ? [[scalarText(entry.key), scalarText(entry.value)] satisfies [string, string]] : []))

const searchOf = (search: string): [string, string][] =>
  search
    .split('&')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [key = '', value = ''] = entry.split('=', 2)
      return [key, value]
    })
