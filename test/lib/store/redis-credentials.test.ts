import assert from 'node:assert/strict'
import { failsWith, RedisRig } from './redis-rig'

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
    for (const [password, sentence] of [['wrong-horse', /does not accept the password; check it/], [undefined, /asks for a password; enter it/]] as const)
      await assert.rejects(rig.open({ password }), (error: unknown) => {
        failsWith('UNUSABLE', sentence)(error)
        assert.doesNotMatch(String(error), /horse/)
        return true
      })
    assert.deepEqual(rig.told.filter((message) => message.includes('horse')), [])
  })

  it('a user may be named, with a database', async () => {
    const store = await rig.open({ url: `redis://default@127.0.0.1:${rig.server.port}/2`, password: SECRET })
    await store.set('only in 2', 'x')
    assert.equal(await (await rig.open({ password: SECRET })).get('only in 2'), undefined)
    assert.equal(store.place, `redis://127.0.0.1:${rig.server.port}/2`)
  })

  it('a URL that cannot be used is refused with what is wrong', async () => {
    for (const [url, sentence] of [
      ['', /is missing/],
      ['http://localhost:6379', /must begin with redis:\/\//],
      [`redis://:${SECRET}@localhost`, /must not hold a password/],
      [`redis://user:${SECRET}@localhost`, /must not hold a password/],
      ['redis://localhost:99999', /is not of the form/],
      ['redis://local host', /is not of the form/],
    ] as const)
      await assert.rejects(rig.open({ url }), (error: unknown) => {
        failsWith('UNUSABLE', sentence)(error)
        assert.doesNotMatch(String(error), /horse/)
        return true
      })
  })
})
