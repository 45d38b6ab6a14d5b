/** A Redis that is another program, is broken, or belongs to somebody else: flows get an error, readings wait. */
import assert from 'node:assert/strict'
import { pause } from '../until'
import { wrongIn } from './shape'
import { FakeRedis, type RedisReply } from './fake-redis'
import { HostileServer, sayJson } from './hostile-server'
import { account, accountProperty, after as usual, flowOf, observed, TAB, TARGETS } from './targets'
import { Victim } from './victim-process'

interface RedisCase {
  name: string
  why: string
  reply: RedisReply
  /** Whether also the handshake is answered so. */
  rude?: boolean
}

const HUGE = 'x'.repeat(8_000_000)
const nested = '*1\r\n'.repeat(50_000)

const CASES: readonly RedisCase[] = [
  { name: 'null', why: 'an array is expected', reply: () => '$-1\r\n' },
  { name: 'a null array', why: 'an array is expected', reply: () => '*-1\r\n' },
  { name: 'an empty array', why: 'its parts are missing', reply: () => '*0\r\n' },
  { name: 'an array of nulls', why: 'numbers are expected', reply: () => `*8\r\n${'$-1\r\n'.repeat(8)}` },
  { name: 'an array of texts', why: 'numbers are expected', reply: () => `*8\r\n${'$3\r\nNaN\r\n'.repeat(8)}` },
  { name: 'an array of arrays', why: 'numbers are expected', reply: () => `*8\r\n${'*1\r\n*0\r\n'.repeat(8)}` },
  { name: 'numbers beyond all', why: 'waits and counts are made of them', reply: () => `*8\r\n${':9223372036854775807\r\n'.repeat(8)}` },
  { name: 'negative numbers', why: 'waits and counts are made of them', reply: () => `*8\r\n${':-9223372036854775808\r\n'.repeat(8)}` },
  { name: 'a number', why: 'an array is expected', reply: () => ':1\r\n' },
  { name: 'a text', why: 'an array is expected', reply: () => '+OK\r\n' },
  { name: 'a text of JSON with keys of prototypes', why: 'values are JSON', reply: () => '$37\r\n{"__proto__":{"polluted":true},"a":1}\r\n'.replace('$37', '$36') },
  { name: 'an error', why: 'scripts may be forbidden', reply: () => '-ERR unknown command\r\n' },
  { name: 'an error of 8 MB', why: 'it would stand in a sentence', reply: () => `-ERR ${HUGE}\r\n` },
  { name: 'LOADING', why: 'it has just started', reply: () => '-LOADING Redis is loading the dataset in memory\r\n' },
  { name: 'READONLY', why: 'it is a replica', reply: () => '-READONLY You can\'t write against a read only replica.\r\n' },
  { name: 'NOAUTH', why: 'the password has been changed', reply: () => '-NOAUTH Authentication required.\r\n' },
  { name: 'NOSCRIPT for ever', why: 'the script was just sent', reply: () => '-NOSCRIPT No matching script. Please use EVAL.\r\n' },
  { name: 'OOM', why: 'it is full', reply: () => '-OOM command not allowed when used memory > \'maxmemory\'.\r\n' },
  { name: 'MOVED to a stranger', why: 'only a cluster says so', reply: () => '-MOVED 1 203.0.113.1:6379\r\n' },
  { name: 'a text of 8 MB', why: 'it is no count', reply: () => `$${HUGE.length}\r\n${HUGE}\r\n` },
  { name: 'the length of 500 MB', why: 'the rest never comes', reply: () => '$536870912\r\nx' },
  { name: 'the length of 1,000 TB', why: 'no memory holds it', reply: () => '$1125899906842624\r\nx' },
  { name: 'a list of a billion', why: 'the rest never comes', reply: () => '*1000000000\r\n:1\r\n' },
  { name: 'a depth of 50,000', why: 'a function that calls itself for each level ends the stack', reply: () => `${nested}:1\r\n` },
  { name: 'half an answer', why: 'the connection breaks', reply: () => ({ then: 'end', bytes: '*8\r\n:1\r\n' }) },
  { name: 'a reset', why: 'the connection breaks', reply: () => ({ then: 'reset' }) },
  { name: 'an end', why: 'the connection breaks', reply: () => ({ then: 'end' }) },
  { name: 'silence', why: 'the machine behind has died', reply: () => undefined },
  { name: 'HTTP', why: 'it is another server', rude: true, reply: () => 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n' },
  { name: 'bytes of no meaning', why: 'it is another server', rude: true, reply: () => Buffer.from([0, 255, 13, 10, 0, 1, 2]) },
  { name: 'an answer to everything that nobody asked', why: 'answers are told apart by their order alone', reply: () => '+OK\r\n'.repeat(1_000) },
  { name: 'an end at the handshake', why: 'it takes no more clients', rude: true, reply: () => ({ then: 'end' }) },
]

const READ = TARGETS.find(({ vendor }) => vendor === 'thingsee')!
/** Ms in which a read fails; longer than the store waits for Redis. */
const WITHIN = 20_000

describe('a hostile world: a Redis that lies', function () {
  this.timeout(240_000)
  let server: HostileServer
  const fakes: FakeRedis[] = []
  const victim = new Victim()
  before(async () => {
    server = await HostileServer.start()
  })
  after(async () => {
    await victim.end()
    await server.close()
    await Promise.all(fakes.map((fake) => fake.close()))
  })

  /** Some wait for their end, so several are tried at once; each has a Redis and an account of its own. */
  async function attackWith(cases: readonly RedisCase[]): Promise<void> {
    const failures: string[] = []
    await victim.attack(async (process) => {
      failures.length = 0
      const asked: FakeRedis[] = []
      const flow = await Promise.all(cases.map(async ({ reply, rude }, index) => {
        const fake = await FakeRedis.start()
        fakes.push(fake)
        asked[index] = fake
        Object.assign(fake, { reply, polite: !rude })
        const id = `n${index}`
        const places = [READ, TARGETS.find(({ vendor }) => vendor === 'sensocan')!].map((target) => ({ target, url: server.place(usual(target, sayJson(target.ordinary))).url }))
        const [read, send] = places
        return [
          { id: `${id}-store`, type: 'sensor-cloud-store', name: '', kind: 'redis', url: fake.url, credentials: { password: '' } },
          ...flowOf(read!.target, id, read!.url).map((node, place) => (place === 0 ? { ...node, store: `${id}-store` } : node)),
          account(`${id}-device`, 'sensocan', send!.url, { store: `${id}-store` }),
          ...observed({ id: `${id}-send`, type: 'sensor-cloud-send-reading', vendor: 'sensocan', [accountProperty('sensocan')]: `${id}-device`, operation: 'auto', params: {}, outbox: true }),
        ]
      }))
      await process.ask({ name: 'deploy', flow: [TAB, ...flow.flat()] })
      await Promise.all(cases.map(async ({ name }, index) => {
        // It may wait for as long as Redis is away.
        await process.ask({ name: 'inject', node: `n${index}-send`, message: { json: { payload: { sensorSlug: 'temp_01', value: 1 } } } })
        failures.push(...wrongIn(await process.ask({ name: 'run', node: `n${index}`, message: { json: {} } }, WITHIN)).map((what) => `${name}: ${what}`))
      }))
      await pause(200)
      await process.ask({ name: 'deploy', flow: [TAB] }, 30_000)
      failures.push(...cases.flatMap(({ name }, index) => (asked[index]?.asked === 0 ? [`${name}: nobody asked Redis anything`] : [])))
    })
    if (failures.length > 0) assert.fail(failures.join('\n'))
  }

  const SIZE = 8
  for (let from = 0; from < CASES.length; from += SIZE) {
    const some = CASES.slice(from, from + SIZE)
    it(`answers ${some.map(({ name }) => name).join('; ')}`, () => attackWith(some))
  }
})
