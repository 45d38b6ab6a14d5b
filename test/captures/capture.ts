/** A vendor's answer as its sources show it, and the readings that must come of it. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Account } from '../../src/lib/client/account'
import { Call } from '../../src/lib/client/call'
import { ClientPool } from '../../src/lib/client/pool'
import { operationsOf } from '../../src/lib/vocabulary/vendor'
import { vendors } from '../../src/lib/vendors'
import type { Reading } from '../../src/lib/vocabulary/reading'

export interface Capture {
  vendor: string
  /** Id of the read in flows. */
  operation: string
  params: Record<string, unknown>
  /** Where the facts of the body come from, such as `senquip.md, S1a`. */
  source: string
  /** The answer that carries the measurements, with its envelope. */
  body: unknown
  /** All readings of the body in their order; of each only the properties given here are compared. */
  readings: readonly Partial<Reading>[]
  /** Dotted paths of leaves that are envelope, not measurements, each with a reason in a comment; `*` stands for any part. */
  ignored?: readonly string[]
  /** Settings of the account beside its address. */
  settings?: Record<string, unknown>
  /** Answers to other requests of the same operation, by the end of their path. */
  beside?: Record<string, unknown>
}

/** Both vendors with tokens find theirs in it. */
const TOKEN = { access_token: 'token', expires_in: 3600, data: { token: 'token' } }

/** Any secret serves: the server accepts all. */
const CREDENTIALS = {
  apiKey: 'key', clientId: 'client', clientSecret: 'client-secret', accessToken: 'access', email: 'owner@example.com', password: 'password',
}

/** Limits that no capture reaches. */
const UNLIMITED = { hostedDevices: 1000, requestsPerSecond: 1000 }

/** Serves bodies on 127.0.0.1 and reads them through an account. */
export class CaptureServer {
  readonly #server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const found = Object.entries(this.#beside).find(([end]) => pathname.endsWith(end))
    const body = pathname.endsWith('token') ? TOKEN : found ? found[1] : this.#body
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  #body: unknown
  #beside: Record<string, unknown> = {}

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  async stop(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  /** The readings of a capture, once for each body. */
  async read({ vendor: id, operation: name, params, settings, beside = {} }: Capture, bodies: readonly unknown[]): Promise<Reading[][]> {
    const [, vendor] = Object.entries(vendors).find(([known]) => known === id) ?? []
    assert.ok(vendor, `no vendor has the id ${id}`)
    const operation = operationsOf(vendor, 'get-data')[name]
    assert.ok(operation, `${id} has no read ${name}`)
    const origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    const addresses = { baseUrl: origin, endpointUrl: origin, tokenUrl: `${origin}/token` }
    const account = new Account({ vendor, settings: { ...addresses, ...UNLIMITED, ...settings }, credentials: CREDENTIALS, routes: {} }, new ClientPool())
    this.#beside = beside
    const all: Reading[][] = []
    try {
      for (const body of bodies) {
        this.#body = body
        const readings: Reading[] = []
        // Nothing is cached: the server sends no max-age.
        const call = new Call(account, name, operation, { signal: new AbortController().signal, fresh: true })
        for await (const page of call.pages(params)) readings.push(...(page.readings ?? []))
        all.push(readings)
      }
    } finally {
      await account.close()
    }
    return all
  }
}

/** A leaf of a body and the same body with another value there. */
export interface ChangedLeaf {
  /** Dotted. */
  path: string
  body: unknown
}

/** The body once for each of its leaves, with only that leaf changed. */
export function changedLeaves(body: unknown, path: readonly string[] = []): ChangedLeaf[] {
  if (typeof body !== 'object' || body === null) return [{ path: path.join('.'), body: otherThan(body) }]
  return Object.entries(body).flatMap(([key, value]) =>
    changedLeaves(value, [...path, key]).map((changed) => ({ path: changed.path, body: replaced(body, key, changed.body) })),
  )
}

const replaced = (body: object, key: string, value: unknown): unknown =>
  Array.isArray(body) ? body.map((item: unknown, index) => (String(index) === key ? value : item)) : { ...body, [key]: value }

/** Another value of the same kind; a date stays a date. */
function otherThan(leaf: unknown): unknown {
  if (typeof leaf === 'number') return leaf + 1
  if (typeof leaf === 'boolean') return !leaf
  if (typeof leaf !== 'string') return 1
  return /^\d{4}-\d{2}-\d{2}/.test(leaf) ? leaf.replace(/^\d{4}/, '2001') : /^\d+$/.test(leaf) ? `${leaf}1` : `${leaf}x`
}

/** Whether a path is among the ignored ones. */
export const isIgnored = (path: string, ignored: readonly string[]): boolean =>
  ignored.some((pattern) => {
    const [wanted, given] = [pattern.split('.'), path.split('.')]
    return wanted.length === given.length && wanted.every((part, index) => part === '*' || part === given[index])
  })
