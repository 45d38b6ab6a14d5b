import type { IncomingHttpHeaders } from 'node:http'

export type VendorId = 'senquip' | 'senquip-v1' | 'sensocan' | 'thingsee' | 'sensorist'

export interface SimulatorRequest {
  method: string
  /** relative to the vendor's base URL, still percent-encoded, begins with '/' */
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface FilePart {
  name: string
  fileName: string | null
  content: Buffer
}

function contentType(request: SimulatorRequest): string {
  return (request.headers['content-type'] ?? '').toLowerCase()
}

export function isJson(request: SimulatorRequest): boolean {
  return /^application\/(.+\+)?json\b/.test(contentType(request))
}

/** The decoded JSON body; undefined when it is not declared as JSON or does not parse. */
export function jsonBody(request: SimulatorRequest): unknown {
  if (!isJson(request)) return undefined
  try {
    return JSON.parse(request.body.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}

/** The form-urlencoded body; null when the request declares anything else. */
export function formBody(request: SimulatorRequest): URLSearchParams | null {
  if (!contentType(request).startsWith('application/x-www-form-urlencoded')) return null
  return new URLSearchParams(request.body.toString('utf8'))
}

/** The parts of a multipart/form-data body; null when the request is not one. */
export function multipartBody(request: SimulatorRequest): FilePart[] | null {
  const header = request.headers['content-type'] ?? ''
  const boundary = /^multipart\/form-data;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(header)
  if (!boundary) return null
  // latin1 maps each byte to one character and back, so binary content survives the split.
  const sections = request.body.toString('latin1').split(`--${boundary[1] ?? boundary[2] ?? ''}`)
  return sections.slice(1, -1).map((section) => {
    const end = section.indexOf('\r\n\r\n')
    const disposition = section.slice(0, end)
    return {
      name: /[; ]name="([^"]*)"/i.exec(disposition)?.[1] ?? '',
      fileName: /filename="([^"]*)"/i.exec(disposition)?.[1] ?? null,
      content: Buffer.from(section.slice(end + 4, -2), 'latin1'),
    }
  })
}

/** User and password of a Basic Authorization header; null when there is none. */
export function basicCredentials(request: SimulatorRequest): { user: string; password: string } | null {
  const match = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')
  if (!match) return null
  const text = Buffer.from(match[1] ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

export function bearerToken(request: SimulatorRequest): string | null {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Items of a comma-separated list; null when the parameter is absent or empty. */
export function commaList(text: string | null): string[] | null {
  if (text === null || text.trim() === '') return null
  return text.split(',').map((item) => item.trim()).filter((item) => item !== '')
}
