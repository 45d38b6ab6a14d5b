/** Whatever a connection does: redirects, odd statuses, bytes that trickle, ends in the middle. */
import assert from 'node:assert/strict'
import { pause } from '../until'
import { attackAll, seasoned, type Attack } from './attack'
import { HostileServer, say, sayBytes, type Reply } from './hostile-server'
import { wrongIn } from './shape'
import { after as usual, flowOf, isTokenRequest, SECRETS, TAB, TARGETS, type Target } from './targets'

interface ConnectionCase extends Attack {
  why: string
  /** Ms of the account, where each attempt ends with its timeout. */
  timeout?: string
}

/** Of four attempts, so that they end soon. */
const SHORT = '500'

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
const whole = ({ ordinary }: Target): string => {
  const text = JSON.stringify(ordinary)
  return `${HEAD}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
}
const UNREACHABLE = ['NETWORK', 'PROTOCOL', 'TIMEOUT']

/** A byte at a time, so that no pause is ever long. */
const trickle = (text: string): Reply => (request, response) => {
  request.resume()
  const { socket } = response
  let at = 0
  const timer = setInterval(() => {
    if (!socket || socket.destroyed || at === text.length) clearInterval(timer)
    else socket.write(text.charAt(at++))
  }, 40)
}

/** None of these is tried again; those that are come together below. */
const CASES: readonly ConnectionCase[] = [
  { name: 'early hints a thousand times', why: 'they come before the answer', reply: (target) => sayBytes('HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n'.repeat(1_000) + whole(target)) },
  { name: '100 and 102 before the answer', why: 'they come before the answer', reply: (target) => sayBytes(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${whole(target)}`) },
  { name: 'an answer twice', why: 'the second belongs to no request', reply: (target) => sayBytes(whole(target) + whole(target)) },
  { name: 'chunks of one byte', why: 'each is an event of its own', reply: () => sayBytes(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${'1\r\n \r\n'.repeat(100_000)}0\r\n\r\n`) },
]

/** Each is tried again, or waits: all at once, since they need no processor. */
const TOGETHER: readonly ConnectionCase[] = [
  { name: '100,000 trailers', why: 'they follow the answer', reply: () => sayBytes(`${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n${'a: b\r\n'.repeat(100_000)}\r\n`) },
  { name: 'switching protocols', why: 'nobody asked for it', codes: UNREACHABLE, reply: () => sayBytes('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', 'stay') },
  { name: 'reset before the answer', why: 'a load balancer restarts', codes: UNREACHABLE, reply: () => sayBytes('', 'reset') },
  { name: 'end before the answer', why: 'a server closes idle connections', codes: UNREACHABLE, reply: () => sayBytes('') },
  { name: 'reset in the status line', why: 'a cut at each stage', codes: UNREACHABLE, reply: () => sayBytes('HTTP/1.1 2', 'reset') },
  { name: 'reset in the headers', why: 'a cut at each stage', codes: UNREACHABLE, reply: () => sayBytes(HEAD, 'reset') },
  { name: 'reset in the body', why: 'a cut at each stage', codes: UNREACHABLE, reply: () => sayBytes(`${HEAD}Content-Length: 100\r\n\r\n[`, 'reset') },
  { name: 'end in the body', why: 'a cut at each stage', codes: UNREACHABLE, reply: () => sayBytes(`${HEAD}Content-Length: 100\r\n\r\n[`) },
  { name: 'end in a chunk', why: 'a cut at each stage', codes: UNREACHABLE, reply: () => sayBytes(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n[`) },
  { name: 'two lengths', why: 'a way to smuggle an answer', codes: UNREACHABLE, reply: () => sayBytes(`${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]`) },
  { name: 'length and chunks', why: 'a way to smuggle an answer', codes: UNREACHABLE, reply: () => sayBytes(`${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n`) },
  { name: 'no HTTP at all', why: 'something else listens there', codes: UNREACHABLE, reply: () => sayBytes('SSH-2.0-OpenSSH_9.2\r\n') },
  { name: 'TLS alert', why: 'something else listens there', codes: UNREACHABLE, reply: () => sayBytes(Buffer.from([21, 3, 3, 0, 2, 2, 70])) },
  { name: '429 with a Retry-After of 10,000 digits and a letter', why: 'a pattern may go back and forth in it', codes: ['RATE_LIMITED'], reply: () => say(429, '{}', { 'retry-after': `${'1'.repeat(10_000)}x` }) },
  { name: '429 with a negative Retry-After', why: 'it is no time to wait', codes: ['RATE_LIMITED'], reply: () => say(429, '{}', { 'retry-after': '-5' }) },
  { name: '503 with a Date before 1970', why: 'times are counted from it', reply: () => say(503, '{}', { date: 'Mon, 01 Jan 0001 00:00:00 GMT', 'retry-after': 'Thu, 01 Jan 1970 00:00:01 GMT' }) },
  { name: 'headers of 200 kB', why: 'Node.js takes 16 kB', codes: UNREACHABLE, reply: () => say(200, '{}', { 'x-long': 'x'.repeat(200_000) }) },
  { name: 'gzip that is none', why: 'a proxy has unpacked it', codes: UNREACHABLE, reply: (target) => say(200, JSON.stringify(target.ordinary), { 'content-encoding': 'gzip' }) },
  { name: 'silence', why: 'the machine behind has died', codes: ['TIMEOUT'], timeout: SHORT, reply: () => (request) => void request.resume() },
  { name: 'bytes of a head that trickle', why: 'no pause is long', codes: ['TIMEOUT'], timeout: SHORT, reply: (target) => trickle(HEAD + 'X-Long: '.padEnd(5_000, 'x') + whole(target)) },
  { name: 'bytes of a body that trickle', why: 'no pause is long', codes: ['TIMEOUT'], timeout: SHORT, reply: () => trickle(`${HEAD}Content-Length: 5000\r\n\r\n${'['.repeat(5_000)}`) },
]

/** What a redirect could be followed to. */
const REDIRECTS = [300, 301, 302, 303, 305, 307, 308]

describe('a hostile world: connections', function () {
  this.timeout(240_000)
  let server: HostileServer
  let thief: HostileServer
  const victim = seasoned(() => server)
  before(async () => {
    server = await HostileServer.start()
    thief = await HostileServer.start()
  })
  after(async () => {
    await victim.end()
    await server.close()
    await thief.close()
  })

  /** All of them at once, each with an account of its own. */
  async function allAtOnce(cases: readonly { name: string; target: Target; reply: Reply; codes?: readonly string[]; timeout?: string }[]): Promise<void> {
    const failures: string[] = []
    await victim.attack(async (process) => {
      failures.length = 0
      const flow = cases.flatMap(({ target, reply, timeout }, index) => flowOf(target, `n${index}`, server.place(usual(target, reply)).url, timeout ? { timeout } : {}))
      await process.ask({ name: 'deploy', flow: [TAB, ...flow] })
      // To make hundreds of nodes takes Node-RED its time.
      await process.ask({ name: 'watch' })
      await Promise.all(cases.map(async ({ name, target, codes }, index) => {
        // A hundred starts in one turn would be the block that is looked for.
        await pause(index * 10)
        const secrets = Object.values(SECRETS[target.vendor])
        const outcome = await process.ask({ name: 'run', node: `n${index}`, message: { json: target.message }, secrets }, 60_000)
        failures.push(...wrongIn(outcome, codes).map((what) => `${name}, ${target.name}: ${what}`))
      }))
    })
    if (failures.length > 0) assert.fail(failures.join('\n'))
  }

  for (const attack of CASES) it(attack.name, () => attackAll(victim, server, [attack]))

  it(TOGETHER.map(({ name }) => name).join(', '), () =>
    allAtOnce(TOGETHER.flatMap(({ reply, ...attack }) => TARGETS.map((target) => ({ ...attack, target, reply: reply(target) })))))

  it('an answer before the end of the request', async () => {
    // The rest of the request is never read.
    const early: Reply = (_request, response) => void response.writeHead(413, { connection: 'close' }).end('{"message":"too large"}', () => response.socket?.destroySoon())
    const readings = Array.from({ length: 20_000 }, (_, index) => ({ sensorSlug: 'temp_01', value: index, timestamp: 1_700_000_000_000 + index }))
    const target = { ...TARGETS.find(({ vendor }) => vendor === 'sensocan')!, message: { payload: readings } }
    await attackAll(victim, server, [{ name: 'early', codes: ['INVALID', 'NETWORK', 'PROTOCOL'], reply: () => early }], { targets: [target] })
  })

  for (const first of [200, 300, 400, 500])
    it(`statuses ${first} to ${first + 99}`, () =>
      allAtOnce(Array.from({ length: 100 }, (_, index) => {
        const status = first + index
        const target = TARGETS[index % TARGETS.length]!
        return { name: String(status), target, reply: say(status, status < 300 ? JSON.stringify(target.ordinary) : '{"message":"so it is"}') }
      })))

  it('redirects are answers: nothing is sent to where they point', async () => {
    const stolen = thief.place(say(200, '[]'))
    await allAtOnce(REDIRECTS.flatMap((status) => TARGETS.map((target) => ({
      name: String(status), target, codes: ['PROTOCOL'], reply: say(status, '', { location: stolen.url, refresh: `0; url=${stolen.url}`, 'content-location': stolen.url, 'alt-svc': `h2="${stolen.url}"` }),
    }))))
    assert.deepEqual(stolen.seen, [])
  })

  it('a redirect of the token request takes no secret along', async () => {
    const stolen = thief.place(say(200, '{}'))
    const failures: string[] = []
    for (const target of TARGETS.filter(({ vendor }) => vendor === 'thingsee' || vendor === 'senquip-v1'))
      await victim.attack(async (process) => {
        const { url } = server.place((request, response, path) => (isTokenRequest(path) ? say(307, '', { location: stolen.url }) : say(500, ''))(request, response, path))
        await process.ask({ name: 'deploy', flow: [TAB, ...flowOf(target, 'n', url)] })
        failures.push(...wrongIn(await process.ask({ name: 'run', node: 'n', message: { json: target.message } }), ['PROTOCOL']))
      })
    assert.deepEqual([failures, stolen.seen], [[], []])
  })

  it('a server that repeats the credentials does not get them into a message or the log', () =>
    attackAll(victim, server, [{ name: 'echo', codes: ['INVALID'], reply: () => (request, response) => {
      const { authorization = '', 'x-api-key': key = '' } = request.headers
      const decoded = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString()
      const said = [authorization, String(key), decoded, ...Object.values(SECRETS).flatMap((secrets) => Object.values(secrets))].join(' ')
      request.resume()
      response.writeHead(400).end(JSON.stringify({ message: said, error: said, [said]: [said], errors: { [said]: said } }))
    } }]))
})

describe('a hostile world: answers to a token request', function () {
  this.timeout(240_000)
  let server: HostileServer
  const victim = seasoned(() => server)
  before(async () => {
    server = await HostileServer.start()
  })
  after(async () => {
    await victim.end()
    await server.close()
  })

  /** By vendor, what stands in the place of the token. */
  const answerWith = (text: string): string => `{"data":{"token":${text}},"access_token":${text},"expires_in":1e999}`
  const TOKENS: readonly (readonly [name: string, answer: () => string])[] = [
    ['a token of 25 MB', () => answerWith(`"${'t'.repeat(25_000_000)}"`)],
    ['a token of line breaks', () => answerWith('"x\\r\\nHost: other\\r\\n\\r\\n"')],
    ['a token of characters that no header takes', () => answerWith('"\\u0000\\ud800\\u2028ü"')],
    ['a token that is no text', () => answerWith('{"toString":1}')],
    ['an empty token', () => answerWith('""')],
    ['a token with keys of prototypes', () => '{"__proto__":{"data":{"token":"x"},"access_token":"x"}}'],
    ['a token answer of depth 100,000', () => '{"data":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    ['a token answer of HTML', () => '<html></html>'],
    ['a token answer without anything', () => ''],
  ]
  const targets = TARGETS.filter(({ vendor }) => vendor === 'thingsee' || vendor === 'senquip-v1')

  for (const [name, answer] of TOKENS)
    it(name, async () => {
      const failures: string[] = []
      for (const target of targets)
        await victim.attack(async (process) => {
          const text = answer()
          const { url } = server.place((request, response, path) => say(200, isTokenRequest(path) ? text : JSON.stringify(target.ordinary))(request, response, path))
          await process.ask({ name: 'deploy', flow: [TAB, ...flowOf(target, 'n', url)] })
          failures.push(...wrongIn(await process.ask({ name: 'run', node: 'n', message: { json: target.message } })).map((what) => `${target.name}: ${what}`))
        }).catch((error: unknown) => void failures.push(`${target.name}: ${String(error)}`))
      if (failures.length > 0) assert.fail(failures.join('\n'))
    })
})
