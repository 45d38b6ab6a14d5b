/** Messages as only code in a flow can make them. They are made in the process that gets them. */

interface MadeMessage {
  name: string
  why: string
  make(): unknown
}

const THROWN: unknown = Object.create(null)

/** Throws what has neither a message nor a text. */
function fail(): never {
  throw THROWN
}

function circular(): object {
  const one: Record<string, unknown> = { value: 1, sensorSlug: 'temp_01' }
  one.itself = one
  return one
}

const RUBBISH: readonly unknown[] = [null, 0, -0, 1e308, NaN, '', 'x', '21,5', true, [], [[]], {}, { value: null }, { value: 'NaN', sensorSlug: '' }, { sensorSlug: {}, value: [] }, -1]

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Objects come once only: each is a request of the node that takes rows. */
function rubbish(): unknown[] {
  const refused = RUBBISH.filter((one) => !isObject(one))
  return [...RUBBISH, ...Array.from({ length: 20_000 }, (_, index) => refused[index % refused.length])]
}

/** The rubbish stands at the end, behind readings that are right. */
const oneBad = (): unknown[] => [...Array.from({ length: 1_000 }, (_, index) => ({ sensorSlug: 'temp_01', value: index })), { sensorSlug: 'temp_01', value: 'hot' }]

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { value }
  return value
}

const thrower = (): object => new Proxy({}, { get: fail, has: fail, ownKeys: fail, getOwnPropertyDescriptor: fail, getPrototypeOf: fail })

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const POLLUTION = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"sensorSlug":"temp_01","value":1}'

/** What stands in `payload`. */
const PAYLOADS: readonly MadeMessage[] = [
  { name: 'getter that throws', why: 'an object of a library may compute its properties', make: () => Object.defineProperty({}, 'value', { get: fail, enumerable: true }) },
  { name: 'proxy that throws', why: 'every look at it fails', make: thrower },
  { name: 'revoked proxy', why: 'Array.isArray throws for it', make: revoked },
  { name: 'list of throwing proxies', why: 'each item fails by itself', make: () => [thrower(), thrower()] },
  { name: 'text that throws', why: 'it fails only when it is made a text', make: () => ({ toString: fail, valueOf: fail, toJSON: fail, [Symbol.toPrimitive]: fail }) },
  { name: 'circular object', why: 'msg.req and msg.res hold themselves', make: circular },
  { name: 'circular list', why: 'it has no JSON', make: () => [circular(), circular()] },
  { name: 'list of 20,000 pieces of rubbish', why: 'a flow that reads a wrong file', make: rubbish },
  { name: '1,000 readings with one bad', why: 'none may be lost silently', make: oneBad },
  { name: 'depth of 5,000', why: 'a function that calls itself for each level ends the stack', make: () => nested(5_000) },
  { name: 'depth of 100,000', why: 'a function that calls itself for each level ends the stack', make: () => nested(100_000) },
  { name: 'bigint', why: 'it has no JSON', make: () => 10n ** 40n },
  { name: 'object of bigints', why: 'it has no JSON', make: () => ({ sensorSlug: 'temp_01', value: 5n, timestamp: 5n }) },
  { name: 'symbol', why: 'it cannot be made a text', make: () => Symbol('s') },
  { name: 'object of symbols', why: 'it cannot be made a text', make: () => ({ sensorSlug: Symbol('s'), value: Symbol.iterator }) },
  { name: 'function', why: 'it has no JSON and cannot be copied', make: () => fail },
  { name: 'date out of range', why: 'toISOString throws for it', make: () => ({ sensorSlug: 'temp_01', value: 1, timestamp: new Date(NaN) }) },
  { name: 'date of the year 275761', why: 'no Date can hold it', make: () => ({ sensorSlug: 'temp_01', value: 1, timestamp: 8.64e15 + 1 }) },
  { name: 'time of minus infinity', why: 'it is a number', make: () => ({ sensorSlug: 'temp_01', value: -Infinity, timestamp: -Infinity }) },
  { name: 'keys of prototypes', why: 'a copy may change what all objects inherit', make: (): unknown => JSON.parse(POLLUTION) },
  { name: 'list with keys of prototypes', why: 'a copy may change what all objects inherit', make: (): unknown => [JSON.parse(POLLUTION)] },
  { name: 'object without prototype', why: 'it has no toString', make: () => Object.assign(Object.create(null) as object, { sensorSlug: 'temp_01', value: 1 }) },
  { name: 'text of 20 MB', why: 'an id that is a whole file', make: () => 'x'.repeat(20_000_000) },
  { name: '100,000 blanks and a dot', why: 'a pattern may try each blank as a beginning', make: () => `${' '.repeat(100_000)}.` },
  { name: '100,000 digits', why: 'a pattern for times and numbers may go back and forth', make: () => `-${'1'.repeat(100_000)}.` },
  { name: 'lone surrogates and null bytes', why: 'no address can carry them', make: () => '\ud800\0\udfff\u2028\ud83d' },
  { name: 'path out of the base URL', why: 'secrets would go to another place', make: () => '/../..%2f..\\..//127.0.0.1:1/' },
  { name: 'array of 20,000 rows', why: 'rows are sent one after another', make: () => Array.from({ length: 20_000 }, () => 7) },
]

const whole = (name: string, why: string, make: () => object): MadeMessage => ({ name, why, make })

const MESSAGES: readonly MadeMessage[] = [
  ...PAYLOADS.map(({ name, why, make }) => whole(name, why, () => ({ _msgid: 'hostile', payload: make() }))),
  whole('payload that throws when it is read', 'the message itself is a trap', () => Object.defineProperty({ _msgid: 'hostile' }, 'payload', { get: fail, enumerable: true })),
  whole('frozen message', 'nothing can be added to it', () => Object.freeze({ _msgid: 'hostile', payload: { sensorSlug: 'temp_01', value: 1 } })),
  whole('response and error that throw', 'a node that writes them fails', () => Object.defineProperties({ _msgid: 'hostile', payload: 'x' }, { response: { set: fail, get: fail, enumerable: true }, error: { set: fail, get: fail, enumerable: true } })),
]

export const messageCases = MESSAGES.map(({ name, why }) => ({ name, why }))

export function makeMessage(name: string): object {
  const found = MESSAGES.find((message) => message.name === name)
  if (!found) throw new Error(`there is no message ${name}`)
  return found.make() as object
}
