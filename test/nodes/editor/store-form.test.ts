import { strict as assert } from 'node:assert'
import { catalogOf, textAt } from '../../../scripts/build/catalog'
import type { Translate } from '../../../src/nodes/editor/platform/red'
import { urlSentence } from '../../../src/nodes/stores/form/store-rules'
import { knownVendors, STORE_TYPE } from '../../../src/nodes/runtime/node-types'

describe('the URL of a store', () => {
  const catalog = catalogOf({ kind: 'store', type: STORE_TYPE }, knownVendors)
  const words: Translate = (key, values = {}) => textAt(catalog, key)?.replace(/__(\w+?)__/g, (_place, name: string) => String(values[name])) ?? key
  const problem = (url: unknown, kind = 'redis'): string | undefined => urlSentence(kind, url, words)

  it('is asked for with Redis only', () => {
    assert.equal(problem('', 'embedded'), undefined)
    assert.match(problem('') ?? '', /^URL is missing; enter one/)
    assert.match(problem(undefined) ?? '', /^URL is missing/)
  })

  it('is one of Redis, without a password', () => {
    for (const url of ['redis://localhost', 'rediss://cache.example.com:6380/2', 'redis://user@10.0.0.1:6379', 'redis://[::1]:6379', '${REDIS_URL}'])
      assert.equal(problem(url), undefined, url)
    assert.match(problem('https://localhost') ?? '', /^URL must begin with redis:/)
    assert.match(problem('redis://:p@ss@localhost') ?? '', /^URL must not contain a password/)
    for (const url of ['redis://', 'redis://host:0', 'redis://host:65536', 'redis://host/a', 'redis://a b']) assert.match(problem(url) ?? '', /must have the form/, url)
  })
})
