import assert from 'node:assert/strict'
import { join } from 'node:path'
import { killAgainAndAgain } from './kill'

const STORE = { module: join(__dirname, '..', '..', 'src', 'lib', 'store', 'embedded', 'embedded-store'), name: 'openEmbedded' }

describe('outbox of a process that is killed', function () {
  this.timeout(240_000)

  it('loses no reading that it has accepted, and sends twice only what was not answered', async () => {
    const { accepted, complaints, doubled, lost, ordered, repeated, requests } = await killAgainAndAgain({ kills: 25, seed: 7, store: STORE })
    assert.ok(accepted.length > 500, `only ${accepted.length} readings were accepted`)
    assert.ok(requests > 10, `only ${requests} requests`)
    assert.deepEqual(lost, [], 'accepted, but never sent')
    assert.deepEqual(doubled, [], 'sent again after an answer')
    assert.ok(repeated > 0, 'the test has interrupted no request')
    assert.ok(ordered, 'the order stays')
    assert.equal(complaints, '')
  })
})
