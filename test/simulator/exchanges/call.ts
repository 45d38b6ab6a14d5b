import * as http from 'node:http'
import * as https from 'node:https'
import type { Simulator } from '..'
import type { VendorId } from '../request'

export interface Call {
  method?: string
  headers?: Record<string, string>
  json?: unknown
  form?: Record<string, string>
  raw?: Buffer | string
  /** PEM that is trusted */
  ca?: string
  agent?: http.Agent
}

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  bytes: Buffer
  text: string
  /** throws when the body is not JSON */
  json(): unknown
}

function bodyOf({ json, form, raw }: Call): { body: Buffer | string; type: Record<string, string> } {
  if (json !== undefined) return { body: JSON.stringify(json), type: { 'content-type': 'application/json' } }
  if (form) return { body: new URLSearchParams(form).toString(), type: { 'content-type': 'application/x-www-form-urlencoded' } }
  return { body: raw ?? '', type: {} }
}

/** One request over a real socket of its own, unless an agent is given. */
export function call(url: string, given: Call = {}): Promise<Answer> {
  const { body, type } = bodyOf(given)
  const headers = { ...type, ...(body.length > 0 ? { 'content-length': String(Buffer.byteLength(body)) } : {}), ...given.headers }
  const options = { method: given.method ?? 'GET', headers, agent: given.agent ?? (false as const), ...(given.ca === undefined ? {} : { ca: given.ca }) }
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? https : http).request(url, options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text, json: () => JSON.parse(text) as unknown })
      })
    })
    request.on('error', reject).end(body)
  })
}

export function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

/** The base URL of a vendor, without a slash at its end. */
export function baseOf(simulator: Simulator, vendor: VendorId): string {
  const { urls } = simulator
  return {
    'senquip': urls.senquip, 'senquip-v1': urls.senquipV1.endpoint, 'sensocan': urls.sensocan,
    'thingsee': urls.thingsee.slice(0, -1), 'sensorist': urls.sensorist,
  }[vendor]
}

async function senquipV1Token({ urls, credentials }: Simulator): Promise<string> {
  const { clientId, clientSecret } = credentials.senquipV1
  const answer = await call(urls.senquipV1.token, { method: 'POST', form: { grant_type: 'client_credentials' }, headers: basic(clientId, clientSecret) })
  return (answer.json() as { access_token: string }).access_token
}

async function thingseeToken({ urls, credentials }: Simulator): Promise<string> {
  const { clientId, clientSecret } = credentials.thingsee
  const answer = await call(`${urls.thingsee}auth/client-token`, { method: 'POST', json: { client_id: clientId, client_secret: clientSecret } })
  return (answer.json() as { data: { token: string } }).data.token
}

/** The headers with which the account's owner calls; asks for a token where the vendor has tokens. */
export async function authorization(simulator: Simulator, vendor: VendorId): Promise<Record<string, string>> {
  const { credentials } = simulator
  switch (vendor) {
    case 'senquip': return { 'X-API-Key': credentials.senquip.apiKey }
    case 'senquip-v1': return { authorization: `Bearer ${await senquipV1Token(simulator)}` }
    case 'sensocan': return { authorization: `Bearer ${credentials.sensocan.accessToken}` }
    case 'thingsee': return { authorization: `Bearer ${await thingseeToken(simulator)}` }
    case 'sensorist': return basic(credentials.sensorist.email, credentials.sensorist.password)
  }
}
