/** What a vendor's server may answer, or whoever has its address. */
import { gzipSync } from 'node:zlib'
import { say } from './hostile-server'
import type { Attack } from './attack'
import type { Target } from './targets'

export interface AnswerCase extends Attack {
  why: string
  /** Ms of computing that it may take without a break, where that is more than usual. */
  block?: number
}

const body = (name: string, why: string, text: () => string, codes?: readonly string[]): AnswerCase => ({
  name, why, ...(codes ? { codes } : {}),
  // Large ones are made when they are needed.
  reply: () => say(200, text()),
})

/** An error body with a reason, where each vendor has it. */
const reasoned = (reason: string): string => JSON.stringify({ message: reason, error: reason, error_description: reason, errors: { 'data.0.value': [reason] } })
const reason = (name: string, text: () => string): AnswerCase => ({ name: `reason of ${name}`, why: 'a pattern may go back and forth in it', reply: () => say(400, reasoned(text())), codes: ['INVALID'] })

const N = 100_000

/** In the vendor's envelope, as a list of what its operation reads. */
export const wrapped = ({ vendor }: Target, items: unknown): unknown => {
  if (vendor === 'thingsee') return { data: items }
  return vendor === 'sensorist' ? { code: 200, measurements: { 220200: items } } : items
}

const item = (target: Target, index: number): Record<string, unknown> => {
  if (target.vendor === 'thingsee') return { tsmId: 12100, tsmTs: 1_700_000_000 + index, temp: 21 }
  return target.vendor === 'sensorist' ? { date: 1_700_000_000 + index, value: 21 } : { ts: 1_700_000_000 + index, vin: 12 }
}

const items = (target: Target, count: number): Record<string, unknown>[] => Array.from({ length: count }, (_, index) => item(target, index))

const listed = (name: string, why: string, make: (target: Target) => unknown, codes?: readonly string[]): AnswerCase => ({
  name, why, ...(codes ? { codes } : {}),
  reply: (target) => say(200, JSON.stringify(wrapped(target, make(target)))),
})

const nested = (depth: number, open: string, close: string): string => `${open.repeat(depth)}1${close.repeat(depth)}`

/** Written by hand, since such texts have no value of JavaScript. */
const raw = (name: string, why: string, value: string): AnswerCase => ({
  name, why,
  reply: (target) => say(200, JSON.stringify(wrapped(target, [{ ...item(target, 0), hostile: 'HERE', value: 'HERE', temp: 'HERE', vin: 'HERE' }])).replaceAll('"HERE"', value)),
})

const gzip = { 'content-encoding': 'gzip' }

/** Each is a case of its own: it takes time, memory or both. */
export const LARGE: readonly AnswerCase[] = [
  { name: 'error body of 8 MB', why: 'just below what is read', reply: () => say(400, reasoned('y'.repeat(1_950_000))), codes: ['INVALID', 'PROTOCOL'] },
  { name: 'error body of 8 MB that is no JSON', why: 'just below what is read', reply: () => say(400, 'y'.repeat(8_000_000)), codes: ['INVALID', 'PROTOCOL'] },
  { name: 'error body of 8 MB of ones', why: 'every item is looked at for secrets', reply: () => say(400, `[${'1,'.repeat(4_000_000)}1]`), codes: ['INVALID', 'PROTOCOL'] },
  // Measured: 227 to 255 ms. The text is parsed at once.
  { ...body('8 MB of ones', 'small items cost most', () => `[${'1,'.repeat(4_000_000)}1]`), block: 400 },
  body('8 MB text', 'just below what is read', () => `"${'y'.repeat(8_000_000)}"`),
  body('9 MB text', 'more than is read', () => `"${'y'.repeat(9_000_000)}"`, ['PROTOCOL']),
  // Measured: 1,085 to 1,345 ms. All readings of an answer are made at once; fewer would refuse a week of a device that measures each minute.
  { ...listed('150,000 items', 'nobody asked for so many', (target) => items(target, 150_000)), block: 2000 },
  listed('10,000 items with one bad', 'the rest must not vanish silently', (target) => items(target, 10_000).map((one, index) => (index === 7_000 ? { ...one, tsmId: {}, date: 'noon', ts: [], value: { value: {} } } : one))),
  // Measured: 541 to 696 ms, for the same reason.
  { ...listed('an item of 100,000 properties', 'each becomes a reading', (target) => [{ ...item(target, 0), ...Object.fromEntries(Array.from({ length: N }, (_, index) => [`p${index}`, index])) }]), block: 1000 },
  { name: 'gzip bomb of 200 MB', why: 'little is sent, much is unpacked', reply: () => say(200, bomb(), gzip), codes: ['PROTOCOL'] },
  { name: 'gzip bomb of 200 MB in an error', why: 'little is sent, much is unpacked', reply: () => say(400, bomb(), gzip) },
  body('8 MB of empty objects', 'they take longest to parse', () => `[${'{},'.repeat(2_600_000)}{}]`, ['PROTOCOL']),
]

export const SMALL: readonly AnswerCase[] = [
  reason('100,000 dots', () => '.'.repeat(N)),
  reason('100,000 blanks', () => ' '.repeat(N)),
  reason('100,000 dots and a letter', () => `${'.'.repeat(N)}x`),
  reason('100,000 blanks and a letter', () => `${' '.repeat(N)}x`),
  reason('dots and blanks in turn', () => `${'. '.repeat(N / 2)}x`),
  reason('cut marks', () => '…'.repeat(N)),
  { name: 'error body of depth 100,000', why: 'a function that calls itself for each level ends the stack', reply: () => say(400, nested(N, '{"message":', '}')), codes: ['INVALID', 'PROTOCOL'] },
  { name: 'error body with keys of prototypes', why: 'a copy may change what all objects inherit', reply: () => say(400, '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"message":{"toString":1}}'), codes: ['INVALID'] },
  body('depth of 100,000 lists', 'a function that calls itself for each level ends the stack', () => nested(N, '[', ']')),
  body('depth of 100,000 objects', 'a function that calls itself for each level ends the stack', () => nested(N, '{"data":', '}')),
  { name: 'depth of 100,000 in an item', why: 'values are spread into readings', reply: (target) => say(200, JSON.stringify(wrapped(target, [{ ...item(target, 0), deep: 'HERE' }])).replace('"HERE"', nested(N, '[', ']'))) },
  raw('keys of prototypes', 'a copy may change what all objects inherit', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"hasOwnProperty":1}'),
  raw('number 1e999', 'it is infinite', '1e999'),
  raw('number -0', 'it is written as 0', '-0'),
  raw('text NaN', 'it looks like a number', '"NaN"'),
  raw('number of 300 digits', 'it has no exact value', '9'.repeat(300)),
  raw('null bytes and lone surrogates', 'they cannot be written everywhere', '"\\u0000\\ud800\\udfff\\u0000"'),
  raw('text of 100,000 digits', 'a pattern for numbers may go back and forth', `"${'1'.repeat(N)}x"`),
  body('NaN instead of JSON', 'some servers write it', () => '[NaN]', ['PROTOCOL']),
  body('HTML page', 'a proxy or a sign-in page answers', () => '<!doctype html><html><body>Sign in</body></html>', ['PROTOCOL']),
  // A write may have no answer, and an empty answer may mean that there is nothing.
  body('empty body', 'there is no JSON in it', () => ''),
  body('blanks for a body', 'there is no JSON in it', () => ' '.repeat(N)),
  { name: 'a number', why: 'it is JSON', reply: () => say(200, '7') },
  { name: 'null', why: 'it is JSON', reply: () => say(200, 'null') },
  listed('wrong types everywhere', 'each value is of another type', () => [[], {}, null, 1, 'x', true, [[]], { ts: {}, tsmId: [], tsmTs: {}, date: [], value: { value: [] }, deviceid: 7, id: {} }]),
  { name: 'an envelope of wrong types', why: 'each value is of another type', reply: () => say(200, '{"code":"200","max_age":{},"data":7,"measurements":"none","gateways":{},"time":[],"apiRequestsRemaining":"many"}') },
  { name: 'truncated gzip', why: 'the connection was cut', reply: (target) => say(200, gzipSync(JSON.stringify(wrapped(target, items(target, 1_000)))).subarray(0, 200), gzip) },
  { name: 'unknown encoding', why: 'it cannot be unpacked', reply: (target) => say(200, JSON.stringify(target.ordinary), { 'content-encoding': 'zstd, br, gzip' }) },
]

let packed: Buffer | undefined
/** 200 MB of zeros in some 200 kB. */
const bomb = (): Buffer => (packed ??= gzipSync(Buffer.alloc(200_000_000)))

const header = (name: string, why: string, status: number, headers: Readonly<Record<string, string | string[]>>, codes?: readonly string[]): AnswerCase => ({
  name, why, ...(codes ? { codes } : {}),
  reply: (target) => say(status, status === 200 ? JSON.stringify(target.ordinary) : '{}', headers),
})

/** None of them is tried again; others stand in the suite of connections. */
export const HEADERS: readonly AnswerCase[] = [
  header('429 with a huge Retry-After', 'nobody waits for ever', 429, { 'retry-after': '9'.repeat(400) }, ['RATE_LIMITED']),
  header('429 with a Retry-After of the year 9999', 'nobody waits for ever', 429, { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, ['RATE_LIMITED']),
  header('Date of the year 9999', 'times are counted from it', 200, { date: 'Fri, 31 Dec 9999 23:59:59 GMT', expires: 'Fri, 31 Dec 9999 23:59:59 GMT' }),
  header('max-age beyond all numbers', 'a timer of that length rings at once', 200, { 'cache-control': `max-age=${'9'.repeat(400)}` }),
  header('max-age of minus one', 'it is no time', 200, { 'cache-control': 'max-age=-1, max-age=NaN, max-age="' }),
  header('invalid counts of what remains', 'they are no numbers', 200, { 'x-ratelimit-remaining': 'Infinity' }),
  header('negative count of what remains', 'nothing could be sent any more', 200, { 'x-ratelimit-remaining': '-1e308' }),
  header('100 duplicate headers', 'they are joined to a list', 200, { 'x-ratelimit-remaining': Array.from({ length: 100 }, () => '7'), 'retry-after': Array.from({ length: 100 }, () => '7'), 'set-cookie': Array.from({ length: 100 }, () => 'a=b') }),
  header('headers of 15 kB', 'Node.js takes 16 kB', 200, { 'x-long': 'x'.repeat(15_000) }),
  header('content type of 10 kB', 'a parser may go back and forth in it', 200, { 'content-type': `application/json;${' '.repeat(10_000)}x` }),
]
