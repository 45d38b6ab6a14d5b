import assert from 'node:assert/strict'
import { until } from '../../until'
import { failsWith, RedisRig } from './redis-rig'
import { RedisServer } from './redis-server'

describe('credentials and addresses of a Redis store', () => {
  const SECRET = 'correct-horse'
  const rig = new RedisRig('--requirepass', SECRET)

  it('the right password opens it, and stands nowhere', async () => {
    const store = await rig.open({ password: SECRET })
    await store.set('key', 'value')
    assert.equal(await store.get('key'), 'value')
    assert.equal(store.place, rig.server.url)
  })

  it('a wrong or missing password is said at once', async () => {
    for (const [password, sentence] of [['wrong-horse', /rejected the password; check it/], [undefined, /requires a password; enter it/]] as const)
      await assert.rejects(rig.open({ password }), (error: unknown) => {
        failsWith('UNUSABLE', sentence)(error)
        assert.doesNotMatch(String(error), /horse/)
        return true
      })
    assert.deepEqual(rig.reports.filter((message) => message.includes('horse')), [])
  })

  it('a user may be named, with a database', async () => {
    const store = await rig.open({ url: `redis://default@127.0.0.1:${rig.server.port}/2`, password: SECRET })
    await store.set('only in 2', 'x')
    assert.equal(await (await rig.open({ password: SECRET })).get('only in 2'), undefined)
    assert.equal(store.place, `redis://127.0.0.1:${rig.server.port}/2`)
  })

  it('a database that the server does not have is refused, not replaced with database 0', async () => {
    const store = await rig.open({ password: SECRET })
    await store.set('of 0', 'x')
    await assert.rejects(rig.open({ url: `${rig.server.url}/99`, password: SECRET }), failsWith('UNUSABLE', /\/99 has no database 99; correct the number at the end of the URL \(most servers have 0 to 15\)$/))
  })

  it('a database that the server no longer has after a restart is not used either', async () => {
    const few = await RedisServer.start('--databases', '20')
    const store = await rig.open({ url: `${few.url}/19` })
    await store.set('key', 'of 19')
    await few.kill()
    await few.restart('--databases', '16')
    await until(() => rig.reports.some((said) => said.includes('has no database 19')), 'it is reported')
    await assert.rejects(store.get('key'), failsWith('UNAVAILABLE', /has no database 19/))
    await assert.rejects(store.set('key', 'of 0'), failsWith('UNAVAILABLE'))
    assert.equal(await (await rig.open({ url: few.url })).get('key'), undefined)
    await few.stop()
  })

  it('a URL that cannot be used is refused with what is wrong', async () => {
    for (const [url, sentence] of [
      ['', /is missing/],
      ['http://localhost:6379', /must begin with redis:\/\//],
      [`redis://:${SECRET}@localhost`, /must not contain a password/],
      [`redis://user:${SECRET}@localhost`, /must not contain a password/],
      ['redis://localhost:99999', /must have the form/],
      ['redis://local host', /must have the form/],
    ] as const)
      await assert.rejects(rig.open({ url }), (error: unknown) => {
        failsWith('UNUSABLE', sentence)(error)
        assert.doesNotMatch(String(error), /horse/)
        return true
      })
  })
})
